import { CardBoard, post } from "./lib/card-board";

/** Cards of a retrospective in their topics. The server makes and drops topics, so the page is read again after each move. */
export class TopicBoard extends CardBoard {
  protected override readonly ordered = false;

  /** A topic of its own, or the one in which it is alone already. */
  protected override outside(card: HTMLElement): HTMLElement | null {
    const lane = card.closest<HTMLElement>(".lane");
    return lane?.querySelectorAll(".ticket").length === 1 ? lane : this.querySelector<HTMLElement>("#lane-alone");
  }

  protected send(card: HTMLElement, lane: HTMLElement): Promise<Response> {
    return post(`/retrospective-cards/${card.dataset["card"]}/topic`, { topic: lane.dataset["value"] ?? "" });
  }
}
