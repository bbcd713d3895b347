import { debounce, freshId, make } from "./lib/dom";

interface Proposal {
  text: string;
  detail: string;
}

/** Proposes what could stand at the caret of a query while one types it; without script one writes it whole. */
export class QueryBox extends HTMLElement {
  #list = make("div", { class: "options", role: "listbox", id: freshId("query"), "aria-label": "What could stand here", hidden: true, "data-script": true });
  #proposals: Proposal[] = [];
  #from = 0;
  #chosen = -1;
  #asked = 0;
  #cleanUp = new AbortController();
  #look = debounce(80, () => void this.#search());

  get #field(): HTMLInputElement | null {
    return this.querySelector("input");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.append(this.#list);
    this.#adopt();
    this.addEventListener("turbo:morph-element", () => this.#adopt(), { signal });
    this.addEventListener("input", () => this.#look(), { signal });
    this.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.addEventListener("focusout", () => this.#close(), { signal });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#click(event), { signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#look.cancel();
  }

  #adopt(): void {
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox", "aria-controls": this.#list.id };
    for (const [name, value] of Object.entries(attributes)) this.#field?.setAttribute(name, value);
  }

  async #search(): Promise<void> {
    const field = this.#field;
    if (!field) return;
    const turn = ++this.#asked;
    // The server counts characters, the field counts UTF-16 units.
    const at = [...field.value.slice(0, field.selectionStart ?? 0)].length;
    const query = new URLSearchParams({ q: field.value, at: String(at) });
    const response = await fetch(`${this.dataset["src"]}?${query}`, { signal: this.#cleanUp.signal }).catch(() => null);
    if (!response?.ok || turn !== this.#asked || document.activeElement !== field) return;
    const { from, proposals } = (await response.json()) as { from: number; proposals: Proposal[] };
    this.#from = [...field.value].slice(0, from).join("").length;
    this.#open(proposals.filter(({ text }) => text !== field.value.slice(this.#from, field.selectionStart ?? 0)));
  }

  #open(proposals: Proposal[]): void {
    this.#proposals = proposals;
    this.#chosen = -1;
    const option = ({ text, detail }: Proposal, index: number) =>
      make("div", { role: "option", id: `${this.#list.id}-${index}` }, make("strong", {}, text), make("span", { class: "small muted" }, detail));
    this.#list.replaceChildren(...proposals.map(option));
    this.#list.hidden = proposals.length === 0;
    this.#field?.setAttribute("aria-expanded", String(proposals.length > 0));
    this.#field?.removeAttribute("aria-activedescendant");
  }

  #choose(index: number): void {
    this.#chosen = (index + this.#proposals.length) % this.#proposals.length;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    const option = this.#list.children[this.#chosen];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#field?.setAttribute("aria-activedescendant", option.id);
  }

  #press(event: KeyboardEvent): void {
    if (this.#list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") this.#choose(this.#chosen + 1);
    else if (event.key === "ArrowUp") this.#choose(this.#chosen < 0 ? -1 : this.#chosen - 1);
    else if (event.key === "Tab" && !event.shiftKey) this.#take(Math.max(this.#chosen, 0));
    else if (event.key === "Enter" && this.#chosen >= 0) this.#take(this.#chosen);
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
    const [field, chosen] = [this.#field, this.#proposals[index]];
    this.#close();
    if (!field || !chosen) return;
    const more = chosen.text.endsWith(":");
    field.setRangeText(more ? chosen.text : `${chosen.text} `, this.#from, field.selectionStart ?? this.#from, "end");
    if (more) this.#look();
  }

  #close(): void {
    this.#asked += 1;
    this.#list.hidden = true;
    this.#field?.setAttribute("aria-expanded", "false");
    this.#field?.removeAttribute("aria-activedescendant");
  }
}
