import { fuzzy } from "./fuzzy";

export interface Entry {
  title: string;
  subtitle?: string;
  href: string;
  kind: "page" | "action" | "team" | "person";
  keys?: string;
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

const manyPeople = 2000;
const perGroup = 7;
const recentLimit = 4;

// Kept for the life of the page only; nothing about people goes into the browser's storage.
let entries: Entry[] = [];
let people = 0;
const recent: string[] = [];

/** Fetches the entries; what was there before stays if the server does not answer. */
export async function loadEntries(src: string): Promise<void> {
  const answer = await fetchEntries(src);
  if (!answer) return;
  entries = answer.entries;
  people = answer.people ?? 0;
}

/** Asks the server about the query where the list holds not everybody; resolves to whether something new came. */
export async function searchServer(src: string, query: string): Promise<boolean> {
  if (people <= manyPeople || query.trim() === "") return false;
  const answer = await fetchEntries(`${src}?q=${encodeURIComponent(query)}`);
  const known = new Set(entries.map(({ href }) => href));
  const fresh = answer?.entries.filter(({ href }) => !known.has(href)) ?? [];
  entries = entries.concat(fresh);
  return fresh.length > 0;
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
  return [...groups.values()].flatMap((group) => group.slice(0, perGroup));
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

async function fetchEntries(url: string): Promise<Answer | null> {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" } });
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}
