// Issues by keyboard: on the list, the board and the page of an issue, one and many.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, lookAs, refusedForm } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });

test("a state is chosen by typing, shows at once, and is undone", async (t) => {
  const page = await onList(t, "Priya");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const row = page.locator("tr[aria-current=true]");
  const list = page.url();
  // The page fetches itself again a little after a change; an undo that is sent at that moment happens all the same.
  for (const pause of [0, 60, 120, 180]) {
    const id = await row.getAttribute("id");
    const before = await row.locator("[data-shows=state]").innerText();
    const words = before === "In review" ? "In progress" : "In review";
    await pick(page, "s", words.slice(0, 6).toLowerCase());
    await chip(page, id, "state", words).waitFor();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.waitForTimeout(pause);
    await page.keyboard.press("z");
    await page.getByText("It is as it was before.").waitFor();
    await page.goto(list);
    await isAwake(page);
    await chip(page, id, "state", before).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
  }
});

test("what the server refuses is taken back, with its sentence", async (t) => {
  const page = await onList(t, "Priya", { expects: [refusedForm] });
  await page.keyboard.press("j");
  const row = page.locator("tr[aria-current=true]");
  const [id, before] = [await row.getAttribute("id"), await row.locator("[data-shows=state]").innerText()];
  let hold;
  const held = new Promise((resolve) => (hold = resolve));
  await page.route("**/issue-edits/field", async (route) => {
    await held;
    await route.continue({ postData: route.request().postData().replace(/state=\w+/, "estimate=many") });
  });
  await pick(page, "s", "cancel");
  await chip(page, id, "state", "Cancelled").waitFor();
  hold();
  await page.getByText("`many` is no estimate").waitFor();
  await chip(page, id, "state", before).waitFor();
});

test("many rows are chosen and changed together after a preview, by keyboard alone", async (t) => {
  const page = await onList(t, "Priya");
  for (const key of ["j", "x", "Shift+ArrowDown", "j", "Shift+X"]) await page.keyboard.press(key);
  assert.equal(await page.locator("input[name=issues]:checked").count(), 3);
  await page.keyboard.press("b");
  await page.getByRole("heading", { name: "Change 3 issues" }).waitFor();
  await isAwake(page);
  for (let step = 0; step < 60 && !(await page.evaluate(() => document.activeElement?.getAttribute("name") === "due_on")); step += 1) await page.keyboard.press("Tab");
  await page.keyboard.type("04022031");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "3 changes to look at" }).waitFor();
  await isAwake(page);
  await isAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.getByText("3 changes are made.").waitFor();
  await page.waitForURL(/\/teams\/.*\/issues/);
});

test("labels and estimates of several rows at once, also one that is not in the list", async (t) => {
  const page = await onList(t, "Priya");
  await page.keyboard.press("j");
  const first = await page.locator("tr[aria-current=true]").getAttribute("id");
  await page.keyboard.press("Shift+J");
  const second = await page.locator("tr[aria-current=true]").getAttribute("id");
  await pick(page, "e", "17");
  for (const row of [first, second]) await chip(page, row, "estimate", "17").waitFor();
  await page.getByText("2 issues are changed.").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("input[name=issues]:checked").count(), 0);
});

test("on the board the keys move from card to card, and a card goes into the column of its new state", async (t) => {
  const page = await onBoard(t, "Priya");
  await page.keyboard.press("j");
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
  const card = page.locator(".ticket[aria-current=true]");
  const id = await card.getAttribute("id");
  const now = await page.locator(`.lane:has(#${id}) h2`).innerText();
  const next = now === "In review" ? "In progress" : "In review";
  await pick(page, "s", next.toLowerCase());
  await page.locator(`.lane:has(h2:text-is("${next}")) #${id}`).waitFor();
  await page.getByText("is changed.").waitFor();
  await pick(page, "a", "tomasz");
  await page.locator(`#${id} [data-shows=assignee]`).getByText("TN").or(page.locator(`#${id} [title^=Tomasz]`)).first().waitFor();
  await page.reload();
  await page.locator(`.lane:has(h2:text-is("${next}")) #${id} [title^=Tomasz]`).waitFor();
  await isAccessible(page);
});

