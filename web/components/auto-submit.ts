import { morphBodyElements } from "@hotwired/turbo";
import { debounce } from "./lib/dom";

/** Submits a filter form while one types and morphs the answer in, so that the field keeps its focus. */
export class AutoSubmit extends HTMLElement {
  #submit = debounce(200, () => this.#form?.requestSubmit());
  #cleanUp = new AbortController();

  get #form(): HTMLFormElement | null {
    return this.querySelector("form");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.#form?.setAttribute("data-turbo-action", "replace");
    this.addEventListener("input", () => this.#submit(), { signal });
    this.addEventListener("submit", () => this.#morphNextPage(signal), { signal });
  }

  disconnectedCallback(): void {
    this.#submit.cancel();
    this.#cleanUp.abort();
  }

  #morphNextPage(signal: AbortSignal): void {
    if (this.#form?.dataset["turboFrame"]) return;
    const morph = (event: Event) => {
      (event as CustomEvent<{ render: typeof morphBodyElements }>).detail.render = morphBodyElements;
    };
    document.addEventListener("turbo:before-render", morph, { once: true, signal });
  }
}
