import { takesText } from "./lib/dom";

/**
 * The lines of an inbox or of a triage by keyboard: J and K move, X chooses, Enter opens, and what is pressed without a choice is done
 * with the current line. Enter in a field presses the button beside it, Escape leaves it. The other keys belong to the buttons themselves.
 */
export class TriageList extends HTMLElement {
  #cleanUp = new AbortController();
  #here = "";
  #chosen: string[] = [];

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    document.addEventListener("keydown", this.#press, { signal });
    document.addEventListener("turbo:before-render", this.#remember, { signal });
    document.addEventListener("turbo:morph", this.#restore, { signal });
    this.addEventListener("keydown", this.#pressBeside, { signal });
    this.addEventListener("submit", this.#chooseCurrent, { signal, capture: true });
    this.addEventListener("click", this.#follow, { signal });
    if (!this.#current && this.#lines.length > 0) this.#lines[0]?.setAttribute("aria-current", "true");
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  get #lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".triage > li")];
  }

  get #boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>(".triage input[type=checkbox]")];
  }

  get #current(): HTMLElement | undefined {
    return this.#lines.find((line) => line.hasAttribute("aria-current"));
  }

  #press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
    if (document.querySelector("dialog:modal")) return;
    const act = { j: () => this.#move(1), k: () => this.#move(-1), x: () => this.#choose(), Enter: () => this.#open(event) }[event.key];
    if (!act || event.shiftKey) return;
    if (act() !== false) event.preventDefault();
  };

  #move(by: number): void {
    const lines = this.#lines;
    const next = lines[lines.indexOf(this.#current as HTMLElement) + by];
    if (!next) return;
    this.#mark(next);
    next.scrollIntoView({ block: "nearest" });
    if (document.querySelector("#panel #ask")) next.querySelector<HTMLElement>(".what a")?.click();
  }

  #mark(line: HTMLElement): void {
    for (const other of this.#lines) other.removeAttribute("aria-current");
    line.setAttribute("aria-current", "true");
  }

  #choose(): void {
    const box = this.#current?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  }

  #open(event: KeyboardEvent): boolean {
    const focused = event.target instanceof Element && event.target.closest("a, button, summary, input");
    if (focused) return false;
    this.#current?.querySelector<HTMLElement>(".what a")?.click();
    return true;
  }

  #follow = (event: Event): void => {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>(".triage > li") : null;
    if (line) this.#mark(line);
  };

  #chooseCurrent = (): void => {
    const box = this.#current?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box && !this.#boxes.some(({ checked }) => checked)) box.checked = true;
  };

  #pressBeside = (event: KeyboardEvent): void => {
    if (!["Enter", "Escape"].includes(event.key) || event.isComposing || !takesText(event.target)) return;
    const field = event.target as HTMLElement;
    event.preventDefault();
    field.blur();
    if (event.key === "Enter") field.closest(".row")?.querySelector("button")?.click();
  };

  // The server knows neither the current line nor what is chosen, and a morph would take both away.
  #remember = (): void => {
    this.#here = this.#current?.id ?? "";
    this.#chosen = this.#boxes.filter(({ checked }) => checked).map(({ value }) => value);
  };

  #restore = (): void => {
    const here = this.#lines.find(({ id }) => id === this.#here) ?? this.#current ?? this.#lines[0];
    if (here) this.#mark(here);
    for (const box of this.#boxes) box.checked = this.#chosen.includes(box.value);
  };
}
