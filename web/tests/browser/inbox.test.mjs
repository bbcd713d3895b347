// The inbox: triage with the keyboard alone, the form that asks, and two browsers that hear of each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, lookAs, refusedForm, submit } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
// The benchmark measures how soon; here a slow machine may take its time.
const soon = 10_000;
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test("the lines are moved through, chosen and opened with keys, and answered in place", async (t) => {
  const asker = await as(t, "Priya");
  for (const subject of ["First of three", "Second of three", "Third of three"]) await ask(asker, "Leo Cavalcanti", subject);
  const page = await as(t, "Leo");
  await listens(page, () => page.goto("/inbox"));
  await isAwake(page);
  await moveTo(page, "First of three");
  await page.keyboard.press("k");
  await moveTo(page, "Second of three");
  await page.keyboard.press("Enter");
  const panel = page.locator("#panel #ask");
  await panel.getByRole("heading", { name: "Second of three" }).waitFor();
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.activeElement?.id === "outcome");
  await page.keyboard.type("Take the second one.");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Answered: Second of three").waitFor();
  assert.equal(await line(page, "Second of three").count(), 0);
  await asker.goto("/inbox?pile=answers");
  await asker.getByRole("link", { name: /Second of three/ }).click();
  await asker.locator("#ask").getByText("Take the second one.").waitFor();
});

test("what is chosen is done at once, and taken back", async (t) => {
  const page = await withAsks(t, "Dele", ["One of two", "Two of two", "Not this one"]);
  await moveTo(page, "One of two");
  await page.keyboard.press("x");
  await moveTo(page, "Two of two");
  await page.keyboard.press("x");
  await page.keyboard.press("e");
  await page.getByText("2 asks are done.").waitFor();
  assert.deepEqual([await line(page, "One of two").count(), await line(page, "Not this one").count()], [0, 1]);
  await page.keyboard.press("z");
  await line(page, "One of two").waitFor();
  await line(page, "Two of two").waitFor();
});

test("what is chosen across more than a hundred asks is done at once", async (t) => {
  const asker = await as(t, "Tomasz");
  const page = await as(t, "Käthe");
  const name = (await page.locator("#eyes option:checked").textContent()).split(",")[0].trim();
  await asker.goto("/asks/new");
  await asker.evaluate(askOften, [name, 120]);
  await listens(page, () => page.goto("/inbox"));
  await isAwake(page);
  await line(page, "Number 1 of").locator("input").check();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const last = line(page, "Number 120 of");
  await last.locator("input").check();
  assert.equal(await page.locator(".triage > li[aria-current]").count(), 1, "one line is the current one");
  await page.keyboard.press("e");
  await page.getByText("2 asks are done.").waitFor();
  assert.equal(await last.count(), 0);
});

test("the current line is put off, declined with a reason and handed on without a choice", async (t) => {
  const page = await withAsks(t, "Ines", ["For tomorrow", "Not for me", "For somebody else"]);
  await moveTo(page, "For tomorrow");
  await page.keyboard.press("s");
  await page.getByText("Out of sight until").first().waitFor();
  await line(page, "For tomorrow").waitFor({ state: "detached" });
  await moveTo(page, "Not for me");
  await page.keyboard.press("d");
  await page.keyboard.type("Leo knows this code.");
  await page.keyboard.press("Enter");
  await page.getByText("Declined. Whoever asked sees why.").waitFor();
  await line(page, "Not for me").waitFor({ state: "detached" });
  await moveTo(page, "For somebody else");
  await page.keyboard.press("h");
  await page.keyboard.type("Yuki Tanaka");
  await page.keyboard.press("Enter");
  await page.getByText("Handed on to Yuki Tanaka.").waitFor();
  await line(page, "For somebody else").waitFor({ state: "detached" });
  await page.keyboard.press("z");
  await line(page, "For somebody else").waitFor();
});

