/** A message that leaves by itself: after 6 s, with an undo after 12 s, an error never. It waits while one points at it or is in it. */
export class FlashMessage extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    if (!this.querySelector("[data-dismiss]")) this.append(this.#closeButton());
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, this.#pause);
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, this.#start);
    this.addEventListener("turbo:morph-element", this.#start);
    this.#start();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  #pause = (): void => clearTimeout(this.#timer);

  #start = (): void => {
    clearTimeout(this.#timer);
    if (this.classList.contains("bad") || this.matches(":hover, :focus-within")) return;
    this.#timer = window.setTimeout(this.#leave, this.querySelector("form, a") ? 12_000 : 6_000);
  };

  #leave = (): void => {
    this.classList.add("leaving");
    window.setTimeout(() => this.remove(), 160);
  };

  #closeButton(): HTMLButtonElement {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button quiet small icon-only", textContent: "×", title: "Dismiss" });
    button.setAttribute("data-dismiss", "");
    button.setAttribute("data-script", "");
    button.setAttribute("aria-label", "Dismiss this message");
    button.addEventListener("click", this.#leave);
    return button;
  }
}
