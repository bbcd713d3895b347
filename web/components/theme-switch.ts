const year = 365 * 24 * 3600;

/** Applies the chosen theme at once and keeps it in a cookie, from which the server renders the next page. */
export class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", this.#choose);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.#choose);
  }

  #choose = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement;
    if (name !== "theme") return;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${value}; path=/; max-age=${year}; samesite=lax${secure}`;
    if (value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = value;
  };
}
