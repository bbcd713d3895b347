import { takesText } from "./dom";

/** All rows or cards in their order, and where an arrow leads from one of them. */
export interface Plan {
  all(): HTMLElement[];
  next(from: HTMLElement, arrow: string): HTMLElement | undefined;
}

const letters: Record<string, string> = { j: "ArrowDown", k: "ArrowUp" };

/**
 * Issues by keyboard, as rows of a list or cards of a board: J, K and the arrows move, X chooses, with Shift they choose what
 * lies between, Escape chooses none, Enter opens. Where one is and what is chosen survive a morph: the server knows neither.
 */
export class Rows {
  readonly #host: HTMLElement;
  readonly #plan: Plan;
  #here = "";
  #place = 0;
  #from = "";
  #chosen = new Set<string>();

  constructor(host: HTMLElement, plan: Plan) {
    this.#host = host;
    this.#plan = plan;
  }

  listen(signal: AbortSignal): void {
    document.addEventListener("keydown", this.#press, { signal });
    document.addEventListener("turbo:morph", this.#restore, { signal });
    this.#host.addEventListener("change", this.#remember, { signal });
    this.#host.addEventListener("focusin", this.#follow, { signal });
    this.#host.addEventListener("submit", this.#chooseCurrent, { signal, capture: true });
  }

  get #current(): HTMLElement | undefined {
    return this.#plan.all().find((row) => row.id === this.#here);
  }

  #press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
    if (document.querySelector("dialog:modal") || (event.key.length === 1 && document.querySelector("keyboard-map[data-off]"))) return;
    if (this.#act(event)) event.preventDefault();
  };

  #act({ key, shiftKey, target }: KeyboardEvent): boolean {
    const arrow = letters[key.toLowerCase()] ?? key;
    if (key === "x") return this.#choose(this.#current);
    if (key === "X") return this.#reach();
    if (key === "Escape") return this.#clear();
    if (key === "Enter") return !(target as Element).closest?.("a, button, summary") && this.#open();
    if (!arrow.startsWith("Arrow")) return false;
    const isHere = target === document.body || (this.#current?.contains(target as Node) && !(target as Element).closest(".grip"));
    if (arrow === key && !(this.#current && isHere)) return false;
    return shiftKey ? this.#extend(arrow) : this.#move(arrow);
  }

  #move(arrow: string): boolean {
    const all = this.#plan.all();
    const next = this.#current ? this.#plan.next(this.#current, arrow) : (all[this.#place] ?? all.at(-1));
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  /** Whatever within a row has the focus, that row is the current one. */
  #follow = (event: Event): void => {
    const row = this.#plan.all().find((one) => one.contains(event.target as Node));
    if (!row) return;
    this.#here = row.id;
    this.#place = this.#plan.all().indexOf(row);
    this.#mark();
  };

  #mark(): void {
    for (const row of this.#plan.all()) {
      if (row.id === this.#here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #choose(row: HTMLElement | undefined, on?: boolean): boolean {
    const box = row && boxOf(row);
    if (!box) return false;
    box.checked = on ?? !box.checked;
    this.#from = row.id;
    this.#remember();
    return true;
  }

  #extend(arrow: string): boolean {
    this.#choose(this.#current, true);
    this.#move(arrow);
    return this.#choose(this.#current, true);
  }

  /** All from the one that was chosen last to this one. */
  #reach(): boolean {
    const all = this.#plan.all();
    const here = all.findIndex(({ id }) => id === this.#here);
    const from = all.findIndex(({ id }) => id === this.#from);
    const [first, last] = [Math.min(here, from < 0 ? here : from), Math.max(here, from)];
    for (const row of here < 0 ? [] : all.slice(first, last + 1)) this.#choose(row, true);
    return here >= 0;
  }

  #clear(): boolean {
    if (this.#chosen.size === 0) return false;
    for (const row of this.#plan.all()) this.#choose(row, false);
    return true;
  }

  #open(): boolean {
    const link = this.#current?.querySelector<HTMLElement>("a");
    link?.click();
    return Boolean(link);
  }

  #remember = (): void => {
    const boxes = this.#plan.all().map(boxOf);
    this.#chosen = new Set(boxes.flatMap((box) => (box?.checked ? [box.value] : [])));
  };

  #chooseCurrent = (): void => {
    if (this.#chosen.size === 0) this.#choose(this.#current);
  };

  #restore = (): void => {
    this.#mark();
    for (const box of this.#plan.all().map(boxOf)) if (box) box.checked = this.#chosen.has(box.value);
  };
}

function boxOf(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>("input[name=issues]");
}
