import { visit } from "@hotwired/turbo";
import { ask } from "./lib/ask";
import { unsavedForms } from "./lib/unsaved";

// Drafts live in memory only: what people write about people must not stay in the browser's storage.
const drafts = new Map<string, string>();
const longEnough = 20;
let leaving = false;
let path = location.pathname;

/** Warns before a page with unsaved `data-guard` forms is left, and puts long texts back when the reader returns. */
export function guardUnsaved(): void {
  window.addEventListener("beforeunload", (event) => {
    if (unsavedForms().length > 0) event.preventDefault();
  });
  document.addEventListener("turbo:before-visit", (event) => void question(event as CustomEvent<{ url: string }>));
  document.addEventListener("turbo:before-cache", keepDrafts);
  document.addEventListener("turbo:load", restoreDrafts);
  document.addEventListener("turbo:submit-end", (event) => {
    const { success } = (event as CustomEvent<{ success: boolean }>).detail;
    if (success) textareasOf(event.target as HTMLFormElement).forEach((area) => drafts.delete(keyOf(area)));
  });
}

async function question(event: CustomEvent<{ url: string }>): Promise<void> {
  // A refresh of the same page morphs around unsaved forms, so nothing is left.
  if (leaving || event.detail.url === location.href || unsavedForms().length === 0) return;
  event.preventDefault();
  const sentence = "What you changed on this page is not saved. Leave it?";
  leaving = await ask({ sentence, yes: "Leave", no: "Stay", danger: true });
  if (leaving) visit(event.detail.url);
}

function keepDrafts(): void {
  leaving = false;
  for (const area of unsavedForms().flatMap(textareasOf)) {
    if (area.value !== area.defaultValue && area.value.length >= longEnough) drafts.set(keyOf(area), area.value);
  }
}

function restoreDrafts(): void {
  path = location.pathname;
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("form[data-guard] textarea")) {
    const draft = drafts.get(keyOf(area));
    if (draft === undefined || area.value !== area.defaultValue || draft === area.value) continue;
    area.value = draft;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    offerDiscard(area);
  }
}

function offerDiscard(area: HTMLTextAreaElement): void {
  const note = document.createElement("p");
  note.className = "hint row gap-2";
  note.dataset["script"] = "";
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small", textContent: "Discard it" });
  button.addEventListener("click", () => {
    drafts.delete(keyOf(area));
    area.value = area.defaultValue;
    note.remove();
    area.focus();
  });
  note.append("This is the text that you had not saved.", button);
  area.after(note);
}

function textareasOf(form: HTMLFormElement): HTMLTextAreaElement[] {
  return [...form.querySelectorAll("textarea")];
}

/** The path is that of the page on the screen: before it is cached the address is already the next page's. */
function keyOf(area: HTMLTextAreaElement): string {
  return `${path} ${area.form?.getAttribute("action") ?? ""} ${area.name}`;
}