test("a time that is unfair to one of two people is shown, and asked for once more", async (t) => {
  const page = await as(t, "Mara", { expects: [refusedForm] });
  await page.goto("/asks/new");
  await page.fill("[name=to]", "Yuki Tanaka, Ines Okafor-Reyes");
  await page.fill("[name=subject]", "Which of the two exports is right?");
  await page.selectOption("[name=verb]", "decide");
  await page.fill("[name=due]", "1 working hour");
  await submit(page, "subject");
  const times = page.locator("#times");
  await times.getByText("would have less than agreed").waitFor();
  await times.getByRole("link", { name: "Yuki Tanaka" }).waitFor();
  await isAccessible(page);
  assert.equal(await page.inputValue("[name=subject]"), "Which of the two exports is right?");
  await page.getByLabel("Ask for it all the same").check();
  await submit(page, "subject");
  await page.getByText("2 people are asked.").waitFor();
  await page.goto("/inbox?pile=owed");
  assert.equal(await page.getByRole("link", { name: /Which of the two exports/ }).count(), 2);
});

test("an ask appears in the other's inbox, and what they type there stays", async (t) => {
  const writer = await as(t, "Hanneke");
  const reader = await withAsks(t, "Priya", ["Something to answer"]);
  await moveTo(reader, "Something to answer");
  await reader.keyboard.press("Enter");
  const answer = reader.getByRole("textbox", { name: /Your answer/ });
  await answer.pressSequentially("I would take the");
  await ask(writer, "Priya Kulkarni", "While you were typing");
  await line(reader, "While you were typing").waitFor({ timeout: soon });
  await answer.pressSequentially(" second one");
  assert.equal(await answer.inputValue(), "I would take the second one");
  assert.equal(await answer.evaluate((field) => field === document.activeElement), true);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the pages of asks meet WCAG 2.2 AA in the ${colorScheme} theme`, async (t) => {
    const page = await as(t, "Mara", { colorScheme });
    for (const path of await places(page)) {
      await page.goto(path);
      await isAwake(page);
      await isAccessible(page, path);
    }
  });
}

test("the pages of asks fit a phone", async (t) => {
  const page = await as(t, "Mara", phone);
  for (const path of await places(page)) {
    await page.goto(path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${path} is ${overflow} px too wide`);
  }
});

/** The pages that have to do with asks, one of each kind. */
async function places(page) {
  await page.goto("/inbox");
  const open = await page.locator(".triage .what a").first().getAttribute("href");
  const ask = new URL(open, page.url()).searchParams.get("ask");
  const team = await page.locator(".side a[href^='/teams/']").first().getAttribute("href");
  return ["/inbox", "/inbox?pile=owed", "/inbox?pile=answers", open, `/asks/${ask}`, "/asks/new", "/me/delivery", `${team}/norms`, `${team}/norms/edit`, "/catch-up"];
}

async function as(t, name, options) {
  const page = await cairn.visitor(t, options);
  await page.goto("/today");
  await lookAs(page, name);
  return page;
}

/** The inbox of somebody of whom this was just asked. */
async function withAsks(t, name, subjects) {
  const asker = await as(t, "Mara");
  const page = await as(t, name);
  const whole = await page.locator("#eyes option:checked").textContent();
  for (const subject of subjects) await ask(asker, whole.split(",")[0].trim(), subject);
  await listens(page, () => page.goto("/inbox"));
  await isAwake(page);
  return page;
}

async function ask(page, name, subject) {
  await page.goto("/asks/new");
  await page.fill("[name=to]", name);
  await page.fill("[name=subject]", subject);
  await submit(page, "subject");
  await page.waitForURL("**/inbox?pile=owed");
}

/** Sends the form of a new ask so many times, each with a subject of its own. */
async function askOften([name, times]) {
  const form = new FormData(document.querySelector("form[action='/asks']"));
  form.set("to", name);
  for (let number = 1; number <= times; number += 1) {
    form.set("subject", `Number ${number} of ${times}`);
    const answer = await fetch("/asks", { method: "POST", body: new URLSearchParams(form) });
    if (!answer.ok) throw new Error(`The ask was answered with ${answer.status}.`);
  }
}

function line(page, subject) {
  return page.locator(".triage > li").filter({ hasText: subject });
}

/** Presses J until the line is the current one. */
async function moveTo(page, subject) {
  await line(page, subject).waitFor();
  await page.keyboard.press("Escape");
  for (let presses = 0; presses < 60; presses += 1) {
    if (await line(page, subject).evaluate((one) => one.hasAttribute("aria-current"))) return;
    await page.keyboard.press("j");
  }
  assert.fail(`J does not lead to ${subject}`);
}

/** Goes to a live page, and waits until its stream is open. */
async function listens(page, go) {
  const stream = page.waitForResponse((response) => new URL(response.url()).pathname === "/live");
  await go();
  await stream;
}
