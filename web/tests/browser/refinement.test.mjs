// A round of refinement: six people estimate blind, each in a browser of their own, and the team says what is ready.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
const sizes = { Camila: "5", Leila: "5", Funmi: "8", Chloé: "3", Quân: "I cannot tell", Beatriz: "5" };

test("what six people think shows when the last one has said it, and then the issue is ready", async (t) => {
  const pages = {};
  for (const name of Object.keys(sizes)) pages[name] = await as(t, name);
  const camila = pages.Camila;
  await camila.locator(".side a[href$='/sprints']").first().click();
  await camila.getByRole("link", { name: "Refinement" }).click();
  await camila.getByText("What the statement still needs").waitFor();
  await isAwake(camila);
  await camila.keyboard.press("n");
  await camila.fill("[name=name]", "The export again");
  for (const chosen of await camila.locator("[name=issues]:checked").all()) await chosen.uncheck();
  await camila.getByLabel("The export names the shop of each payout").check();
  await camila.keyboard.press("Control+Enter");
  await camila.getByRole("heading", { name: "The export again" }).waitFor();
  const round = new URL(camila.url()).pathname;
  for (const page of Object.values(pages)) await page.goto(round);
  await pages.Chloé.getByLabel("A question about").fill("Is the shop's name enough?");
  await pages.Chloé.getByRole("button", { name: "Ask" }).click();
  const [last, ...others] = Object.keys(sizes).reverse();
  let said = 0;
  for (const name of others) {
    await choose(pages[name], sizes[name]);
    said += 1;
    await pages[last].getByText(`${said} of 6 have said how large it is.`).waitFor();
  }
  assert.equal(await pages[last].locator("main .list .chip").count(), 0, "nobody's estimate shows before all are in");
  await choose(pages[last], sizes[last]);
  for (const page of Object.values(pages)) {
    await page.getByText("All estimates are in").waitFor();
    const groups = await page.locator("main .list .chip").allTextContents();
    assert.deepEqual(groups, ["3", "5", "8", "Cannot tell"]);
  }
  await camila.getByLabel("An answer to").fill("Its number as well");
  await camila.getByRole("button", { name: "Answer" }).click();
  await camila.getByText("Its number as well").waitFor();
  await isAccessible(camila);
  await camila.getByRole("button", { name: "Ready", exact: true }).click();
  await pages.Leila.getByText("Ready: 5").waitFor();
  await camila.getByRole("button", { name: "End the round" }).click();
  await camila.getByRole("button", { name: "End it" }).click();
  await camila.getByRole("heading", { name: "What came of it" }).waitFor();
  await camila.getByText("estimated from 3 to 8").waitFor();
  await isAccessible(camila);
});

async function choose(page, size) {
  await isAwake(page);
  await page.locator("main").getByRole("button", { name: size, exact: true }).click();
}

async function as(t, name) {
  const page = await cairn.visitor(t);
  await page.goto("/today");
  await lookAs(page, name);
  return page;
}
