import { session } from "@hotwired/turbo";

const pause = 150;
let timer = 0;

/** Fetches the page again and morphs it, once for all that happens within a moment, however much goes on. */
export function refreshSoon(): void {
  timer ||= window.setTimeout(refresh, pause);
}

function refresh(): void {
  timer = 0;
  // Nothing jumps under the pointer while a card is dragged, nor back to what it was before a change that is on its way.
  if (isBusy() || document.querySelector("[data-dragging], [data-pending]")) return refreshSoon();
  // Turbo's own refresh waits once more before it begins, and would then take back a form that was sent meanwhile.
  session.visit(document.baseURI, { action: "replace", shouldCacheSnapshot: false, refresh: { method: "morph", scroll: "preserve" } });
}

/** A visit would take back a form that is being sent, and what its sender wants would not happen. */
function isBusy(): boolean {
  const { currentVisit, formSubmission } = session.navigator;
  return Boolean(currentVisit) || (formSubmission !== undefined && formSubmission.state !== "stopped");
}
