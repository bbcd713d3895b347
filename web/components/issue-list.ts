import { announce, takesText } from "./lib/dom";

/** The rows of a list of issues by keyboard: J and K move, X chooses, Enter opens. What is chosen survives a morph. */
export class IssueList extends HTMLElement {
  #cleanUp = new AbortController();
  #here = "";
  #chosen = new Set<string>();

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    document.addEventListener("keydown", this.#press, { signal });
    document.addEventListener("turbo:morph", this.#restore, { signal });
    this.addEventListener("change", this.#remember, { signal });
    this.addEventListener("submit", this.#chooseCurrent, { signal, capture: true });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  get #rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("tbody > tr")];
  }

  get #boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[name=issues]")];
  }

  get #current(): HTMLElement | undefined {
    return this.#rows.find((row) => row.id === this.#here);
  }

  #press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || takesText(event.target)) return;
    if (document.querySelector("dialog:modal")) return;
    const focused = event.target instanceof Element && event.target.closest("a, button, summary");
    const act = { j: () => this.#move(1), k: () => this.#move(-1), x: () => this.#choose(), Enter: () => !focused && this.#open() }[event.key];
    if (act?.()) event.preventDefault();
  };

  #move(by: number): boolean {
    const rows = this.#rows;
    const next = this.#current ? rows[rows.indexOf(this.#current) + by] : rows[0];
    if (!next) return true;
    this.#mark(next);
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  #mark(row: HTMLElement): void {
    this.#here = row.id;
    for (const other of this.#rows) other.toggleAttribute("aria-current", false);
    row.setAttribute("aria-current", "true");
    announce(row.querySelector("a")?.textContent ?? "");
  }

  #choose(): boolean {
    const box = this.#current?.querySelector<HTMLInputElement>("input[name=issues]");
    if (!box) return false;
    box.checked = !box.checked;
    this.#remember();
    return true;
  }

  #open(): boolean {
    const link = this.#current?.querySelector<HTMLElement>("a");
    link?.click();
    return Boolean(link);
  }

  #remember = (): void => {
    this.#chosen = new Set(this.#boxes.filter(({ checked }) => checked).map(({ value }) => value));
  };

  #chooseCurrent = (): void => {
    if (this.#chosen.size === 0) this.#choose();
  };

  // The server knows neither the current row nor what is chosen, and a morph would take both away.
  #restore = (): void => {
    this.#current?.setAttribute("aria-current", "true");
    for (const box of this.#boxes) box.checked = this.#chosen.has(box.value);
  };
}
