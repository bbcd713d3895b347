// Sprints and boards: by keyboard alone, dragged with pointer and touch, and two people on one board.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, lookAs } from "./steps.mjs";

const cairn = useCairn({ demonstration: true });
// The benchmark measures how soon; here a slow machine may take its time.
const soon = 10_000;

test("a sprint is planned, run and closed by keyboard alone", async (t) => {
  const page = await as(t, "Arjun");
  await keys(page, "g u");
  await page.waitForURL(/\/sprints$/);
  await keys(page, "n");
  await page.waitForURL(/\/sprints\/new$/);
  await tabTo(page, "goal");
  await page.keyboard.type("Keys that outlive a retry");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "Keys that outlive a retry" }).waitFor();
  const sprint = new URL(page.url()).pathname;
  await keys(page, "c");
  await page.waitForURL(/\/issues\/new/);
  await tabTo(page, "title");
  await page.keyboard.type("Keep keys for thirty days");
  await tabTo(page, "sprint");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/issues\/[A-Z]+-\d+$/);
  await keys(page, "g u");
  await page.waitForURL(/\/sprints$/);
  await followTo(page, "Keys that outlive a retry");
  await page.getByText("Keep keys for thirty days").waitFor();
  await keys(page, "s");
  await page.getByText("0 issues of 1 issue done").waitFor();
  await keys(page, "x");
  await page.waitForURL(/\/close$/);
  await tabTo(page, "reason");
  await page.keyboard.type("The ledger waits for a decision");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Carried over: The ledger waits for a decision").waitFor();
  assert.equal(new URL(page.url()).pathname, sprint);
  await isAccessible(page);
});

test("a card is dragged into another column, and another person sees it within a second", async (t) => {
  const [mara, priya] = [await onBoard(t, "Mara"), await onBoard(t, "Priya")];
  const card = await firstCard(mara, "Ready");
  await drag(mara, card, "In progress");
  await lane(mara, "In progress").locator(`#${card}`).waitFor();
  await lane(priya, "In progress").locator(`#${card}`).waitFor({ timeout: soon });
  await mara.reload();
  await lane(mara, "In progress").locator(`#${card}`).waitFor();
});

test("what another person does waits while a card is held", async (t) => {
  const [mara, priya] = [await onBoard(t, "Mara"), await onBoard(t, "Priya")];
  const held = await firstCard(mara, "In progress");
  const grip = mara.locator(`#${held} .grip`);
  await hold(mara, grip);
  const other = await firstCard(priya, "In review");
  await drag(priya, other, "Done");
  await mara.waitForTimeout(1_000);
  await lane(mara, "In review").locator(`#${other}`).waitFor();
  await mara.keyboard.press("Escape");
  await mara.mouse.up();
  await lane(mara, "Done").locator(`#${other}`).waitFor({ timeout: soon });
  await lane(mara, "In progress").locator(`#${held}`).waitFor();
});

test("a card is moved with the arrow keys, and the board is usable without a pointer", async (t) => {
  const page = await onBoard(t, "Leo");
  const card = await firstCard(page, "Ready");
  await page.locator(`#${card} .grip`).focus();
  const saved = page.waitForResponse((response) => response.url().endsWith("/place"));
  await page.keyboard.press("ArrowRight");
  await saved;
  await page.reload();
  await lane(page, "In progress").locator(`#${card}`).waitFor();
  await isAccessible(page);
});

test("a card is dragged with a finger", async (t) => {
  const page = await onBoard(t, "Tomasz", { hasTouch: true });
  const card = await firstCard(page, "In progress");
  const to = await middle(lane(page, "In review").locator(".cards"));
  const from = await middle(page.locator(`#${card} .grip`));
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [from]);
  for (const part of [0.2, 0.5, 0.8, 1]) {
    await touch("touchMove", [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }]);
  }
  const saved = page.waitForResponse((response) => response.url().endsWith("/place"));
  await touch("touchEnd", []);
  await saved;
  await page.reload();
  await lane(page, "In review").locator(`#${card}`).waitFor();
});

for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }]) {
  test(`the pages of sprints meet WCAG 2.2 AA, ${options.colorScheme}`, async (t) => {
    const page = await as(t, "Mara", options);
    const team = await page.locator(".side a[href$='/sprints']").first().getAttribute("href");
    await page.goto(team);
    const [running] = await page.locator("main .list a[href^='/sprints/']").all();
    const sprint = await running.getAttribute("href");
    const home = team.replace(/\/sprints$/, "");
    for (const path of [team, `${team}/new`, sprint, `${sprint}/close`, `${home}/board`, `${home}/board?group=assignee`, `${home}/issues`]) {
      await page.goto(path);
      await isAwake(page);
      await isAccessible(page, path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overflow, 0, `${path} is ${overflow} px too wide`);
    }
  });
}

async function as(t, name, options) {
  const page = await cairn.visitor(t, options);
  await page.goto("/today");
  await lookAs(page, name);
  await isAwake(page);
  return page;
}

async function onBoard(t, name, options) {
  const page = await as(t, name, options);
  const team = await page.locator(".side a[href$='/board']").first().getAttribute("href");
  const stream = page.waitForResponse((response) => response.url().includes("/live?"));
  await page.goto(team);
  await stream;
  await page.waitForFunction(() => customElements.get("issue-board") !== undefined);
  return page;
}

/** Presses a sequence such as `g u`. */
async function keys(page, sequence) {
  await isAwake(page);
  for (const key of sequence.split(" ")) await page.keyboard.press(key);
}

/** Goes on with the tabulator until the field of this name has the focus. */
async function tabTo(page, name) {
  for (let step = 0; step < 80; step += 1) {
    if (await page.evaluate((name) => document.activeElement?.getAttribute("name") === name, name)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`The keyboard does not reach the field ${name}`);
}

async function followTo(page, words) {
  await isAwake(page);
  for (let step = 0; step < 80; step += 1) {
    if (await page.evaluate((words) => document.activeElement?.matches("a") && document.activeElement.textContent.includes(words), words)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: words }).waitFor();
}

function lane(page, name) {
  return page.locator(".lane").filter({ has: page.getByRole("heading", { name, exact: true }) });
}

async function firstCard(page, name) {
  return lane(page, name).locator(".ticket").first().getAttribute("id");
}

async function middle(place) {
  await place.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await place.boundingBox();
  return { x: x + width / 2, y: y + Math.min(height / 2, 60) };
}

async function hold(page, place) {
  const { x, y } = await middle(place);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 20, y + 12, { steps: 4 });
}

async function drag(page, card, to) {
  const target = await middle(lane(page, to).locator(".cards"));
  await hold(page, page.locator(`#${card} .grip`));
  const saved = page.waitForResponse((response) => response.url().endsWith("/place"));
  await page.mouse.move(target.x, target.y, { steps: 8 });
  await page.mouse.up();
  await saved;
}
