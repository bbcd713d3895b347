import { debounce } from "./lib/dom";

const told = ["to", "verb", "due"];

/**
 * Shows in the frame within what the fields of its form mean for those who are named: what time it is for them, whether
 * they work, and when it is due. Without script the form itself says so once it is sent.
 */
export class ReceiverClock extends HTMLElement {
  #cleanUp = new AbortController();
  #shown = "";
  #look = debounce(300, () => this.#show());

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    for (const kind of ["input", "change"]) this.closest("form")?.addEventListener(kind, () => this.#look(), { signal });
    this.#show();
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#look.cancel();
  }

  #show(): void {
    const form = this.closest("form");
    const frame = this.querySelector<HTMLElement & { src: string | null }>("turbo-frame");
    if (!form || !frame) return;
    const data = new FormData(form);
    const query = new URLSearchParams(this.dataset["fixed"] ?? "");
    for (const name of told) if (data.has(name)) query.set(name, String(data.get(name)));
    const asked = query.get("to") ? `${this.dataset["src"]}?${query}` : "";
    if (asked === this.#shown) return;
    this.#shown = asked;
    if (asked) frame.src = asked;
    else frame.replaceChildren();
  }
}
