const touched = new WeakSet<HTMLFormElement>();
const sent = new WeakSet<HTMLFormElement>();

/** Notes which forms were typed in; runs once, from `main.ts`. */
export function watchForms(): void {
  const mark = (event: Event) => {
    const form = formOf(event.target);
    if (form) touched.add(form);
    if (form) sent.delete(form);
  };
  document.addEventListener("input", mark);
  document.addEventListener("change", mark);
  document.addEventListener("reset", (event) => touched.delete(event.target as HTMLFormElement));
  document.addEventListener("turbo:submit-start", (event) => sent.add(event.target as HTMLFormElement));
  document.addEventListener("turbo:submit-end", (event) => {
    const { success } = (event as CustomEvent<{ success: boolean }>).detail;
    const form = event.target as HTMLFormElement;
    if (success) touched.delete(form);
    else sent.delete(form);
  });
}

/** Whether leaving the form would lose what was typed: changed fields, or a refused submit that is still on the screen. */
export function isUnsaved(form: HTMLFormElement): boolean {
  if (form.method === "get" || sent.has(form)) return false;
  if (form.querySelector(".error-summary")) return true;
  return touched.has(form) && [...form.elements].some(differs);
}

/** The forms of the page that a reader would be sorry to lose. */
export function unsavedForms(): HTMLFormElement[] {
  return [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")].filter(isUnsaved);
}

function formOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element && "form" in target ? (target.form as HTMLFormElement | null) : null;
}

function differs(field: Element): boolean {
  if (field instanceof HTMLInputElement) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.type === "file" ? field.value !== "" : field.value !== field.defaultValue;
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field instanceof HTMLSelectElement) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return false;
}
