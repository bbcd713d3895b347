import { announce } from "./dom";
import { refreshSoon } from "./refresh";
import { complain, refusalOf } from "./refusal";
import { Rows } from "./rows";

const threshold = 6;
/** So near to the top or the bottom of the window, the page scrolls with a card that is held; in pixels. */
const edge = 40;

/** Where a card stood before it was moved. */
interface Home {
  list: Element;
  next: Element | null;
}

/**
 * Cards in columns, dragged with pointer and touch by their grip (a mouse takes the whole card), or moved with the arrow keys
 * while the grip has the focus. A card stands where it was dropped at once; if the server refuses, it goes back.
 */
export abstract class CardBoard extends HTMLElement {
  /** Whether it matters between which cards one stands. Else a card stays in its place until it is dropped. */
  protected readonly ordered: boolean = true;
  #cleanUp = new AbortController();
  #held: HTMLElement | null = null;
  #from: { x: number; y: number; pointer: number } | null = null;
  #home: Home | null = null;
  #rows = new Rows(this, { all: () => [...this.querySelectorAll<HTMLElement>(".ticket")], next: (from, arrow) => this.#beside(from, arrow) });

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.addEventListener("pointerdown", this.#press, { signal });
    this.addEventListener("pointermove", this.#drag, { signal });
    this.addEventListener("pointerup", this.#drop, { signal });
    this.addEventListener("pointercancel", () => this.#putBack(), { signal });
    this.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", this.#swallow, { signal, capture: true });
    document.addEventListener("keydown", this.#key, { signal });
    this.#rows.listen(signal);
  }

  /** Tells the server where the card stands now. */
  protected abstract send(card: HTMLElement, lane: HTMLElement): Promise<Response>;

  /** Where a card goes that is dropped in none of the columns; nothing if that leaves it where it was last. */
  protected outside(_card: HTMLElement): HTMLElement | null {
    return null;
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  #press = (event: PointerEvent): void => {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>(".ticket");
    if (!card || event.button !== 0 || (event.pointerType !== "mouse" && !target.closest(".grip"))) return;
    this.#held = card;
    this.#from = { x: event.clientX, y: event.clientY, pointer: event.pointerId };
  };

  #drag = (event: PointerEvent): void => {
    if (!this.#held || !this.#from) return;
    const far = Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > threshold;
    if (!this.#held.hasAttribute("data-dragging")) {
      if (!far) return;
      this.#lift(this.#held);
      this.setPointerCapture(this.#from.pointer);
    }
    const beyond = event.clientY < edge ? -edge / 2 : event.clientY > innerHeight - edge ? edge / 2 : 0;
    if (beyond) scrollBy(0, beyond);
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const within = under?.closest<HTMLElement>(".lane");
    const lane = within && this.contains(within) ? within : under && this.outside(this.#held);
    if (!this.ordered) return this.#mark(lane);
    if (!lane) return;
    this.#mark(lane);
    const list = lane.querySelector(".cards");
    const next = [...(list?.children ?? [])].find((card) => card !== this.#held && middle(card) > event.clientY);
    list?.insertBefore(this.#held, next ?? null);
  };

  #drop = (): void => {
    const card = this.#held;
    this.#held = null;
    this.#from = null;
    if (!card?.hasAttribute("data-dragging")) return;
    if (!this.ordered) this.querySelector(".lane[data-over] .cards")?.append(card);
    this.#mark(null);
    setTimeout(() => card.removeAttribute("data-dragging"));
    void this.#place(card, this.#home);
  };

  /** A drag ends with a click, which is not meant for the link on the card. */
  #swallow = (event: MouseEvent): void => {
    if (!this.querySelector("[data-dragging]")) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.#held) return this.#putBack();
    const grip = document.activeElement?.closest<HTMLElement>(".grip");
    const card = grip?.closest<HTMLElement>(".ticket");
    if (!grip || !card || !this.contains(card) || event.ctrlKey || event.metaKey || event.altKey) return;
    const home = homeOf(card);
    const moved = event.shiftKey ? false : this.#step(card, event.key);
    if (!moved) return;
    event.preventDefault();
    grip.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    void this.#place(card, home);
  };

  /** The card above or below, or the one at the same height of the next column that has cards. */
  #beside(from: HTMLElement, arrow: string): HTMLElement | undefined {
    const lanes = [...this.querySelectorAll<HTMLElement>(".lane")].map((lane) => [...lane.querySelectorAll<HTMLElement>(".ticket")]);
    const lane = lanes.findIndex((cards) => cards.includes(from));
    const at = lanes[lane]?.indexOf(from) ?? 0;
    const along = { ArrowUp: -1, ArrowDown: 1 }[arrow];
    if (along) return lanes[lane]?.[at + along];
    const others = arrow === "ArrowLeft" ? lanes.slice(0, lane).reverse() : lanes.slice(lane + 1);
    const cards = others.find(({ length }) => length > 0) ?? [];
    return cards[Math.min(at, cards.length - 1)];
  }

  #step(card: HTMLElement, key: string): boolean {
    const lanes = [...this.querySelectorAll<HTMLElement>(".lane")];
    const lane = card.closest<HTMLElement>(".lane");
    const at = lane ? lanes.indexOf(lane) : -1;
    const beside = { ArrowLeft: lanes[at - 1], ArrowRight: lanes[at + 1] }[key];
    if (beside) return Boolean(beside.querySelector(".cards")?.append(card)) || true;
    if (!this.ordered) return false;
    const [before, after] = [card.previousElementSibling, card.nextElementSibling];
    if (key === "ArrowUp" && before) before.before(card);
    else if (key === "ArrowDown" && after) after.after(card);
    else return false;
    return true;
  }

  #lift(card: HTMLElement): void {
    this.#home = homeOf(card);
    card.setAttribute("data-dragging", "");
  }

  #putBack(): void {
    if (this.#held && this.#home) this.#home.list.insertBefore(this.#held, this.#home.next);
    this.#held?.removeAttribute("data-dragging");
    this.#held = null;
    this.#from = null;
    this.#mark(null);
  }

  #mark(lane: HTMLElement | null): void {
    for (const other of this.querySelectorAll(".lane[data-over]")) if (other !== lane) other.removeAttribute("data-over");
    lane?.setAttribute("data-over", "");
  }

  async #place(card: HTMLElement, home: Home | null): Promise<void> {
    const lane = card.closest<HTMLElement>(".lane");
    if (!lane || (!this.ordered && home?.list === card.parentElement)) return;
    const answer = await this.send(card, lane).catch(() => null);
    const done = answer?.type === "opaqueredirect" || answer?.ok;
    if (done) announce(`${card.dataset["title"]} is in ${lane.querySelector("h2")?.textContent}`);
    if (done && this.ordered) return;
    if (!done) {
      home?.list.insertBefore(card, home.next);
      complain(await refusalOf(answer));
    }
    refreshSoon();
  }
}

/** Sends a form as the page would, without following where it leads. */
export function post(path: string, fields: Record<string, string>): Promise<Response> {
  const csrf = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  return fetch(path, { method: "POST", body: new URLSearchParams({ csrf, ...fields }), redirect: "manual" });
}

function homeOf(card: HTMLElement): Home | null {
  return card.parentElement ? { list: card.parentElement, next: card.nextElementSibling } : null;
}

function middle(element: Element): number {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
