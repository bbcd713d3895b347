// A retrospective by five people in five browsers, through all its phases, and what comes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { choose, isAccessible, isAwake, isCalm, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
// The benchmark measures how soon; here a slow machine may take its time.
const soon = 10_000;
const cards = { Mara: "Fewer calls at night", Priya: "Keep the pairing", Tomasz: "Calls after dark", Ines: "The export waits for days", Leo: "Long waits for exports" };

test("five people collect, group, vote, discuss, and one is asked for what was promised", async (t) => {
  const people = {};
  for (const name of Object.keys(cards)) people[name] = await as(t, name);
  const { Mara: mara, Priya: priya, Tomasz: tomasz, Ines: ines, Leo: leo } = people;
  const place = await begin(mara);
  for (const [name, page] of Object.entries(people)) {
    await listens(page, () => page.goto(place));
    await page.locator("#collect textarea").first().fill(cards[name]);
    await page.locator("#collect textarea").first().press("Control+Enter");
    await page.locator("#collect").getByText(cards[name]).waitFor();
  }
  const seen = await tomasz.locator("#collect .ask").allTextContents();
  assert.deepEqual(seen.map((text) => text.trim()), [cards.Tomasz], "each sees their own card alone");
  await isCalm(tomasz);
  await isAccessible(tomasz);

  await nextPhase(mara);
  await lane(leo, cards.Ines).waitFor({ timeout: soon });
  await isCalm(leo);
  await isAccessible(leo);
  await byKeyboard(priya, cards.Tomasz, cards.Mara);
  await ticketIn(lane(tomasz, cards.Mara), cards.Tomasz).waitFor({ timeout: soon });
  await drag(leo, cards.Leo, lane(leo, cards.Ines));
  await ticketIn(lane(ines, cards.Ines), cards.Leo).waitFor({ timeout: soon });
  await withArrows(ines, cards.Priya);

  await nextPhase(mara);
  for (const page of [priya, tomasz, ines]) {
    const vote = page.locator("#votes > ul > li").filter({ hasText: /Calls after dark|Fewer calls/ }).getByRole("button", { name: "Vote for this topic" });
    await vote.first().click({ timeout: soon });
    await page.getByText("2 of your 3 votes are left").waitFor();
  }
  await isCalm(priya);
  await isAccessible(priya);

  await nextPhase(mara);
  const first = tomasz.locator("#topics .list > li").first();
  await first.getByText("3 votes").waitFor({ timeout: soon });
  await first.getByRole("link").first().click();
  await tomasz.locator("[name=outcome]").fill("No call after six in the evening of anybody.");
  await tomasz.getByRole("button", { name: "Save", exact: true }).click();
  await tomasz.getByText("Saved.").waitFor();
  await isCalm(tomasz);
  await isAccessible(tomasz);
  await ines.getByRole("textbox", { name: "What" }).fill("Move the weekly to the morning");
  await choose(ines, "owner", "Leo Cavalcanti");
  await ines.getByRole("button", { name: "Promise", exact: true }).click();
  await ines.getByText("Promised. It opens the next board").waitFor();

  await nextPhase(mara);
  await leo.goto("/inbox");
  await leo.getByRole("link", { name: /Move the weekly to the morning/ }).waitFor({ timeout: soon });
  await priya.goto(place);
  await priya.getByRole("link", { name: "The result as a document" }).click();
  await priya.getByText("No call after six in the evening of anybody.").waitFor();
  await priya.getByText("Move the weekly to the morning").waitFor();
  await isCalm(priya);
  await isAccessible(priya);
  const text = await priya.request.get(`${place}/result.md`);
  assert.match(await text.text(), /^# Five in five browsers\n[^]*## What was decided/);
});

test("a card is put into a topic with a finger", async (t) => {
  const page = await as(t, "Mara", { hasTouch: true, viewport: { width: 390, height: 844 } });
  const place = await begin(page);
  for (const words of ["One thing", "The same thing"]) await write(page, words);
  await nextPhase(page);
  await isAwake(page);
  await page.waitForFunction(() => customElements.get("topic-board") !== undefined);
  await page.locator(".board").evaluate((board) => board.scrollIntoView({ block: "center" }));
  const [from, to] = [await middle(grip(page, "The same thing")), await middle(lane(page, "One thing").locator(".ticket"))];
  await finger(page, from, to);
  await page.locator(".lane").filter({ hasText: "The same thing" }).filter({ hasText: "One thing" }).waitFor();
  await isCalm(page);
  await finger(page, await middle(grip(page, "The same thing")), { x: 4, y: 450 });
  await page.waitForFunction(() => document.querySelectorAll(".lane .ticket:only-child").length === 2);
  await isCalm(page);
  await isAccessible(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${place} is too wide`);
});

test("what others do meanwhile takes back nothing that one presses", async (t) => {
  const [mara, priya] = [await as(t, "Mara"), await as(t, "Priya")];
  const place = await begin(mara);
  await listens(priya, () => priya.goto(place));
  await isCalm(mara);
  let arrives;
  const sent = new Promise((resolve) => (arrives = resolve));
  await mara.route("**/phase", async (route) => {
    arrives();
    await refreshes(mara, () => write(priya, "One more card")).catch(() => undefined);
    await route.continue();
  });
  await pressNextPhase(mara);
  await sent;
  await stands(mara, "Group");
  await mara.unroute("**/phase");

  await isCalm(mara);
  await mara.getByRole("button", { name: "Next phase now" }).click();
  await nextPhase(priya);
  await stands(mara, "Vote");
  await mara.getByRole("dialog").getByRole("button", { name: "Begin it" }).click();
  await mara.getByText("The board is at “Vote” now.").waitFor();
  await stands(mara, "Vote");
});

test("a card that is dropped outside of all topics has one of its own", async (t) => {
  const page = await as(t, "Mara");
  await begin(page);
  for (const words of ["One thing", "The same thing", "Another"]) await write(page, words);
  await nextPhase(page);
  await page.reload(); // what tells of the phase lies over the board
  await isAwake(page);
  await drag(page, "The same thing", lane(page, "One thing"));
  await ticketIn(lane(page, "One thing"), "The same thing").waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".lane .ticket").length === 3);
  await drag(page, "The same thing", page.locator(".steps"));
  await page.waitForFunction(() => document.querySelectorAll(".lane .ticket:only-child").length === 3);
  const topic = await lane(page, "Another").getAttribute("id");
  await carry(page, "Another", page.locator(".steps"));
  await isCalm(page);
  assert.equal(await lane(page, "Another").getAttribute("id"), topic, "it stays in the topic that it has to itself");
});

test("a guest comes by a link, writes, votes and speaks, sees what others do, and the link ends", async (t) => {
  const [mara, guest] = [await as(t, "Mara"), await as(t, "Farah", { expects: [/status of 404/] })];
  const place = await begin(mara, true);
  await mara.getByRole("link", { name: "Guests", exact: true }).click();
  await mara.getByRole("button", { name: "Make a link" }).click();
  const link = new URL(await mara.locator("pre code").innerText()).pathname;
  await guest.goto(link);
  assert.ok(!guest.url().includes(link), "the secret stays in the address");
  await isAccessible(guest);
  await guest.fill("[name=name]", "Nell Ackroyd");
  const stream = guest.waitForResponse((response) => new URL(response.url()).pathname.endsWith("/live"));
  await guest.getByRole("button", { name: "Take part" }).click();
  await stream;
  await guest.getByText("You are here as Nell Ackroyd").waitFor();
  await guest.locator("textarea").first().fill("Tell us sooner");
  await guest.getByRole("button", { name: "Add the card" }).first().click();
  await guest.getByText("Your card is on the board").waitFor();
  await isAccessible(guest);
  await mara.goto(place);
  await isAwake(mara);
  const typed = guest.locator("textarea").first();
  await typed.pressSequentially("Half a sen");
  await refreshes(guest, () => write(mara, "One of the team"));
  await typed.pressSequentially("tence");
  assert.equal(await typed.inputValue(), "Half a sentence", "what others do takes away what a guest types");
  assert.equal(await guest.getByText("One of the team").count(), 0, "it is hidden until the phase ends");
  assert.equal(await guest.getByRole("link", { name: "See what is new" }).isVisible(), false);
  await typed.fill("");
  await nextPhase(mara);
  await guest.getByRole("heading", { name: "One of the team" }).waitFor({ timeout: soon });
  await lane(mara, "Tell us sooner").getByText("Nell Ackroyd (guest)").waitFor();
  await nextPhase(mara);
  await guest.getByRole("button", { name: "Vote for this topic" }).first().click({ timeout: soon });
  await guest.getByText("2 of your 3 votes are left").waitFor();
  await isAccessible(guest);
  await nextPhase(mara);
  await guest.getByLabel("Say something about this topic").first().fill("We heard it on Friday", { timeout: soon });
  await guest.getByRole("button", { name: "Say it" }).first().click();
  await guest.getByText("We heard it on Friday").waitFor();
  await isAccessible(guest);
  await mara.locator("#topics .list a").first().click();
  await mara.locator("#guests").getByText("We heard it on Friday").waitFor();
  await isAccessible(mara);
  await mara.locator("#remark").fill("You hear on Monday");
  await mara.locator("#guests").getByRole("button", { name: "Say it" }).click();
  await guest.getByText("You hear on Monday").waitFor({ timeout: soon });
  await mara.goto(`${place}/guests`);
  await isAccessible(mara);
  await mara.getByRole("button", { name: "End it" }).click();
  await mara.getByText("The link has ended").waitFor();
  await guest.reload();
  await guest.getByRole("heading", { name: "This link does not work" }).waitFor();
});

async function as(t, name, options) {
  const page = await cairn.visitor(t, options);
  await page.goto("/today");
  await lookAs(page, name);
  await isAwake(page);
  return page;
}

async function begin(page, guests = false) {
  await page.goto("/retrospectives/new");
  if (guests) await page.check("[name=guests]");
  await page.getByLabel("Team").selectOption({ label: "Payments" });
  await page.fill("[name=name]", "Five in five browsers");
  await page.getByRole("button", { name: "Begin", exact: true }).click();
  await page.getByRole("heading", { name: "Five in five browsers" }).waitFor();
  return new URL(page.url()).pathname;
}

async function listens(page, go) {
  const stream = page.waitForResponse((response) => response.url().includes("/live?"));
  await go();
  await stream;
}

async function write(page, words) {
  await page.locator("#collect textarea").first().fill(words);
  await page.locator("#collect textarea").first().press("Control+Enter");
  await page.locator("#collect").getByText(words, { exact: true }).waitFor();
}

/** Waits until a page would have been fetched anew because of what another one does. */
async function refreshes(page, act) {
  const told = page.waitForRequest((request) => request.method() === "GET" && request.resourceType() === "fetch", { timeout: 2_000 });
  await act();
  await told;
}

async function stands(page, phase) {
  await page.locator(".steps [aria-current]").filter({ hasText: phase }).waitFor();
}

async function pressNextPhase(page) {
  await page.getByRole("button", { name: /Next phase now|Finish now/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Begin it" }).click();
}

async function nextPhase(page) {
  await isCalm(page);
  const before = await page.locator(".steps [aria-current]").innerText();
  await pressNextPhase(page);
  await page.waitForFunction((before) => document.querySelector(".steps [aria-current]")?.innerText !== before, before);
}

function lane(page, words) {
  return page.locator(".lane").filter({ hasText: words });
}

function ticketIn(place, words) {
  return place.locator(".ticket").filter({ hasText: words });
}

function grip(page, words) {
  return ticketIn(page, words).locator(".grip");
}

/** With the form that needs no pointer: Tab to the card's link, and choose by typing. */
async function byKeyboard(page, words, to) {
  await page.locator(".ticket").filter({ hasText: words }).getByRole("link", { name: /^Move/ }).press("Enter");
  await page.locator("#move").waitFor();
  await isAwake(page);
  await choose(page, "topic", to);
  await page.locator("#move").getByRole("button", { name: "Move" }).press("Enter");
  await ticketIn(lane(page, to), words).waitFor();
}

/** To the topic beside it with an arrow, and out again with another. */
async function withArrows(page, words) {
  await page.waitForFunction(() => customElements.get("topic-board") !== undefined);
  const count = await page.locator(".ticket").filter({ hasText: words }).locator("xpath=ancestor::ol[1]/li").count();
  assert.equal(count, 1);
  await grip(page, words).focus();
  const saved = page.waitForResponse((response) => response.url().endsWith("/topic"));
  await page.keyboard.press((await page.locator(".lane").first().locator(".ticket").filter({ hasText: words }).count()) > 0 ? "ArrowRight" : "ArrowLeft");
  await saved;
  await lane(page, words).locator(".ticket").nth(1).waitFor();
  await drag(page, words, page.locator("#lane-alone"));
  await page.waitForFunction((words) => [...document.querySelectorAll(".lane")].find((one) => one.textContent.includes(words))?.querySelectorAll(".ticket").length === 1, words);
}

async function finger(page, from, to) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [from]);
  for (const part of [0.3, 0.6, 1]) await touch("touchMove", [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }]);
  await touch("touchEnd", []);
}

/** Of what is in sight: to scroll for one place would move the other. */
async function middle(place) {
  const { x, y, width, height } = await place.boundingBox();
  return { x: x + width / 2, y: y + Math.min(height / 2, 60) };
}

async function drag(page, words, to) {
  const saved = page.waitForResponse((response) => response.url().endsWith("/topic"));
  await carry(page, words, to);
  await saved;
}

/** Takes a card there with the mouse, and drops it. */
async function carry(page, words, to) {
  await page.waitForFunction(() => customElements.get("topic-board") !== undefined);
  await isCalm(page);
  await page.locator(".board").evaluate((board) => board.scrollIntoView({ block: "center" }));
  const target = await middle(to);
  const { x, y } = await middle(grip(page, words));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 20, y + 12, { steps: 4 });
  await page.mouse.move(target.x, target.y, { steps: 8 });
  await page.mouse.up();
}
