import { fuzzy } from "./fuzzy";

export interface Entry {
  title: string;
  subtitle?: string;
  href: string;
  kind: "page" | "action" | "team" | "person" | "record" | "filter";
  keys?: string;
  /** What the box holds once this is chosen, in place of going somewhere. */
  fill?: string;
  method?: "post";
}

export interface Found {
  entry: Entry;
  group: Entry["kind"] | "recent";
  marks: number[];
  score: number;
}

interface Answer {
  entries: Entry[];
  people?: number;
}

interface Piece {
  text: string;
  hit: boolean;
}

interface Proposal {
  q: string;
  text: string;
  detail: string;
}

interface Hit {
  heading: string;
  title: Piece[];
  extract: Piece[];
  href: string;
}

const manyPeople = 2000;
const perGroup = 7;
const recentLimit = 4;

// Kept for the life of the page only; nothing about people goes into the browser's storage.
let entries: Entry[] = [];
let people = 0;
const recent: string[] = [];

/** Fetches the entries; what was there before stays if the server does not answer. */
export async function loadEntries(src: string): Promise<void> {
  const answer = await fetchJson<Answer>(src);
  if (!answer) return;
  entries = answer.entries;
  people = answer.people ?? 0;
}

/** Asks the server what else fits the query, and calls back for each answer that brings something new. */
export function askServer(src: string, query: string, show: () => void): void {
  void searchPeople(src, query).then((fresh) => fresh && show());
  void searchRecords(query).then((fresh) => fresh && show());
}

/** Where the list holds not everybody. */
async function searchPeople(src: string, query: string): Promise<boolean> {
  if (people <= manyPeople || query.trim() === "") return false;
  const answer = await fetchJson<Answer>(`${src}?q=${encodeURIComponent(query)}`);
  const known = new Set(entries.map(({ href }) => href));
  const fresh = answer?.entries.filter(({ href }) => !known.has(href)) ?? [];
  entries = entries.concat(fresh);
  return fresh.length > 0;
}

let records: Found[] = [];
let recordsOf = "";
let wrong = "";

/** What is wrong with the question that was asked last, as a sentence. */
export const hint = (): string => wrong;

/** Records of all kinds; an answer that comes after the next question is dropped. */
async function searchRecords(query: string): Promise<boolean> {
  recordsOf = query;
  wrong = "";
  if (query.trim() === "") return false;
  const answer = await fetchJson<{ records: Hit[]; proposals?: Proposal[]; hint?: string }>(`/search.json?q=${encodeURIComponent(query)}`);
  if (!answer || recordsOf !== query) return false;
  records = [...(answer.proposals ?? []).map(foundFilter), ...answer.records.map(foundRecord)];
  wrong = answer.hint ?? "";
  return true;
}

function foundFilter({ q, text, detail }: Proposal): Found {
  const entry: Entry = { title: text, subtitle: detail, href: `/search?q=${encodeURIComponent(q)}`, kind: "filter", fill: q };
  return { entry, group: "filter", marks: [], score: 0 };
}

function foundRecord({ heading, title, extract, href }: Hit): Found {
  const text = (pieces: Piece[]) => pieces.map((piece) => piece.text).join("");
  const marks = title.flatMap((piece) => Array<boolean>(piece.text.length).fill(piece.hit)).flatMap((hit, at) => (hit ? [at] : []));
  const entry: Entry = { title: text(title), subtitle: [heading, text(extract)].filter(Boolean).join(" · "), href, kind: "record" };
  return { entry, group: "record", marks, score: 0 };
}

export function remember(entry: Entry): void {
  const at = recent.indexOf(entry.href);
  if (at >= 0) recent.splice(at, 1);
  recent.unshift(entry.href);
}

/** The entries that fit, in groups, the group with the best entry first; without a query the recent ones lead. */
export function search(query: string): Found[] {
  const found = query.trim() === "" ? withRecent() : entries.map((entry) => scored(entry, query)).filter((match) => match !== null);
  found.sort((a, b) => b.score - a.score);
  const groups = groupBy(found);
  const shown = [...groups.values()].flatMap((group) => group.slice(0, perGroup));
  const known = new Set(shown.map(({ entry }) => entry.href));
  const more = query.trim() === "" ? [] : records.filter(({ entry }) => !known.has(entry.href));
  return shown.concat(more);
}

function withRecent(): Found[] {
  const latest = recent.slice(0, recentLimit);
  return entries.map((entry, index) => {
    const rank = latest.indexOf(entry.href);
    return { entry, group: rank < 0 ? entry.kind : "recent", marks: [], score: rank < 0 ? -index : recentLimit - rank };
  });
}

function scored(entry: Entry, query: string): Found | null {
  const title = fuzzy(query, entry.title);
  const whole = title ? null : fuzzy(query, `${entry.title} ${entry.subtitle ?? ""}`);
  const score = title ? title.score + (recent.includes(entry.href) ? 2 : 0) : (whole?.score ?? 0) / 2;
  const letters = query.replace(/\s/g, "").length;
  // Letters strewn over a long text are no match that a person would recognise.
  return score / letters < 0.9 ? null : { entry, group: entry.kind, marks: title?.marks ?? [], score };
}

function groupBy(found: Found[]): Map<Found["group"], Found[]> {
  const groups = new Map<Found["group"], Found[]>();
  for (const match of found) groups.set(match.group, [...(groups.get(match.group) ?? []), match]);
  return groups;
}

async function fetchJson<T>(url: string): Promise<T | null> {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" } });
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}
