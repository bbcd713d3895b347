import { Rows } from "./lib/rows";

/** The rows of a list of issues by keyboard. */
export class IssueList extends HTMLElement {
  #cleanUp = new AbortController();
  #rows = new Rows(this, { all: () => this.#all, next: (from, arrow) => this.#next(from, arrow) });

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    this.#rows.listen(this.#cleanUp.signal);
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  get #all(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("tr[data-issue]")];
  }

  #next(from: HTMLElement, arrow: string): HTMLElement | undefined {
    const by = { ArrowDown: 1, ArrowUp: -1 }[arrow];
    return by ? this.#all[this.#all.indexOf(from) + by] : undefined;
  }
}
