import { CardBoard, post } from "./lib/card-board";

/** Issues in columns by one of their fields; where a card stands is its rank, and what its column says is the field. */
export class IssueBoard extends CardBoard {
  protected send(card: HTMLElement, lane: HTMLElement): Promise<Response> {
    const fields = { [this.dataset["field"] ?? "state"]: lane.dataset["value"] ?? "" };
    const after = (card.previousElementSibling as HTMLElement | null)?.dataset["issue"];
    const before = (card.nextElementSibling as HTMLElement | null)?.dataset["issue"];
    return post(`/issues/${card.dataset["issue"]}/place`, { ...fields, ...(after && { after }), ...(before && { before }) });
  }
}
