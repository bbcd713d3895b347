import { debounce, freshId, make } from "./lib/dom";

interface Name {
  name: string;
  detail: string;
  path: string;
}

const atWord = /(^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.' -]{0,40})$/u;
const named = /\]\(\/(people|teams)\/([0-9a-z]{26})\)/g;

/**
 * Proposes people and teams while one types `@` and a name into the textarea within, and shows in the frame `#outlook` what
 * those who are named are doing. Without script one writes the link, or the name into a field of the form.
 */
export class MentionBox extends HTMLElement {
  #list = make("div", { class: "options", role: "listbox", id: freshId("names"), "aria-label": "People and teams", hidden: true, "data-script": true });
  #names: Name[] = [];
  #chosen = 0;
  #asked = 0;
  #shown = "";
  #cleanUp = new AbortController();
  #look = debounce(120, () => void this.#search());
  #tell = debounce(400, () => this.#outlook());

  get #area(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.append(this.#list);
    this.#adopt();
    this.addEventListener("turbo:morph-element", () => this.#adopt(), { signal });
    this.addEventListener("input", () => (this.#look(), this.#tell()), { signal });
    this.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.addEventListener("focusout", () => this.#close(), { signal });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#click(event), { signal });
    this.#tell();
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#look.cancel();
    this.#tell.cancel();
  }

  #adopt(): void {
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox", "aria-controls": this.#list.id };
    for (const [name, value] of Object.entries(attributes)) this.#area?.setAttribute(name, value);
  }

  /** What stands between the last `@` and the caret, if that can be a name. */
  #typed(): { text: string; start: number } | null {
    const area = this.#area;
    if (!area || area.selectionStart !== area.selectionEnd) return null;
    const match = atWord.exec(area.value.slice(0, area.selectionStart));
    return match?.[2] === undefined ? null : { text: match[2], start: area.selectionStart - match[2].length - 1 };
  }

  async #search(): Promise<void> {
    const typed = this.#typed();
    if (!typed) return this.#close();
    const turn = ++this.#asked;
    const response = await fetch(`${this.dataset["src"]}?q=${encodeURIComponent(typed.text)}`, { signal: this.#cleanUp.signal }).catch(() => null);
    const names = response?.ok ? ((await response.json()) as Name[]) : [];
    if (turn === this.#asked && document.activeElement === this.#area && this.#typed()?.text === typed.text) this.#open(names);
  }

  #open(names: Name[]): void {
    this.#names = names;
    const option = ({ name, detail }: Name, index: number) =>
      make("div", { role: "option", id: `${this.#list.id}-${index}` }, make("strong", {}, name), make("span", { class: "small muted" }, detail));
    this.#list.replaceChildren(...names.map(option));
    this.#list.hidden = names.length === 0;
    this.#area?.setAttribute("aria-expanded", String(names.length > 0));
    if (names.length > 0) this.#choose(0);
    else this.#area?.removeAttribute("aria-activedescendant");
  }

  #choose(index: number): void {
    this.#chosen = (index + this.#names.length) % this.#names.length;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    const option = this.#list.children[this.#chosen];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#area?.setAttribute("aria-activedescendant", option.id);
  }

  #press(event: KeyboardEvent): void {
    if (this.#list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose(this.#chosen + step);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#chosen);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #click(event: MouseEvent): void {
    const option = (event.target as Element).closest("[role=option]");
    if (option) this.#take([...this.#list.children].indexOf(option));
  }

  #take(index: number): void {
    const [area, typed, chosen] = [this.#area, this.#typed(), this.#names[index]];
    this.#close();
    if (!area || !typed || !chosen) return;
    const link = `[@${chosen.name.replace(/[[\]\\]/g, "")}](${chosen.path}) `;
    area.setRangeText(link, typed.start, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #close(): void {
    this.#asked += 1;
    this.#list.hidden = true;
    this.#area?.setAttribute("aria-expanded", "false");
    this.#area?.removeAttribute("aria-activedescendant");
  }

  /** Asks the server about those who are named, and unfolds what one may want of them. */
  #outlook(): void {
    const frame = this.closest("form")?.querySelector<HTMLElement & { src: string | null }>("turbo-frame#outlook");
    const found = [...(this.#area?.value ?? "").matchAll(named)].map(([, kind, id]) => `&${kind}=${id}`);
    const query = [...new Set(found)].slice(0, 50).join("");
    if (!frame || !this.dataset["outlook"] || query === this.#shown) return;
    this.#shown = query;
    if (query) frame.src = this.dataset["outlook"] + query;
    else frame.replaceChildren();
    this.closest("form")?.querySelector("details.more")?.toggleAttribute("open", true);
  }
}
