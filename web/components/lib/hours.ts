/** Minutes after midnight in local wall time, `to` up to 1,440. */
export interface Interval {
  from: number;
  to: number;
}

/** Seven lists of intervals, Monday first. */
export type Week = Interval[][];

export type Reading = { week: Week } | { error: string };

export const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** Reads text such as "Mon-Thu 09:00-12:00 13:00-17:30; Fri 09:00-13:00"; the error is one sentence for the reader. */
export function parseHours(text: string): Reading {
  const tokens = text.replace(/\s*[-–—]\s*/g, "-").split(/[\s,;]+/).filter(Boolean);
  const week: Week = dayNames.map(() => []);
  let days: number[] = [];
  let closed = false;
  for (const token of tokens) {
    const named = parseDays(token);
    if (named) {
      days = closed ? named : [...days, ...named];
      closed = false;
      continue;
    }
    const interval = parseInterval(token);
    if ("error" in interval) return interval;
    if (days.length === 0) return { error: `Name a day before ${token}.` };
    for (const day of days) week[day]?.push(interval);
    closed = true;
  }
  if (!closed && days.length > 0) return { error: `Give the hours of ${dayNames[days[0] ?? 0]}, such as 09:00-17:00.` };
  return checked(week);
}

function checked(week: Week): Reading {
  for (const [day, intervals] of week.entries()) {
    intervals.sort((a, b) => a.from - b.from);
    const overlaps = intervals.some((interval, index) => interval.from < (intervals[index - 1]?.to ?? 0));
    if (overlaps) return { error: `The hours of ${dayNames[day]} overlap.` };
  }
  return { week };
}

function parseDays(token: string): number[] | null {
  const [first, last] = token.split("-").map(dayOf);
  if (first === undefined || first < 0) return null;
  if (last === undefined) return [first];
  if (last < 0) return null;
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, offset) => (first + offset) % 7);
}

function dayOf(name: string): number {
  const lower = name.toLowerCase();
  return lower.length < 2 ? -1 : dayNames.findIndex((day) => day.toLowerCase().startsWith(lower));
}

function parseInterval(token: string): Interval | { error: string } {
  const [from, to, more] = token.split("-").map(parseTime);
  if (from === undefined || to === undefined || more !== undefined || from === null || to === null) {
    return { error: `“${token}” is neither a day nor hours such as 09:00-17:00.` };
  }
  if (to <= from) return { error: `${token} ends before it begins. End the day at 24:00 and go on the next day at 00:00.` };
  return { from, to };
}

/** Reads "9", "9:30" or "09.30" as minutes after midnight. */
export function parseTime(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return Number(match[2] ?? 0) < 60 && minutes <= 1440 ? minutes : null;
}

export function formatTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Writes a week in the shortest text that `parseHours` reads back as the same week; neighbours with equal hours share a range. */
export function formatHours(week: Week): string {
  const texts = week.map((intervals) => intervals.map(({ from, to }) => `${formatTime(from)}-${formatTime(to)}`).join(" "));
  const parts: string[] = [];
  for (let day = 0; day < 7; day += 1) {
    const text = texts[day] ?? "";
    if (text === "") continue;
    const first = day;
    while (texts[day + 1] === text) day += 1;
    parts.push(`${range(first, day)} ${text}`);
  }
  return parts.join("; ");
}

function range(first: number, last: number): string {
  const short = (day: number) => dayNames[day]?.slice(0, 3) ?? "";
  return first === last ? short(first) : `${short(first)}-${short(last)}`;
}
