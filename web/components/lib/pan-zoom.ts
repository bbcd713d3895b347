const smallest = 0.08;
const largest = 2.5;
const readable = 0.7;

/** Pans and zooms an SVG by its `viewBox`; lengths are in units of the drawing, `scale` in screen pixels per unit. */
export class PanZoom {
  readonly #width: number;
  readonly #height: number;
  #x = 0;
  #y = 0;
  #scale = 1;
  #pointers = new Map<number, PointerEvent>();
  #moved = 0;
  #touched = false;

  constructor(
    private readonly view: HTMLElement,
    private readonly svg: SVGSVGElement,
    signal: AbortSignal,
  ) {
    this.#width = svg.viewBox.baseVal.width;
    this.#height = svg.viewBox.baseVal.height;
    view.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    view.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    view.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    for (const name of ["pointerup", "pointercancel"] as const) view.addEventListener(name, (event) => this.#up(event), { signal });
    view.addEventListener("click", (event) => this.#moved > 4 && event.preventDefault(), { signal, capture: true });
    view.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    const observer = new ResizeObserver(() => (this.#touched ? this.apply() : this.#start()));
    observer.observe(view);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#start();
  }

  /** A small drawing needs no tall frame; a large one begins at its head, at a size that can be read. */
  #start(): void {
    const scale = Math.min(1, (this.view.clientWidth - 32) / this.#width);
    this.view.style.setProperty("--drawing-height", `${Math.max(Math.ceil(this.#height * Math.max(scale, readable)) + 64, 200)}px`);
    this.fit();
    this.#touched = false;
    if (this.#scale >= readable) return;
    this.#scale = readable;
    this.#x = (this.#width - this.view.clientWidth / readable) / 2;
    this.#y = -24 / readable;
    this.apply();
  }

  /** Shows the whole drawing, not larger than it was drawn. */
  fit(): void {
    const { clientWidth, clientHeight } = this.view;
    this.#scale = Math.max(smallest, Math.min(1, (clientWidth - 32) / this.#width, (clientHeight - 32) / this.#height));
    this.#x = (this.#width - clientWidth / this.#scale) / 2;
    this.#y = Math.min((this.#height - clientHeight / this.#scale) / 2, -16 / this.#scale);
    this.#touched = true;
    this.apply();
  }

  pan(x: number, y: number): void {
    this.#touched = true;
    this.#x += x / this.#scale;
    this.#y += y / this.#scale;
    this.apply();
  }

  /** Zooms around a point of the view in pixels, by default its middle. */
  zoom(factor: number, x = this.view.clientWidth / 2, y = this.view.clientHeight / 2): void {
    const scale = Math.max(smallest, Math.min(largest, this.#scale * factor));
    this.#x += x / this.#scale - x / scale;
    this.#y += y / this.#scale - y / scale;
    this.#scale = scale;
    this.#touched = true;
    this.apply();
  }

  centre(x: number, y: number, onlyIfHidden: boolean): void {
    const width = this.view.clientWidth / this.#scale;
    const height = this.view.clientHeight / this.#scale;
    const inside = x > this.#x + 80 && x < this.#x + width - 80 && y > this.#y + 30 && y < this.#y + height - 30;
    if (onlyIfHidden && inside) return;
    if (this.#scale < readable) this.zoom(readable / this.#scale);
    this.#x = x - this.view.clientWidth / this.#scale / 2;
    this.#y = y - this.view.clientHeight / this.#scale / 2;
    this.#touched = true;
    this.apply();
  }

  apply(): void {
    const { clientWidth, clientHeight } = this.view;
    const margin = 80 / this.#scale;
    this.#x = clamp(this.#x, this.#width - clientWidth / this.#scale, margin);
    this.#y = clamp(this.#y, this.#height - clientHeight / this.#scale, margin);
    this.svg.setAttribute("viewBox", [this.#x, this.#y, clientWidth / this.#scale, clientHeight / this.#scale].join(" "));
  }

  /** The drawing as the server drew it, for paper. */
  whole(): void {
    this.svg.setAttribute("viewBox", `0 0 ${this.#width} ${this.#height}`);
  }

  /** The wheel pans while there is something to see in that direction, then the page scrolls on; with Control it zooms. */
  #wheel(event: WheelEvent): void {
    const box = this.view.getBoundingClientRect();
    const before = `${this.#x} ${this.#y} ${this.#scale}`;
    if (event.ctrlKey) this.zoom(Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
    else this.pan(event.shiftKey ? event.deltaY : event.deltaX, event.shiftKey ? 0 : event.deltaY);
    if (event.ctrlKey || before !== `${this.#x} ${this.#y} ${this.#scale}`) event.preventDefault();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, event);
    this.#moved = 0;
  }

  #drag(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.#pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    this.#moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    this.#pointers.set(event.pointerId, event);
    if (this.#moved <= 4) return;
    this.view.setPointerCapture(event.pointerId);
    this.view.classList.add("dragging");
    if (!other) return this.pan(before.clientX - event.clientX, before.clientY - event.clientY);
    const box = this.view.getBoundingClientRect();
    this.zoom(distance(event, other) / Math.max(distance(before, other), 1), other.clientX - box.left, other.clientY - box.top);
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.view.classList.remove("dragging");
  }
}

function distance(a: PointerEvent, b: PointerEvent): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}

/** Keeps the edge of the view at most `margin` outside a drawing that ends `rest` further on; a smaller one may float. */
function clamp(value: number, rest: number, margin: number): number {
  return Math.max(Math.min(0, rest) - margin, Math.min(Math.max(0, rest) + margin, value));
}
