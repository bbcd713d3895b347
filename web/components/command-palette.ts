import { visit } from "@hotwired/turbo";
import { debounce, freshId, icon, make, takesText } from "./lib/dom";
import { askServer, hint, loadEntries, remember, search, type Entry, type Found } from "./lib/palette";
import { capOf, isApple } from "./lib/keys";
import { submitTo } from "./lib/submit-to";
import { optionOf } from "./lib/palette-option";

const groupNames = { recent: "Recent", page: "Pages", action: "Actions", team: "Teams", person: "People", record: "Found", filter: "Filters" } as const;

const helps = ["↑ ↓ to choose", "↵ to open", "Ctrl ↵ in a new tab"];

/** Search and jump: Ctrl or Command K, `/`, or a click on `.find`. The entries are fetched once the browser is idle. */
export class CommandPalette extends HTMLElement {
  #cleanUp = new AbortController();
  #list = make("div", { role: "listbox", id: freshId("palette"), "aria-label": "Places, people and actions" });
  #input = make("input", {
    role: "combobox",
    type: "text",
    placeholder: "Search or jump to",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Search or jump to",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": this.#list.id,
  });
  #dialog = this.#build();
  #found: Found[] = [];
  #chosen = 0;

  get #src(): string {
    return this.dataset["src"] ?? "/palette.json";
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.append(this.#dialog);
    document.addEventListener("keydown", (event) => this.#shortcut(event), { signal });
    document.addEventListener("click", (event) => this.#openFrom(event), { signal, capture: true });
    this.#nameKeys();
    document.addEventListener("turbo:morph", () => this.#nameKeys(), { signal });
    const load = () => void loadEntries(this.#src);
    if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 4000 });
    else setTimeout(load, 1500);
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#dialog.close();
  }

  open(): void {
    if (document.querySelector("dialog:modal")) return;
    this.#input.value = "";
    this.#show();
    this.#dialog.showModal();
    void loadEntries(this.#src).then(() => this.#dialog.open && this.#show());
  }

  /** The server cannot know the reader's keyboard. */
  #nameKeys(): void {
    const key = document.querySelector(".find kbd");
    if (key) key.textContent = capOf("mod+k", isApple());
  }

  #build(): HTMLDialogElement {
    const line = make("div", { class: "ask-line" }, icon("search"), this.#input, make("kbd", {}, "Esc"));
    const help = make("div", { class: "help" }, ...helps.map((help) => make("span", {}, help)));
    const dialog = make("dialog", { class: "palette", "aria-label": "Search or jump to", "data-script": true }, line, this.#list, help);
    const ask = debounce(80, () => askServer(this.#src, this.#input.value, () => this.#show(this.#chosen)));
    this.#input.addEventListener("input", () => (this.#show(), ask()));
    dialog.addEventListener("keydown", (event) => this.#move(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#list.addEventListener("pointermove", (event) => this.#choose(this.#indexOf(event.target)));
    return dialog;
  }

  #shortcut(event: KeyboardEvent): void {
    const slash = event.key === "/" && !takesText(event.target) && !document.querySelector("keyboard-map[data-off]");
    const jump = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (event.isComposing || !(jump || slash)) return;
    event.preventDefault();
    this.open();
  }

  #openFrom(event: MouseEvent): void {
    const link = (event.target as Element).closest(".find, .find-button");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector<HTMLElement>(".side:popover-open")?.hidePopover();
    this.open();
  }

  #show(chosen = 0): void {
    this.#found = search(this.#input.value);
    const rows: HTMLElement[] = [];
    this.#found.forEach((found, index) => {
      if (found.group !== this.#found[index - 1]?.group) rows.push(make("div", { class: "group", role: "presentation" }, groupNames[found.group]));
      rows.push(optionOf(found, `${this.#list.id}-${index}`));
    });
    const none = make("p", { class: "none", role: "presentation" }, hint() || `No match for “${this.#input.value}”.`);
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [none]));
    this.#choose(Math.min(chosen, Math.max(this.#found.length - 1, 0)));
  }

  #choose(index: number): void {
    if (index < 0 || index >= this.#found.length) return void (this.#found.length || this.#input.removeAttribute("aria-activedescendant"));
    const options = this.#list.querySelectorAll("[role=option]");
    options[this.#chosen]?.setAttribute("aria-selected", "false");
    options[index]?.setAttribute("aria-selected", "true");
    options[index]?.scrollIntoView({ block: "nearest" });
    this.#chosen = index;
    this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${index}`);
  }

  #move(event: KeyboardEvent): void {
    const length = this.#found.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose((this.#chosen + step + length) % length);
    else if (event.key === "Enter") this.#follow(this.#found[this.#chosen]?.entry, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  #click(event: MouseEvent): void {
    this.#follow(this.#found[this.#indexOf(event.target)]?.entry, event.ctrlKey || event.metaKey);
  }

  #indexOf(target: EventTarget | null): number {
    const option = (target as Element).closest("[role=option]");
    return option ? [...this.#list.querySelectorAll("[role=option]")].indexOf(option) : -1;
  }

  #fill(text: string): void {
    this.#input.value = text;
    this.#input.dispatchEvent(new Event("input"));
  }

  #follow(entry: Entry | undefined, newTab: boolean): void {
    if (!entry) return;
    if (entry.fill !== undefined) return this.#fill(entry.fill);
    remember(entry);
    this.#dialog.close();
    if (entry.method === "post") submitTo(entry.href);
    else if (newTab) window.open(entry.href, "_blank", "noopener");
    else visit(entry.href);
  }
}
