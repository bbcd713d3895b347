import { announce } from "./lib/dom";

/** Copies `data-text`, or the text of the element that `data-target` selects, and says so on the button for a moment. */
export class CopyButton extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    this.addEventListener("click", this.#copy);
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.removeEventListener("click", this.#copy);
  }

  #copy = async (): Promise<void> => {
    const button = this.querySelector("button");
    const label = button?.lastChild;
    if (!button || !label || this.#timer) return;
    const before = label.textContent;
    const done = await this.#write();
    label.textContent = done ? "Copied" : "Select and copy it";
    announce(label.textContent);
    this.#timer = window.setTimeout(() => {
      label.textContent = before;
      this.#timer = 0;
    }, 1600);
  };

  async #write(): Promise<boolean> {
    const target = this.dataset["target"] ? document.querySelector(this.dataset["target"]) : null;
    const text = target instanceof HTMLInputElement ? target.value : (target?.textContent ?? this.dataset["text"] ?? "");
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
}
