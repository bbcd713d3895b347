// Somebody comes back from leave: what others decided and asked meanwhile is on one page, in its order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { choose, isAccessible, lookAs, submit } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });

test("the return from leave begins with what one missed", async (t) => {
  const [away, colleague] = [await cairn.visitor(t), await cairn.visitor(t)];
  await as(away, "Mara");
  await away.goto("/people?q=Mara");
  await away.locator("main").getByRole("link", { name: /Mara Lindqvist/ }).first().click();
  await away.waitForURL(/\/people\/[0-9a-z]{26}$/);
  await away.goto(`${new URL(away.url()).pathname}/leaves/new`);
  await away.fill("[name=first_on]", daysAgo(4));
  await away.fill("[name=last_on]", daysAgo(1));
  await submit(away, "first_on");
  await away.waitForURL(/\/leaves(\/[0-9a-z]{26}\/handover)?$/);

  await as(colleague, "Tomasz");
  await colleague.goto("/asks/new");
  await colleague.fill("[name=to]", "Mara Lindqvist");
  await choose(colleague, "due", "3 working days");
  await colleague.fill("[name=subject]", "Whether the old export stays until June");
  await colleague.getByRole("button", { name: "Ask", exact: true }).click();
  await colleague.waitForURL(/inbox/);

  await away.goto("/today");
  await away.getByRole("link", { name: "Catch me up" }).click();
  await away.getByRole("heading", { name: /Welcome back/, level: 1 }).waitFor();
  const headings = await away.locator("main h2").allTextContents();
  assert.deepEqual(headings.slice(0, 3), ["Decisions made", "What waits on you", "What changed in what is yours"]);
  await away.locator("#waiting").getByText("Whether the old export stays until June").waitFor();
  await isAccessible(away);
});

async function as(page, name) {
  await page.goto("/today");
  await lookAs(page, name);
}

function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
