import { fetch } from "@hotwired/turbo";
import { debounce, freshId, icon, make } from "./lib/dom";
import { fuzzy } from "./lib/fuzzy";
import { show, type Choice } from "./lib/places";
import { refreshSoon } from "./lib/refresh";
import { complain, refusalOf } from "./lib/refusal";

interface Answer {
  choices: Choice[];
  /** Whether what is typed finds others. */
  more: boolean;
  issues: number;
  several: boolean;
}

const nothing: Answer = { choices: [], more: false, issues: 0, several: false };
let unanswered = 0;

/**
 * Changes one field of the issues that are chosen, else of the one where the keyboard is: a key of `data-field` opens a list
 * that is filtered by typing and applied by Enter. The rows show the change at once; a refusal takes it back and says why.
 */
export class IssuePicker extends HTMLElement {
  #cleanUp = new AbortController();
  #list = make("div", { role: "listbox", id: freshId("choices") });
  #input = make("input", { role: "combobox", type: "text", autocomplete: "off", spellcheck: "false", "aria-expanded": "true", "aria-autocomplete": "list", "aria-controls": this.#list.id });
  #dialog = this.#build();
  #field = "";
  #issues: string[] = [];
  #answer = nothing;
  #fitting: Choice[] = [];
  #at = 0;
  #coming: Promise<void> = Promise.resolve();
  #turn = 0;
  #ask = debounce(80, () => (this.#coming = this.#load()));

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    this.append(this.#dialog);
    this.addEventListener("click", (event) => this.#press(event), { signal: this.#cleanUp.signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#ask.cancel();
    this.#dialog.close();
  }

  #build(): HTMLDialogElement {
    const line = make("div", { class: "ask-line" }, icon("search"), this.#input, make("kbd", {}, "Esc"));
    const dialog = make("dialog", { class: "palette pick", "data-script": true }, line, this.#list);
    this.#input.addEventListener("input", () => this.#typed());
    dialog.addEventListener("keydown", (event) => this.#move(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.#list.addEventListener("click", (event) => void this.#apply(this.#fitting[this.#indexOf(event.target)]));
    this.#list.addEventListener("pointermove", (event) => this.#choose(this.#indexOf(event.target)));
    return dialog;
  }

  #press(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("button[data-field]");
    if (!button) return;
    this.#issues = this.#targets();
    if (this.#issues.length === 0) return complain("Choose issues first, or go to one with J and K.");
    this.#field = button.dataset["field"] ?? "";
    this.#answer = nothing;
    const many = this.#issues.length > 1 ? ` of ${this.#issues.length} issues` : "";
    const title = `${button.dataset["title"]}${many}`;
    for (const [name, value] of Object.entries({ placeholder: title, "aria-label": title })) this.#input.setAttribute(name, value);
    this.#list.setAttribute("aria-label", title);
    this.#dialog.setAttribute("aria-label", title);
    this.#input.value = "";
    this.#list.replaceChildren();
    this.#dialog.showModal();
    this.#coming = this.#load();
  }

  /** The chosen ones, else the current row or card, else the issue whose page this is. */
  #targets(): string[] {
    const boxes = [...document.querySelectorAll<HTMLInputElement>("input[name=issues]:checked")];
    if (boxes.length > 0) return boxes.map(({ value }) => value);
    const home = this.closest<HTMLElement>("[data-issue]") ?? document.querySelector<HTMLElement>("[data-issue][aria-current]");
    return home ? [home.dataset["issue"] ?? ""] : [];
  }

  async #load(): Promise<void> {
    const turn = ++this.#turn;
    const query = new URLSearchParams({ field: this.#field, q: this.#input.value.trim() });
    for (const issue of this.#issues) query.append("issues", issue);
    const answer = await window.fetch(`${this.dataset["src"]}?${query}`, { signal: this.#cleanUp.signal }).catch(() => null);
    if (turn !== this.#turn || !this.#dialog.open) return;
    if (!answer?.ok) return void this.#refuse(await refusalOf(answer));
    const found = (await answer.json()) as Answer | { sentence: string };
    if ("sentence" in found) return this.#refuse(found.sentence);
    this.#answer = found;
    this.#show();
  }

  #refuse(sentence: string): void {
    this.#dialog.close();
    complain(sentence);
  }

  #typed(): void {
    this.#show();
    if (this.#answer.more) this.#ask();
  }

  #show(at = 0): void {
    const query = this.#input.value.trim();
    const scored = this.#answer.choices.map((choice) => ({ choice, score: query ? (fuzzy(query, choice.name)?.score ?? null) : 0 }));
    const fitting = scored.filter((one): one is { choice: Choice; score: number } => one.score !== null);
    this.#fitting = fitting.sort((a, b) => b.score - a.score).map(({ choice }) => choice);
    const none = make("p", { class: "none", role: "presentation" }, this.#answer === nothing || this.#answer.more ? "" : "No match.");
    const rows = this.#fitting.map((choice, index) => this.#option(choice, index));
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [none]));
    this.#choose(at);
  }

  #option(choice: Choice, index: number): HTMLElement {
    const held = choice.held === this.#answer.issues ? [icon("check"), make("span", { class: "vh" }, "set")] : choice.held > 0 ? [`${choice.held} of ${this.#answer.issues}`] : [];
    const title = make("span", { class: "title" }, choice.name);
    return make("div", { role: "option", id: `${this.#list.id}-${index}` }, title, make("span", { class: "subtitle" }), ...held);
  }

  #choose(index: number): void {
    if (!this.#fitting[index]) return this.#input.removeAttribute("aria-activedescendant");
    this.#at = index;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${index}`);
  }

  #indexOf(target: EventTarget | null): number {
    const option = (target as Element).closest("[role=option]");
    return option ? [...this.#list.children].indexOf(option) : -1;
  }

  #move(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.#fitting.length;
    if (step && count > 0) this.#choose((this.#at + step + count) % count);
    else if (event.key === "Enter") void this.#enter();
    else return;
    event.preventDefault();
  }

  /** Whoever types faster than the server answers gets what they typed. */
  async #enter(): Promise<void> {
    this.#ask.cancel();
    if (this.#answer === nothing) await this.#coming;
    if (this.#answer.more && this.#fitting.length === 0) await (this.#coming = this.#load());
    await this.#apply(this.#fitting[this.#at]);
  }

  async #apply(choice: Choice | undefined): Promise<void> {
    if (!choice || !this.#dialog.open) return;
    const { several, issues } = this.#answer;
    const away = several && choice.held === issues;
    const shown = this.#issues.map((issue) => show(issue, this.#field, choice, away));
    choice.held = away ? 0 : issues;
    if (several) this.#show(this.#at);
    else this.#dialog.close();
    unanswered += 1;
    const answer = await this.#send(choice.value, away);
    unanswered -= 1;
    const done = answer?.type === "opaqueredirect";
    for (const one of shown) done ? one.stands() : one.takeBack();
    if (!done && several) this.#dialog.close();
    if (!done) return complain(await refusalOf(answer));
    if (unanswered === 0) refreshSoon();
  }

  #send(value: string, away: boolean): Promise<Response | null> {
    const csrf = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
    const body = new URLSearchParams({ csrf });
    for (const issue of this.#issues) body.append("issues", issue);
    const name = this.#field === "label" ? (away ? "remove_labels" : "labels") : this.#field;
    body.set(name, value);
    return fetch(this.dataset["action"] ?? "", { method: "POST", body, redirect: "manual" }).catch(() => null);
  }
}
