/** Moves the focus to the list of errors of a refused form, so that it is read first. */
export function focusErrors(): void {
  let focused: Element | null = null;
  const focus = () => {
    const summary = document.querySelector<HTMLElement>(".error-summary");
    if (summary && summary !== focused) summary.focus();
    focused = summary;
  };
  ["turbo:load", "turbo:render"].forEach((event) => document.addEventListener(event, focus));
  document.addEventListener("turbo:submit-start", () => (focused = null));
}
