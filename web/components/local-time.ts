const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The server writes the text in the reader's zone; this keeps a relative one true while the page stays open. */
export class LocalTime extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    if (this.dataset["format"] !== "relative") return;
    this.#timer = window.setInterval(() => this.#write(), 30_000);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  #write(): void {
    const seconds = (Date.parse(this.getAttribute("datetime") ?? "") - Date.now()) / 1000;
    if (Number.isNaN(seconds)) return;
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
    const [unit, length] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 0];
    this.textContent = length ? format.format(Math.trunc(seconds / length), unit) : format.format(0, "second");
  }
}
