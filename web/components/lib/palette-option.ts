import { make } from "./dom";
import { capOf, isApple, parseSequence } from "./keys";
import type { Found } from "./palette";

/** One row of the palette, with the letters that fit set off and the keys that lead to the same place. */
export function optionOf({ entry, marks }: Found, id: string): HTMLElement {
  const title = make("span", { class: "title" });
  for (let at = 0; at < entry.title.length; at += 1) {
    const letter = entry.title.charAt(at);
    title.append(marks.includes(at) ? make("mark", {}, letter) : letter);
  }
  const caps = parseSequence(entry.keys ?? "").map((stroke) => make("kbd", {}, capOf(stroke, isApple())));
  const subtitle = make("span", { class: "subtitle" }, entry.subtitle ?? "");
  return make("div", { role: "option", id, "aria-selected": "false" }, title, subtitle, ...caps);
}
