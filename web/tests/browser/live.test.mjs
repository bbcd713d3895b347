// Two people look at the same page; what one changes the other sees within a second, and nobody loses what they type.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { choose, isAwake, lookAs, submit } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
// The benchmark measures how soon; here a slow machine may take its time.
const soon = 10_000;

test("a new colleague appears in the list that another is searching", async (t) => {
  const [reader, writer] = [await cairn.visitor(t), await cairn.visitor(t)];
  await as(reader, "Mara");
  await listens(reader, () => reader.goto("/people"));
  await isAwake(reader);
  await as(writer, "Hanneke");
  await writer.goto("/people/new");
  const search = reader.getByRole("searchbox", { name: "Find people" });
  await search.pressSequentially("Zeb");
  await reader.getByText("Nobody fits this").waitFor();
  await search.pressSequentially("u");
  await add(writer, "Zebulon Quist");
  await reader.getByRole("link", { name: "Zebulon Quist" }).waitFor({ timeout: soon });
  assert.equal(await search.inputValue(), "Zebu");
  assert.equal(await search.evaluate((field) => field === document.activeElement), true);
});

test("a change of a person shows on their page, in place", async (t) => {
  const [reader, writer] = [await cairn.visitor(t), await cairn.visitor(t)];
  await as(reader, "Mara");
  await listens(reader, () => reader.goto("/people?q=Yuki"));
  await listens(reader, () => reader.getByRole("link", { name: /Yuki Tanaka/ }).first().click());
  await reader.getByRole("heading", { name: /Yuki Tanaka/, level: 1 }).waitFor();
  await reader.evaluate(() => (window.stays = true));
  await as(writer, "Yuki");
  await writer.goto(`${new URL(reader.url()).pathname}/edit`);
  await writer.fill("[name=location]", "Kamakura");
  await submit(writer, "location");
  await writer.getByText("Kamakura").first().waitFor();
  await reader.getByText("Kamakura").first().waitFor({ timeout: soon });
  assert.equal(await reader.evaluate(() => window.stays), true);
});

async function as(page, name) {
  await page.goto("/today");
  await lookAs(page, name);
}

/** Goes to a live page, and waits until its stream is open. */
async function listens(page, go) {
  const stream = page.waitForResponse((response) => new URL(response.url()).pathname === "/live");
  await go();
  await stream;
}

async function add(page, name) {
  await page.fill("[name=name]", name);
  await choose(page, "zone", "Lagos");
  await submit(page, "zone");
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}
