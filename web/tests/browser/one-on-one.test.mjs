// A one-on-one in writing: over three days, by two people whose working days hardly meet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, isCalm, lookAs, submit } from "./steps.mjs";

const cairn = useCairn({ days: true });

test("a written one-on-one takes three days, and leaves its notes and a promise", async (t) => {
  const [mara, tomasz] = [await as(t, "Mara"), await as(t, "Tomasz")];
  const place = await begin(mara, "Tomasz");
  await add(mara, "Where do you want to be in a year?");
  await isCalm(mara);
  await isAccessible(mara);

  await cairn.passTo("2026-03-18T09:00:00Z");
  await lookAs(tomasz, "Tomasz");
  await tomasz.goto("/one-on-ones");
  await tomasz.locator(`a[href^="${place}"]`).first().click();
  await tomasz.waitForURL(`**${place}*`);
  await answer(tomasz, "Where do you want to be in a year?", "Closer to the ledger than to the tickets.");
  await add(tomasz, "The calls at eight in the evening");
  await isCalm(tomasz);
  await isAccessible(tomasz);

  await cairn.passTo("2026-03-19T09:00:00Z");
  await lookAs(mara, "Mara");
  await mara.goto(place);
  await mara.getByText("Closer to the ledger than to the tickets.").waitFor();
  await answer(mara, "The calls at eight in the evening", "I move them to the morning, every other week.");
  await promise(mara, "Move the weekly call to the morning");
  for (const words of ["Where do you want to be in a year?", "The calls at eight in the evening"]) await talkedAbout(mara, words);
  await takeNotes(mara, "Tomasz takes the ledger from April on.");
  await mara.getByRole("button", { name: "Done in writing" }).click();
  await mara.getByText("In writing").first().waitFor();

  await cairn.passTo("2026-03-20T09:00:00Z");
  await lookAs(tomasz, "Tomasz");
  await tomasz.goto(`${place}/past`);
  await tomasz.getByText("Tomasz takes the ledger from April on.").waitFor();
  await tomasz.goto(place);
  await tomasz.locator("#promises").getByText("Move the weekly call to the morning").waitFor();
  assert.equal(await tomasz.locator("#points").getByText("The calls at eight in the evening").count(), 0, "what was talked about is over");
  await mara.goto("/inbox");
  await mara.getByRole("link", { name: /Move the weekly call to the morning/ }).waitFor();
});

async function as(t, name) {
  const page = await cairn.visitor(t);
  await page.goto("/today");
  await lookAs(page, name);
  await isAwake(page);
  return page;
}

/** The page of the two, who had none before. */
async function begin(page, name) {
  await page.goto("/one-on-ones");
  await page.locator("main a[href^='/one-on-ones/new?']").filter({ hasText: name }).first().click();
  await page.waitForURL("**/one-on-ones/new?*");
  await submit(page, "person");
  await page.locator("#point-body").waitFor();
  return new URL(page.url()).pathname;
}

async function add(page, words) {
  await page.fill("#point-body", words);
  await page.locator("#point-body").press("Control+Enter");
  await point(page, words).waitFor();
}

function point(page, words) {
  return page.locator("#points .list > li").filter({ hasText: words });
}

async function answer(page, words, text) {
  const line = point(page, words);
  await line.getByText("Answer in writing").click();
  await line.locator("textarea").fill(text);
  await line.locator("textarea").press("Control+Enter");
  await line.locator(".prose").filter({ hasText: text }).waitFor();
}

async function talkedAbout(page, words) {
  await point(page, words).getByRole("button", { name: "Talked about" }).click();
  await point(page, words).locator("s").waitFor();
}

async function promise(page, words) {
  await page.getByText("Write down a promise").click();
  await page.locator("#promises [name=body]").last().fill(words);
  await page.locator("#promises form:has([name=body])").last().getByRole("button").first().click();
  await page.locator("#promises").getByText(words).waitFor();
}

async function takeNotes(page, text) {
  const notes = page.locator("#notes");
  if (!(await notes.locator("textarea").isVisible())) await notes.locator("summary").click();
  // What the other one did a moment ago may still be on its way into this page.
  await page.waitForTimeout(1_000);
  await notes.locator("textarea").fill(text);
  await notes.locator("textarea").press("Control+Enter");
  await notes.locator(".prose").filter({ hasText: text }).waitFor();
}
