import { CardBoard, post } from "./lib/card-board";

/** Cards of a retrospective in their topics. The server makes and drops topics, so the page is read again after each move. */
export class TopicBoard extends CardBoard {
  protected override readonly ordered = false;

  protected send(card: HTMLElement, lane: HTMLElement): Promise<Response> {
    return post(`/retrospective-cards/${card.dataset["card"]}/topic`, { topic: lane.dataset["value"] ?? "" });
  }
}
