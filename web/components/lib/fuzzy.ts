export interface Match {
  score: number;
  /** Positions in the text that the query hit, ascending. */
  marks: number[];
}

const letters: Record<string, string> = { ß: "s", æ: "a", œ: "o", ø: "o", ł: "l", đ: "d", ð: "d", þ: "t", ı: "i" };

/** Lower case without diacritics; each UTF-16 unit stays one unit, so that positions still fit the original. */
export function fold(text: string): string {
  return Array.from({ length: text.length }, (_, index) => foldUnit(text.charAt(index))).join("");
}

function foldUnit(unit: string): string {
  const lower = unit.toLowerCase().charAt(0);
  return letters[lower] ?? lower.normalize("NFD").charAt(0);
}

/**
 * Scores how well the words of a query fit a text, or `null` if one of them is no subsequence of it.
 * Every letter counts 1, at the start of a word 4 more, right after the letter before 4 more; a gap costs up to 1.5.
 */
export function fuzzy(query: string, text: string): Match | null {
  const folded = fold(text);
  const words = fold(query).split(/\s+/).filter(Boolean);
  const marks = new Set<number>();
  let score = -text.length / 100;
  for (const word of words) {
    const match = matchWord(word, folded);
    if (!match) return null;
    score += match.score;
    match.marks.forEach((mark) => marks.add(mark));
  }
  return { score, marks: [...marks].sort((a, b) => a - b) };
}

interface Step {
  score: number;
  from: number;
}

/** The best subsequence by dynamic programming: row i holds, for each position, the best score with letter i there. */
function matchWord(word: string, text: string): Match | null {
  const rows: (Step | undefined)[][] = [];
  for (let letter = 0; letter < word.length; letter += 1) {
    const before = rows[letter - 1];
    rows.push(Array.from({ length: text.length }, (_, at) => (text[at] === word[letter] ? step(before, text, at) : undefined)));
  }
  return trace(rows);
}

function step(before: (Step | undefined)[] | undefined, text: string, at: number): Step | undefined {
  const own = 1 + (startsWord(text, at) ? 4 : 0);
  if (!before) return { score: own + (at === 0 ? 1 : 0), from: -1 };
  let best: Step | undefined;
  for (let from = 0; from < at; from += 1) {
    const previous = before[from];
    if (!previous) continue;
    const gap = at - from - 1;
    const score = previous.score + own + (gap === 0 ? 4 : -Math.min(0.5 + gap / 5, 1.5));
    if (!best || score > best.score) best = { score, from };
  }
  return best;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}

function trace(rows: (Step | undefined)[][]): Match | null {
  const last = rows.at(-1) ?? [];
  let end = -1;
  last.forEach((candidate, at) => {
    if (candidate && candidate.score > (last[end]?.score ?? -Infinity)) end = at;
  });
  if (end < 0) return null;
  const score = last[end]?.score ?? 0;
  const marks: number[] = [];
  for (let row = rows.length - 1, at = end; row >= 0; row -= 1) {
    marks.unshift(at);
    at = rows[row]?.[at]?.from ?? -1;
  }
  return { score, marks };
}
