// Every page that a link leads to, in both themes, through the eyes of those who see most, much and little.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { breaches, crawl, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });

for (const [name, themes] of [
  ["Hanneke", ["light", "dark"]],
  ["Mara", ["light"]],
  ["Yuki", ["dark"]],
]) {
  test(`what ${name} sees meets WCAG 2.2 AA`, async (t) => {
    const page = await cairn.visitor(t);
    await page.goto("/today");
    await lookAs(page, name);
    const found = [];
    const paths = await crawl(page, "/today");
    for (const path of paths) {
      await page.goto(path);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await breaches(page)).map((breach) => `${path} ${colorScheme} ${breach}`));
      }
    }
    assert.deepEqual(found, []);
    t.diagnostic(`${paths.length} pages`);
  });
}
