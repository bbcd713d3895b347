import { icon, make, takesText } from "./lib/dom";
import { capOf, isApple, parseSequence, SequenceReader, strokeOf } from "./lib/keys";

interface Shortcut {
  element: HTMLElement;
  sequence: string[];
}

/**
 * Follows the sequences in `data-key` and lists them on `?`, with those of `data-listed`, which another element follows. With
 * `data-off` only strokes with Control or Command work.
 */
export class KeyboardMap extends HTMLElement {
  #reader = new SequenceReader();

  connectedCallback(): void {
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#press);
  }

  #press = (event: KeyboardEvent): void => {
    const stroke = strokeOf(event);
    if (event.defaultPrevented || event.isComposing || !stroke) return;
    const typing = takesText(event.target) || this.hasAttribute("data-off");
    if (typing && !stroke.startsWith("mod+")) return this.#reader.reset();
    if (stroke === "?") return this.#help(event);
    const shortcuts = this.#shortcuts(document.activeElement);
    const read = this.#reader.read(stroke, event.timeStamp, shortcuts.map(({ sequence }) => sequence));
    const fitting = shortcuts.filter(({ sequence }) => sequence.join(" ") === (Array.isArray(read) ? read.join(" ") : read));
    const found = fitting.find(({ element }) => !element.closest(".side")) ?? fitting[0];
    if (!found) return;
    event.preventDefault();
    if (takesText(found.element)) found.element.focus();
    else found.element.click();
  };

  /** Those of the open dialog if there is one; what sends a form belongs to the form that one is in, or to the only one. */
  #shortcuts(target: Element | null): Shortcut[] {
    const dialog = document.querySelector("dialog:modal");
    const form = target?.closest("form");
    const all = shortcutsOf(dialog ?? document, "key");
    const sends = ({ sequence }: Shortcut) => sequence[0]?.startsWith("mod+enter");
    const isOnly = !form && all.filter(sends).length === 1;
    return all.filter((one) => !sends(one) || isOnly || one.element.closest("form") === form);
  }

  #help(event: KeyboardEvent): void {
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    const close = make("button", { class: "button quiet small icon-only right", value: "", "aria-label": "Close" }, icon("x"));
    const head = make("form", { class: "head", method: "dialog", "data-turbo": "false" }, make("h2", { id: "keys-title" }, "Keys"), close);
    const dialog = make("dialog", { "aria-labelledby": "keys-title", "data-script": true }, head, this.#lists());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (click) => click.target === dialog && dialog.close());
    this.append(dialog);
    dialog.showModal();
  }

  #lists(): HTMLElement {
    const labelled = this.#shortcuts(null).filter(({ element }) => element.dataset["keyLabel"]);
    const body = make("div", { class: "body" });
    const everywhere = [row("Search or jump to", ["mod+k"]), row("Search or jump to", ["/"]), row("These keys", ["?"])];
    for (const [title, rows] of [
      ["Everywhere", everywhere],
      ["Go to", rowsOf(labelled.filter(({ element }) => element.closest(".side")))],
      ["On this page", rowsOf([...labelled.filter(({ element }) => !element.closest(".side")), ...shortcutsOf(document, "listed")])],
    ] as const) {
      if (rows.length > 0) body.append(make("h3", {}, title), make("dl", { class: "keys" }, ...rows.flat()));
    }
    return body;
  }
}

function shortcutsOf(place: ParentNode, attribute: "key" | "listed"): Shortcut[] {
  const elements = [...place.querySelectorAll<HTMLElement>(`[data-${attribute}]`)];
  return elements.map((element) => ({ element, sequence: parseSequence(element.dataset[attribute] ?? "") }));
}

function rowsOf(shortcuts: Shortcut[]): HTMLElement[][] {
  const seen = new Map(shortcuts.map(({ element, sequence }) => [sequence.join(" "), row(element.dataset["keyLabel"] ?? "", sequence)]));
  return [...seen.values()];
}

function row(label: string, sequence: string[]): HTMLElement[] {
  const caps = sequence.map((stroke) => make("kbd", {}, capOf(stroke, isApple())));
  return [make("dt", {}, label), make("dd", {}, ...caps)];
}
