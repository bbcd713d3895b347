/** Moves the line of the present within the strip each minute; `data-start` and `data-end` are the instants of its two ends. */
export class DayStrip extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    this.#move();
    this.#timer = window.setInterval(() => this.#move(), 60_000);
    document.addEventListener("turbo:morph", this.#move);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
    document.removeEventListener("turbo:morph", this.#move);
  }

  #move = (): void => {
    // Where the strip scrolls sideways the keyboard must reach it.
    if (this.scrollWidth > this.clientWidth) this.tabIndex = 0;
    const line = this.querySelector<SVGLineElement>("line.now");
    const start = Date.parse(this.dataset["start"] ?? "");
    const end = Date.parse(this.dataset["end"] ?? "");
    const left = Number(line?.dataset["left"]);
    const right = Number(line?.dataset["right"]);
    const share = (Date.now() - start) / (end - start);
    if (!line || !Number.isFinite(share * (right - left))) return;
    const inside = share >= 0 && share <= 1;
    line.classList.toggle("outside", !inside);
    const x = (left + share * (right - left)).toFixed(1);
    if (inside) ["x1", "x2"].forEach((name) => line.setAttribute(name, x));
  };
}