test("the page of an issue has the same keys, and the map lists them", async (t) => {
  const page = await onList(t, "Priya");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/issues\/[A-Z]+-\d+$/);
  await page.waitForFunction(() => customElements.get("issue-picker") !== undefined);
  await pick(page, "p", "urg");
  await page.locator("[data-shows=priority]").getByText("Urgent").waitFor();
  await page.getByText("is changed.").waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  for (const words of ["Change the state", "Assign to somebody", "Estimate", "Go to new issue"]) await keys.getByText(words, { exact: true }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  await page.waitForURL(/\/issues\/new/);
});

test("a view is saved from the filter, changed by what the page shows, and deleted", async (t) => {
  const page = await onList(t, "Priya");
  await page.keyboard.press("f");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("is:open (priority:high or estimate:13)");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=is/);
  const found = await page.locator("tr[data-issue]").count();
  await page.getByRole("link", { name: "Save as a view" }).click();
  await page.fill("[name=name]", "What weighs most");
  await page.getByRole("button", { name: "Save the view" }).click();
  const tab = page.getByRole("navigation", { name: "Saved views" }).getByRole("link", { name: "What weighs most" });
  await tab.and(page.locator("[aria-current]")).waitFor();
  assert.equal(await page.locator("tr[data-issue]").count(), found);
  await page.getByRole("link", { name: "By state" }).click();
  await page.getByRole("button", { name: "Save in “What weighs most”" }).click();
  await page.getByText("“What weighs most” is changed.").waitFor();
  assert.ok((await page.locator("tr.group").count()) > 0);
  await page.getByRole("link", { name: "Change the view" }).click();
  await page.getByRole("button", { name: "Delete the view" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await tab.and(page.locator("[aria-current]")).waitFor();
});

for (const [name, options] of Object.entries({ light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, phone: { viewport: { width: 390, height: 844 } } })) {
  test(`lists, groups and the forms of views meet WCAG 2.2 AA, ${name}`, async (t) => {
    const page = await cairn.visitor(t, options);
    await page.goto("/today");
    await lookAs(page, "Mara");
    await isAwake(page);
    const list = await page.locator(".side a[href$='/issues']").first().getAttribute("href");
    await page.goto(list);
    const view = await page.getByRole("navigation", { name: "Saved views" }).getByRole("link").first().getAttribute("href");
    const id = new URL(view, cairn.origin).searchParams.get("view");
    const grouped = `${list}?group=assignee&columns=key&columns=state&columns=due&columns=updated`;
    for (const path of [list, grouped, view, `/issue-views/${id}/edit`, `/issue-views/new?team=${list.split("/")[2]}&q=is:open`, "/issues"]) {
      await page.goto(path);
      await isAwake(page);
      await isAccessible(page, path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overflow, 0, `${path} is ${overflow} px too wide`);
    }
  });
}

async function pick(page, key, words) {
  await page.keyboard.press(key);
  await page.locator("dialog.pick:modal [role=option]").first().waitFor();
  await isAccessible(page);
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.locator("dialog.pick:modal").waitFor({ state: "hidden" });
}

function chip(page, row, field, words) {
  return page.locator(`#${row} [data-shows=${field}]`).getByText(words, { exact: true });
}

async function at(t, name, end, element, options) {
  const page = await cairn.visitor(t, options);
  await page.goto("/today");
  await lookAs(page, name);
  await isAwake(page);
  const stream = page.waitForResponse((response) => response.url().includes("/live?"));
  await page.goto(await page.locator(`.side a[href$='/${end}']`).first().getAttribute("href"));
  await stream;
  await page.waitForFunction((element) => customElements.get(element) && customElements.get("issue-picker"), element);
  return page;
}

const onList = (t, name, options) => at(t, name, "issues", "issue-list", options);
const onBoard = (t, name, options) => at(t, name, "board", "issue-board", options);
