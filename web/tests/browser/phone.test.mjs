// A phone of 390 pixels: nothing scrolls sideways, fingers hit what they aim at, and the sidebar is a sheet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { crawl, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test("every page fits a phone, and its controls fit a finger", async (t) => {
  const page = await cairn.visitor(t, phone);
  await page.goto("/today");
  await lookAs(page, "Hanneke");
  const found = [];
  await crawl(page, "/today", async (path) => {
    const { overflow, small } = await page.evaluate(measure);
    if (overflow > 0) found.push(`${path} is ${overflow} px too wide`);
    if (small.length > 0) found.push(`${path} has ${small.length} small controls, first ${small[0]}`);
  });
  assert.deepEqual(found, []);
});

test("the sidebar is a sheet that the menu button opens and a link closes", async (t) => {
  const page = await cairn.visitor(t, phone);
  await page.goto("/today");
  const sheet = page.getByRole("navigation", { name: "Main" });
  await assert.rejects(sheet.waitFor({ state: "visible", timeout: 500 }));
  await page.getByRole("button", { name: "Menu" }).tap();
  await sheet.waitFor({ state: "visible" });
  await sheet.getByRole("link", { name: "People", exact: true }).tap();
  await page.waitForURL("**/people");
  await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
  await sheet.waitFor({ state: "hidden" });
});

/** Runs in the browser. Links within text are as high as their line, which the guideline allows. */
function measure() {
  const controls = document.querySelectorAll("button, a.button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), .side a, .choice");
  const least = (control) => (control.matches(".small") ? 36 : 44);
  const small = [...controls]
    .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest(".vh"))
    .map((control) => ({ control, box: control.getBoundingClientRect() }))
    .filter(({ control, box }) => box.height < least(control) - 0.5 || box.width < 24)
    .map(({ control, box }) => `${control.outerHTML.slice(0, 90)} of ${Math.round(box.width)} × ${Math.round(box.height)} px`);
  return { overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth, small };
}
