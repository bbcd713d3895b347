import { make } from "./lib/dom";
import { dayNames, formatHours, formatTime, parseHours, parseTime, type Interval, type Week } from "./lib/hours";

const workday: Interval = { from: 9 * 60, to: 17 * 60 };

/** Seven rows of times that are kept in step with the text field, which alone is submitted. */
export class HoursEditor extends HTMLElement {
  #grid = make("div", { class: "week", "data-script": true, role: "group", "aria-label": "Hours of each day" });
  #error = make("p", { class: "error", role: "status", "data-script": true });
  #week: Week = dayNames.map(() => []);
  #cleanUp = new AbortController();

  get #field(): HTMLInputElement | null {
    return this.querySelector("input:not([data-part])");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.#field?.after(this.#error, this.#grid);
    this.#read();
    this.setAttribute("data-ready", "");
    this.#field?.addEventListener("input", (event) => event.isTrusted && this.#read(), { signal });
    this.addEventListener("turbo:morph-element", () => this.contains(document.activeElement) || this.#read(), { signal });
    this.#grid.addEventListener("change", (event) => this.#change(event.target as HTMLInputElement), { signal });
    this.#grid.addEventListener("click", (event) => this.#press(event.target as Element), { signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  #read(): void {
    const reading = parseHours(this.#field?.value ?? "");
    this.#error.textContent = "error" in reading ? reading.error : "";
    if ("error" in reading) return;
    this.#week = reading.week;
    this.#draw();
  }

  /** Writes the rows into the field if they make sense, else says why not and leaves the field alone. */
  #write(): void {
    const text = formatHours(this.#week);
    const reading = parseHours(text);
    this.#error.textContent = "error" in reading ? reading.error : "";
    if ("error" in reading || !this.#field) return;
    this.#field.value = text;
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #change(control: HTMLInputElement): void {
    const { day = "", index = "", part } = control.dataset;
    const intervals = this.#week[Number(day)];
    if (!intervals) return;
    if (part === "on") intervals.splice(0, intervals.length, ...(control.checked ? this.#usual(Number(day)) : []));
    const interval = intervals[Number(index)];
    const minutes = parseTime(control.value);
    if (interval && minutes !== null && (part === "from" || part === "to")) interval[part] = minutes;
    control.setAttribute("aria-invalid", String(part !== "on" && minutes === null));
    if (part === "on") this.#draw(control.id);
    else if (minutes !== null) control.value = formatTime(minutes);
    this.#write();
  }

  #press(target: Element): void {
    const button = target.closest("button");
    const intervals = this.#week[Number(button?.dataset["day"])];
    if (!button || !intervals) return;
    const last = intervals.at(-1) ?? workday;
    if (button.dataset["part"] === "remove") intervals.splice(Number(button.dataset["index"]), 1);
    else intervals.push({ from: Math.min(last.to + 60, 1380), to: Math.min(last.to + 240, 1440) });
    this.#draw();
    this.#write();
  }

  /** A day that is switched on begins with the hours of the day before it that has some. */
  #usual(day: number): Interval[] {
    const earlier = this.#week.slice(0, day).findLast((intervals) => intervals.length > 0);
    return (earlier ?? [workday]).map((interval) => ({ ...interval }));
  }

  #draw(focus?: string): void {
    this.#grid.replaceChildren(...this.#week.map((intervals, day) => this.#row(intervals, day)));
    if (focus) document.getElementById(focus)?.focus();
  }

  #row(intervals: Interval[], day: number): HTMLElement {
    const name = dayNames[day] ?? "";
    const id = `${this.#field?.id ?? "hours"}-${name.toLowerCase()}`;
    const box = make("input", { type: "checkbox", id, "data-part": "on", "data-day": String(day) });
    box.checked = intervals.length > 0;
    const times = make("div", { class: "times" }, ...intervals.map((interval, index) => this.#times(interval, day, index)));
    if (intervals.length === 0) times.append(make("span", { class: "off" }, "Not working"));
    else times.append(button("add", day, 0, `More hours on ${name}`, "+"));
    return make("div", { class: "day" }, make("label", { for: id }, box, name), times);
  }

  #times(interval: Interval, day: number, index: number): HTMLElement {
    const name = dayNames[day] ?? "";
    const row = make("span", { class: "row gap-1" }, time("from", interval.from, day, index, `${name} from`), "–");
    row.append(time("to", interval.to, day, index, `${name} to`));
    if (index > 0) row.append(button("remove", day, index, `Remove these hours of ${name}`, "×"));
    return row;
  }
}

function time(part: string, minutes: number, day: number, index: number, label: string): HTMLInputElement {
  const place = { "data-part": part, "data-day": String(day), "data-index": String(index) };
  return make("input", { ...place, value: formatTime(minutes), inputmode: "numeric", maxlength: "5", "aria-label": label });
}

function button(part: string, day: number, index: number, label: string, text: string): HTMLButtonElement {
  const place = { "data-part": part, "data-day": String(day), "data-index": String(index) };
  return make("button", { ...place, type: "button", class: "button quiet small icon-only", "aria-label": label, title: label }, text);
}
