// Renders the gallery and checks it: `node tests/gallery/render.mjs [folder]` writes screenshots in light and dark, wide
// and on a phone, and fails on a breach of the content security policy, on sideways scrolling and on what axe finds.
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startGallery } from "./serve.mjs";

const folder = process.argv[2] ?? join(tmpdir(), "cairn-gallery");
mkdirSync(folder, { recursive: true });
const { server, origin } = await startGallery();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];

for (const name of ["people", "components", "sign-in"]) {
  for (const theme of ["light", "dark"]) {
    await render(name, theme, { width: 1440, height: 1000 }, "wide");
    await render(name, theme, { width: 390, height: 844 }, "phone");
  }
}
await browser.close();
server.close();
server.closeAllConnections();
console.log(`Screenshots are in ${folder}.`);
faults.forEach((fault) => console.log(fault));
process.exit(faults.length === 0 ? 0 : 1);

async function render(name, colorScheme, viewport, size) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const place = `${name} ${colorScheme} ${size}`;
  page.on("console", (message) => message.type() === "error" && faults.push(`${place}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${place}: ${error.message}`));
  await page.goto(`${origin}/${name}.html`, { waitUntil: "load" });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size}.png`), fullPage: true, caret: "initial" });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) faults.push(`${place}: the page is ${overflow} px too wide`);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  for (const { id, nodes } of violations) faults.push(`${place}: ${id}: ${nodes.map(({ target }) => target).join("; ")}`);
  await context.close();
}
