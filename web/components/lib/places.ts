import { make } from "./dom";

/** What a field can be set to, and how a row shows it. */
export interface Choice {
  value: string;
  name: string;
  /** How many of the issues have it. */
  held: number;
  class: string;
  text: string;
}

/** What was shown before the server has answered: it stands, or it is taken back. */
export interface Shown {
  stands(): void;
  takeBack(): void;
}

/** Shows an issue with a choice wherever the page shows it; a label is taken away if `away`. */
export function show(issue: string, field: string, choice: Choice, away: boolean): Shown {
  const homes = [...document.querySelectorAll<HTMLElement>(`[data-issue="${CSS.escape(issue)}"]`)];
  const backs = homes.flatMap((home) => [...write(home, field, choice, away), ...carry(home, field, choice)]);
  // A refresh that was asked for before the change would show the old value once more.
  for (const home of homes) home.setAttribute("data-pending", "");
  const stands = () => homes.forEach((home) => home.removeAttribute("data-pending"));
  return { stands, takeBack: () => (stands(), backs.forEach((back) => back())) };
}

/** Returns how it is taken back, as does `carry`. */
function write(home: HTMLElement, field: string, choice: Choice, away: boolean): (() => void)[] {
  return [...home.querySelectorAll<HTMLElement>(`[data-shows="${field}"]`)].map((place) => {
    const before = [...place.childNodes];
    const chip = choice.text ? [make("span", { class: choice.class, title: choice.name }, choice.text)] : [];
    if (field !== "label") place.replaceChildren(...chip);
    else if (away) place.replaceChildren(...before.filter((one) => one.textContent !== choice.name));
    else place.append(...chip);
    return () => place.replaceChildren(...before);
  });
}

/** On a board whose columns go by the field, the card goes to the end of its new column. */
function carry(home: HTMLElement, field: string, { value }: Choice): (() => void)[] {
  const board = home.closest<HTMLElement>(`issue-board[data-field="${field}"]`);
  const lane = board?.querySelector(`.lane[data-value="${CSS.escape(value === "none" && field === "assignee" ? "" : value)}"] .cards`);
  const [list, next] = [home.parentElement, home.nextElementSibling];
  if (!lane || !list || lane === list) return [];
  const focused = document.activeElement === home;
  const put = (to: Element, before: Element | null) => {
    to.insertBefore(home, before);
    if (focused) home.focus({ preventScroll: true });
  };
  put(lane, null);
  return [() => put(list, next)];
}
