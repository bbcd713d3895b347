import { fold, fuzzy } from "./lib/fuzzy";
import { freshId, make } from "./lib/dom";

interface Choice {
  label: string;
  value: string;
  group: string;
}

/** Type-ahead over a `select` or an `input list`; the native control stays the source of the value and of the options. */
export class ComboBox extends HTMLElement {
  #list = make("div", { class: "options", role: "listbox", id: freshId("options"), hidden: true, "data-script": true });
  #input = make("input", { type: "text", autocomplete: "off", "data-script": true });
  #matches: Choice[] = [];
  #active = -1;
  #cleanUp = new AbortController();

  get #select(): HTMLSelectElement | null {
    return this.querySelector(":scope > select");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    const native = this.querySelector<HTMLInputElement>(":scope > input:not([data-script])");
    if (native) this.#input = native;
    else this.prepend(this.#input);
    this.append(this.#list);
    this.#adopt();
    this.setAttribute("data-ready", "");
    this.addEventListener("turbo:morph-element", () => this.#adopt(), { signal });
    this.#input.addEventListener("input", (event) => event.isTrusted && this.#open(this.#input.value), { signal });
    this.#input.addEventListener("click", () => this.#open(""), { signal });
    this.#input.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.#input.addEventListener("blur", () => this.#close(), { signal });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#click(event), { signal });
    this.#select?.labels.forEach((label) => label.addEventListener("click", () => this.#input.focus(), { signal }));
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  /** Takes over the label, the hints, the state and the value of the native control. */
  #adopt(): void {
    const select = this.#select;
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id };
    for (const [name, value] of Object.entries(attributes)) this.#input.setAttribute(name, value);
    const label = (select ?? this.#input).labels?.[0]?.textContent ?? "";
    this.#list.setAttribute("aria-label", label);
    if (!select) return this.#input.removeAttribute("list");
    this.#input.setAttribute("aria-label", label);
    for (const name of ["aria-describedby", "aria-invalid", "class", "required"]) {
      const value = select.getAttribute(name);
      if (value !== null) this.#input.setAttribute(name, value);
      else if (name !== "required") this.#input.removeAttribute(name);
    }
    select.required = false;
    this.#input.disabled = select.disabled;
    if (document.activeElement !== this.#input) this.#input.value = select.selectedOptions[0]?.label ?? "";
  }

  #choices(): Choice[] {
    const id = this.querySelector("datalist")?.id;
    const options = this.#select?.options ?? (id ? this.querySelector("datalist")?.options : undefined) ?? [];
    return [...options].map((option) => ({
      label: option.label || option.value,
      value: option.value,
      group: option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "",
    }));
  }

  #open(query: string): void {
    const scored = this.#choices().map((choice) => ({ choice, score: query ? (fuzzy(query, choice.label)?.score ?? null) : 0 }));
    const fitting = scored.filter((match): match is { choice: Choice; score: number } => match.score !== null);
    fitting.sort((a, b) => b.score - a.score);
    this.#matches = fitting.slice(0, query ? 60 : 1000).map(({ choice }) => choice);
    const rows = this.#matches.map((choice, index) => this.#option(choice, index, query === ""));
    const none = make("p", { class: "none", role: "presentation" }, this.dataset["empty"] ?? "No match.");
    this.#list.replaceChildren(...(rows.length > 0 ? rows.flat() : [none]));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    const current = this.#matches.findIndex(({ label }) => fold(label) === fold(this.#input.value));
    this.#activate(query === "" ? current : 0);
  }

  #option(choice: Choice, index: number, grouped: boolean): HTMLElement[] {
    const row = make("div", { role: "option", id: `${this.#list.id}-${index}`, "aria-selected": "false" }, choice.label || "–");
    const begins = grouped && choice.group !== "" && choice.group !== this.#matches[index - 1]?.group;
    return begins ? [make("div", { class: "group", role: "presentation" }, choice.group), row] : [row];
  }

  #activate(index: number): void {
    const options = this.#list.querySelectorAll("[role=option]");
    options[this.#active]?.setAttribute("aria-selected", "false");
    options[index]?.setAttribute("aria-selected", "true");
    options[index]?.scrollIntoView({ block: "nearest" });
    this.#active = index;
    if (options[index]) this.#input.setAttribute("aria-activedescendant", options[index].id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.#list.hidden) return void (step && (event.preventDefault(), this.#open("")));
    const length = this.#matches.length;
    if (step && length) this.#activate((this.#active + step + length) % length);
    else if (event.key === "Enter" && this.#matches[this.#active]) this.#take(this.#matches[this.#active]);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #click(event: MouseEvent): void {
    const option = (event.target as Element).closest("[role=option]");
    if (option) this.#take(this.#matches[[...this.#list.querySelectorAll("[role=option]")].indexOf(option)]);
  }

  #take(choice: Choice | undefined): void {
    if (!choice) return;
    const target = this.#select ?? this.#input;
    target.value = choice.value;
    this.#close();
    for (const name of ["input", "change"]) target.dispatchEvent(new Event(name, { bubbles: true }));
  }

  /** What was typed and not chosen is let go of; a free text field keeps it. */
  #close(): void {
    this.#list.hidden = true;
    this.#active = -1;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    if (this.#select) this.#input.value = this.#select.selectedOptions[0]?.label ?? "";
  }
}
