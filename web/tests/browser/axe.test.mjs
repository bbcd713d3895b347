// Every page that a link leads to, in both themes, through the eyes of who sees most and who sees little.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { useCairn } from "./harness.mjs";
import { breaches, crawl, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });

// Two at once, as looking at a page is the work of one core.
suite("every page", { concurrency: 2 }, () => {
  test("meets WCAG 2.2 AA in the light theme, as the owner sees it", (t) => look(t, "Hanneke", "light"));

  // The other theme changes nothing but colours.
  test("has enough contrast in the dark theme", (t) => look(t, "Hanneke", "dark", ["color-contrast"]));

  test("meets WCAG 2.2 AA as an engineer sees it, in the dark theme", (t) => look(t, "Yuki", "dark"));
});

async function look(t, name, colorScheme, rules) {
  const page = await cairn.visitor(t, { colorScheme });
  await page.goto("/today");
  await lookAs(page, name);
  const found = [];
  await crawl(page, "/today", async (path) => {
    found.push(...(await breaches(page, rules)).map((breach) => `${path}: ${breach}`));
  });
  assert.deepEqual(found, []);
}
