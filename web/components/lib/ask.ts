import { make } from "./dom";

export interface Question {
  sentence: string;
  yes: string;
  no?: string;
  danger?: boolean;
}

/** Asks in a dialog and resolves to whether the reader agreed; Escape means no. The dialog leaves nothing behind. */
export function ask({ sentence, yes, no = "Cancel", danger = false }: Question): Promise<boolean> {
  const agree = make("button", { class: danger ? "button danger" : "button primary", value: "yes" }, yes);
  const decline = make("button", { class: "button quiet", value: "no", autofocus: danger }, no);
  const text = make("p", { id: "question" }, sentence);
  const form = make("form", { method: "dialog", class: "foot", "data-turbo": "false" }, decline, agree);
  const dialog = make("dialog", { "aria-labelledby": "question", "data-script": true }, make("div", { class: "body" }, text), form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
