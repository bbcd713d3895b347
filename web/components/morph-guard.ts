import { takesText } from "./lib/dom";
import { isUnsaved } from "./lib/unsaved";

interface MorphDetail {
  currentElement: Element;
  newElement?: Element;
}

// State that scripts or readers set and no server writes.
const ownAttributes = new Set(["data-ready", "open", "style"]);

/**
 * Keeps a morph away from what the reader is doing: the field with the focus, forms with unsaved changes or about which
 * a question is open, what scripts added (`data-script`), open menus, messages that have not been up long enough. The answer to a form's own submit replaces that form all the same.
 */
export function guardMorphs(): void {
  let answered: HTMLFormElement | null = null;
  let ended = false;
  document.addEventListener("turbo:submit-start", (event) => {
    const form = event.target as HTMLFormElement;
    answered = form.method === "get" ? null : form;
    ended = false;
  });
  // The answer is rendered after the end of the submit; what is rendered before is a refresh that came in between.
  document.addEventListener("turbo:submit-end", () => (ended = true));
  document.addEventListener("turbo:render", () => (answered = ended ? null : answered));
  document.addEventListener("turbo:before-morph-element", (event) => {
    const { currentElement, newElement } = (event as CustomEvent<MorphDetail>).detail;
    if (isKept(currentElement, !newElement, answered)) event.preventDefault();
  });
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    const { attributeName } = (event as CustomEvent<{ attributeName: string }>).detail;
    if (ownAttributes.has(attributeName)) event.preventDefault();
  });
}

function isKept(element: Element, removed: boolean, answered: HTMLFormElement | null): boolean {
  const isAtWork = (form: HTMLFormElement) => form !== answered && (form.hasAttribute("data-asked") || isUnsaved(form));
  if (element.hasAttribute("data-script")) return true;
  if (removed && element.matches("flash-message")) return true;
  if (element instanceof HTMLFormElement && isAtWork(element)) return true;
  if (removed && [...element.querySelectorAll("form")].some(isAtWork)) return true;
  const focused = document.activeElement;
  if (answered || !takesText(focused)) return false;
  return element === focused || (removed && element.contains(focused));
}
