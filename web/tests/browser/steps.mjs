// What people do, in the words of the pages.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";

const standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** A refused form is answered with this status, which browsers report as an error. */
export const refusedForm = /status of 422/;

/** Fails with a line for each breach of WCAG 2.2 AA. */
export async function isAccessible(page, place = page.url()) {
  assert.deepEqual(await breaches(page), [], `${place} breaks WCAG 2.2 AA`);
}

/** A line for each rule that is broken, with the first place; of all rules of the standard if none are named. */
export async function breaches(page, rules) {
  // An address that leads to a comment scrolls there, and what is then half under the bar is no small target.
  await page.evaluate(() => window.scrollTo(0, 0));
  let violations = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const axe = new AxeBuilder({ page });
    ({ violations } = await (rules ? axe.withRules(rules) : axe.withTags(standard)).analyze());
    if (!violations.some(isOfFetching)) break;
    await page.waitForFunction(() => !document.documentElement.hasAttribute("aria-busy"));
  }
  return violations.map(({ id, nodes }) => `${id} ${nodes.length} times, first at ${nodes[0].target}: ${nodes[0].failureSummary}`);
}

/** Turbo marks a page while it fetches it again, with an attribute that its element does not take. */
function isOfFetching({ id, nodes }) {
  return id === "aria-allowed-attr" && nodes.some(({ target, failureSummary }) => target[0] === "html" && failureSummary.includes("aria-busy"));
}

/** Makes the first visitor the owner of an empty workspace. */
export async function becomeOwner(page, cairn, { workspace, name, email, zone, password }) {
  await page.goto(cairn.firstRun);
  await page.fill("[name=workspace]", workspace);
  await page.fill("[name=name]", name);
  await page.fill("[name=email]", email);
  await choose(page, "zone", zone);
  await page.fill("[name=new_password]", password);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL("**/people");
}

/** Sends the form that has this field. */
export async function submit(page, field) {
  await page.locator(`form:has([name="${field}"]) .button.primary`).click();
}

/** Looks through somebody's eyes in the demonstration. */
export async function lookAs(page, name) {
  const option = page.locator("#eyes option").filter({ hasText: name }).first();
  await page.selectOption("#eyes", await option.getAttribute("value"));
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await page.locator(".bar strong").filter({ hasText: name }).waitFor();
}

/** Fills in a field with type-ahead by typing and taking the first match, or a plain one by typing. */
export async function choose(page, field, text) {
  const combo = page.locator(`combo-box:has([name="${field}"])`);
  if ((await combo.count()) === 0) return page.fill(`[name="${field}"]`, text);
  const input = combo.getByRole("combobox");
  await input.fill(text);
  await combo.getByRole("option").first().waitFor();
  await input.press("Enter");
}

/** Waits until nothing new has come to the page for a moment: what others do on it refreshes it. */
export async function isCalm(page) {
  await page.evaluate(() => delete window.calmSince);
  await page.waitForFunction(() => {
    const busy = document.documentElement.hasAttribute("aria-busy");
    window.calmSince = busy ? undefined : (window.calmSince ?? performance.now());
    return performance.now() - window.calmSince > 800;
  });
}

/** Waits until the scripts of the page run. */
export async function isAwake(page) {
  await page.waitForFunction(() => customElements.get("keyboard-map") !== undefined);
}

/** Opens each page that links lead to, from `start` on, and visits it; pages that differ in the record only count once. */
export async function crawl(page, start, visit) {
  const found = new Map([[shapeOf(start), start]]);
  for (const path of found.values()) {
    const response = await page.request.get(path);
    assert.ok(response.ok(), `A link leads to ${path}, which answers ${response.status()}`);
    if (!response.headers()["content-type"]?.startsWith("text/html")) continue;
    await page.goto(path);
    await isAwake(page);
    await visit(path);
    const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    for (const link of links) if (!found.has(shapeOf(link))) found.set(shapeOf(link), link);
  }
}

/** Without query, fragment and what names a record: an id of 26 letters and digits, the key of an issue, or a country's code. */
function shapeOf(path) {
  return path.replace(/[?#].*/, "").replace(/\/([0-9a-z]{26}|[A-Z][A-Z0-9]+(-\w+)?)(?=\/|$)/g, "/…");
}
