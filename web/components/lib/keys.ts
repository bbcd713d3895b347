/** The parts of a key press that matter; a `KeyboardEvent` is one. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Reads "g p" as two strokes and "mod+enter" as one; `mod` is Control or Command. */
export function parseSequence(text: string): string[] {
  return text.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

/** The stroke of a press as `parseSequence` spells it, or `null` for a modifier alone and for Alt, which types letters. */
export function strokeOf(press: Press): string | null {
  if (["Shift", "Control", "Alt", "Meta", "Dead", "Unidentified", undefined].includes(press.key) || press.altKey) return null;
  const key = press.key === " " ? "space" : press.key.toLowerCase();
  return press.ctrlKey || press.metaKey ? `mod+${key}` : key;
}

const patience = 1200;

/** Collects strokes and tells which of the known sequences they complete. */
export class SequenceReader {
  #strokes: string[] = [];
  #last = 0;

  /**
   * Takes one stroke at a time in milliseconds. Returns the completed sequence, "waiting" when more strokes may follow,
   * or `null` when nothing begins like this. Strokes older than 1.2 seconds are forgotten.
   */
  read(stroke: string, now: number, sequences: string[][]): string[] | "waiting" | null {
    if (now - this.#last > patience) this.#strokes = [];
    this.#last = now;
    const continued = this.#match([...this.#strokes, stroke], sequences);
    return continued ?? this.#match([stroke], sequences);
  }

  reset(): void {
    this.#strokes = [];
  }

  #match(strokes: string[], sequences: string[][]): string[] | "waiting" | null {
    const fitting = sequences.filter((sequence) => strokes.every((stroke, index) => sequence[index] === stroke));
    const complete = fitting.find((sequence) => sequence.length === strokes.length);
    this.#strokes = complete || fitting.length === 0 ? [] : strokes;
    return complete ?? (fitting.length > 0 ? "waiting" : null);
  }
}

const names: Record<string, string> = { enter: "↵", escape: "Esc", arrowup: "↑", arrowdown: "↓", arrowleft: "←", arrowright: "→" };

/** How a stroke is printed on a key cap: "mod+k" is ⌘K or Ctrl K. */
export function capOf(stroke: string, apple: boolean): string {
  const key = stroke.replace(/^mod\+/, "");
  const cap = names[key] ?? (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));
  if (!stroke.startsWith("mod+")) return cap;
  return apple ? `⌘${cap}` : `Ctrl ${cap}`;
}

export function isApple(): boolean {
  return /^(Mac|iP)/.test(navigator.platform);
}
