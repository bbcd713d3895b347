// Everything with the keyboard alone; the mouse is never used here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAwake, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });

test("the first stop is a link past the sidebar", async (t) => {
  const page = await open(t, "/people");
  await page.keyboard.press("Tab");
  await page.locator("a.skip:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.locator("#main:focus").waitFor();
});

test("two keys lead to a place, one acts on the page, and a question mark lists them", async (t) => {
  const page = await open(t, "/today");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL("**/people");
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByText("Add a person").waitFor();
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "hidden" });
  await page.keyboard.press("c");
  await page.waitForURL("**/people/new");
});

test("the palette finds a person", async (t) => {
  const page = await open(t, "/today");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await palette.waitFor();
  await page.keyboard.type("yuki tan");
  await palette.getByRole("option", { name: /Yuki Tanaka/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /Yuki Tanaka/, level: 1 }).waitFor();
});

test("a person is added without a mouse", async (t) => {
  const page = await open(t, "/people/new");
  await tabTo(page, "[name=name]");
  await page.keyboard.type("Nerea Etxeberria");
  await tabTo(page, "[name=zone], combo-box:has([name=zone]) input");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("madrid");
  await page.getByRole("option", { name: /Madrid/ }).first().waitFor();
  await page.keyboard.press("Enter");
  await tabTo(page, "[name=title]");
  await page.keyboard.type("Engineer");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "Nerea Etxeberria", level: 1 }).waitFor();
  await page.getByText("Madrid").first().waitFor();
});

async function open(t, path) {
  const page = await cairn.visitor(t);
  await page.goto("/today");
  await lookAs(page, "Hanneke");
  await page.goto(path);
  await isAwake(page);
  return page;
}

/** Presses Tab until a field has the focus, and looks that each stop on the way can be seen. */
async function tabTo(page, selector) {
  for (let stops = 0; stops < 120; stops += 1) {
    await page.keyboard.press("Tab");
    const { found, seen, name } = await page.evaluate(describeFocus, selector);
    assert.ok(seen, `${name} has the focus and does not show it`);
    if (found) return;
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

/** Runs in the browser. */
function describeFocus(selector) {
  const element = document.activeElement;
  const shows = (one) => {
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== "none" || boxShadow !== "none";
  };
  const seen = element === document.body || shows(element) || shows(element.parentElement);
  return { found: element.matches(selector), seen, name: element.outerHTML.slice(0, 100) };
}
