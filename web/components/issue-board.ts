import { session } from "@hotwired/turbo";
import { announce } from "./lib/dom";
import { complain, refusalOf } from "./lib/refusal";
import { Rows } from "./lib/rows";

const threshold = 6;

/** Where a card stood before it was moved. */
interface Home {
  list: Element;
  next: Element | null;
}

/**
 * Cards of a board, dragged with pointer and touch by their grip (a mouse takes the whole card), or moved with the arrow keys
 * while the grip has the focus. A card stands where it was dropped at once; if the server refuses, it goes back.
 */
export class IssueBoard extends HTMLElement {
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
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const lane = under?.closest<HTMLElement>(".lane");
    if (!lane || !this.contains(lane)) return;
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
    this.#mark(null);
    setTimeout(() => card.removeAttribute("data-dragging"));
    void this.#send(card, this.#home);
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
    void this.#send(card, home);
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

  /** Says to the server between which cards it stands now, and in which column. */
  async #send(card: HTMLElement, home: Home | null): Promise<void> {
    const lane = card.closest<HTMLElement>(".lane");
    const id = card.dataset["issue"] ?? "";
    const body = new URLSearchParams({ csrf: document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "" });
    const after = (card.previousElementSibling as HTMLElement | null)?.dataset["issue"];
    const before = (card.nextElementSibling as HTMLElement | null)?.dataset["issue"];
    if (after) body.set("after", after);
    if (before) body.set("before", before);
    body.set(this.dataset["field"] ?? "state", lane?.dataset["value"] ?? "");
    const answer = await fetch(`/issues/${id}/place`, { method: "POST", body, redirect: "manual" }).catch(() => null);
    const done = answer?.type === "opaqueredirect" || answer?.ok;
    if (done) return announce(`${card.dataset["title"]} is in ${lane?.querySelector("h2")?.textContent}`);
    home?.list.insertBefore(card, home.next);
    complain(await refusalOf(answer));
    session.refresh(document.baseURI, { method: "morph", scroll: "preserve" });
  }
}

function homeOf(card: HTMLElement): Home | null {
  return card.parentElement ? { list: card.parentElement, next: card.nextElementSibling } : null;
}

function middle(element: Element): number {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
