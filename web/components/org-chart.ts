import { announce } from "./lib/dom";
import { fold } from "./lib/fuzzy";
import { PanZoom } from "./lib/pan-zoom";

/** Moves and zooms the organisation chart within its frame and finds people in it; the server draws the chart. */
export class OrgChart extends HTMLElement {
  #cleanUp = new AbortController();
  #panZoom: PanZoom | null = null;
  #found: SVGElement[] = [];
  #shown = 0;

  connectedCallback(): void {
    const view = this.querySelector<HTMLElement>(".org-view");
    const svg = view?.querySelector("svg");
    if (!view || !svg) return;
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.setAttribute("data-ready", "");
    const panZoom = new PanZoom(view, svg, signal);
    this.#panZoom = panZoom;
    this.addEventListener("click", (event) => this.#zoom(event), { signal });
    this.addEventListener("turbo:morph-element", () => panZoom.apply(), { signal });
    view.addEventListener("keydown", (event) => this.#press(event), { signal });
    view.addEventListener("focusin", (event) => this.#show(event.target as Element, true), { signal });
    const field = this.querySelector<HTMLInputElement>('input[type="search"]');
    field?.addEventListener("input", () => this.#search(field.value), { signal });
    field?.addEventListener("keydown", (event) => event.key === "Enter" && this.#next(event), { signal });
    window.addEventListener("beforeprint", () => panZoom.whole(), { signal });
    window.addEventListener("afterprint", () => panZoom.apply(), { signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  #zoom(event: MouseEvent): void {
    const kind = (event.target as Element).closest<HTMLElement>("[data-zoom]")?.dataset["zoom"];
    if (kind === "in") this.#panZoom?.zoom(1.25);
    if (kind === "out") this.#panZoom?.zoom(0.8);
    if (kind === "fit") this.#panZoom?.fit();
  }

  #press(event: KeyboardEvent): void {
    const panZoom = this.#panZoom;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => panZoom?.pan(-60, 0),
      ArrowRight: () => panZoom?.pan(60, 0),
      ArrowUp: () => panZoom?.pan(0, -60),
      ArrowDown: () => panZoom?.pan(0, 60),
      "+": () => panZoom?.zoom(1.25),
      "=": () => panZoom?.zoom(1.25),
      "-": () => panZoom?.zoom(0.8),
      "0": () => panZoom?.fit(),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  }

  #search(query: string): void {
    const wanted = fold(query.trim());
    const nodes = [...this.querySelectorAll<SVGElement>(".node")];
    this.#found = wanted ? nodes.filter((node) => fold(node.dataset["name"] ?? "").includes(wanted)) : [];
    nodes.forEach((node) => node.classList.toggle("found", this.#found.includes(node)));
    this.querySelector(".org")?.classList.toggle("searching", this.#found.length > 0);
    this.#shown = 0;
    this.#show(this.#found[0], false);
    if (wanted) announce(this.#found.length === 1 ? "1 person found" : `${this.#found.length} people found`);
  }

  #next(event: KeyboardEvent): void {
    event.preventDefault();
    this.#shown = (this.#shown + 1) % Math.max(this.#found.length, 1);
    this.#show(this.#found[this.#shown], false);
  }

  #show(node: Element | undefined, onlyIfHidden: boolean): void {
    if (!(node instanceof SVGElement) || !node.dataset["x"]) return;
    this.#panZoom?.centre(Number(node.dataset["x"]), Number(node.dataset["y"]), onlyIfHidden);
  }
}
