/** Shows itself while the browser has no network. */
export class OfflineBanner extends HTMLElement {
  connectedCallback(): void {
    for (const name of ["online", "offline"]) window.addEventListener(name, this.#update);
    document.addEventListener("turbo:morph", this.#update);
    this.#update();
  }

  disconnectedCallback(): void {
    for (const name of ["online", "offline"]) window.removeEventListener(name, this.#update);
    document.removeEventListener("turbo:morph", this.#update);
  }

  #update = (): void => {
    this.hidden = navigator.onLine;
  };
}
