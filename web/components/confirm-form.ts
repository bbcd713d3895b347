import { ask } from "./lib/ask";

/**
 * Asks before a form with `data-confirm` (on the form or the button pressed) is sent, and sends `confirmed=yes` with it.
 * Without script the field is missing and the server asks on a page of its own.
 */
export function watchConfirmations(): void {
  document.addEventListener("submit", (event) => void confirm(event as SubmitEvent), { capture: true });
}

async function confirm(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const source = event.submitter?.hasAttribute("data-confirm") ? event.submitter : form;
  const sentence = source.getAttribute("data-confirm");
  if (sentence === null || form.elements.namedItem("confirmed")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const yes = source.getAttribute("data-confirm-button") ?? "Go on";
  form.dataset["asked"] = "";
  const agreed = await ask({ sentence, yes, danger: true });
  delete form.dataset["asked"];
  if (!agreed) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "confirmed", value: "yes" });
  form.append(field);
  form.requestSubmit(event.submitter);
  field.remove();
}
