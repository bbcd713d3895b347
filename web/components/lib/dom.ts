type Attributes = Record<string, string | boolean | undefined>;

/** Makes an element; attributes that are `undefined` or `false` are left out, `true` becomes an empty attribute. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An icon of the sprite that the page already uses, or nothing where it uses none. */
export function icon(name: string): SVGSVGElement | string {
  const sprite = document.querySelector("use[href]")?.getAttribute("href")?.split("#")[0];
  if (sprite === undefined) return "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

const textless = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

/** Whether key presses on this target are text, so that shortcuts must stay away. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !textless.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Says a sentence to screen readers when they are idle, and shows nothing. */
export function announce(sentence: string): void {
  let region = document.getElementById("announcer");
  if (!region) {
    region = make("p", { id: "announcer", class: "vh", role: "status", "data-script": true });
    document.body.append(region);
  }
  const place = region;
  place.textContent = "";
  setTimeout(() => (place.textContent = sentence), 60);
}

/** Returns a function that runs `action` once nobody called it for that many milliseconds. */
export function debounce(milliseconds: number, action: () => void): { (): void; cancel(): void } {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = window.setTimeout(action, milliseconds);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

let lastId = 0;

/** An id that no other element of the page has. */
export function freshId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
