// A check-in that is answered by mail: begun on a page, asked in a letter, answered by a reply, and read in the roll-up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { isAccessible, isAwake, isCalm, lookAs, submit } from "./steps.mjs";

const cairn = useCairn({ days: true });
const asked = "Daily news: a) What got done? b) What is next?";

test("a check-in is answered by mail, and the roll-up has the answer and what is in the way", async (t) => {
  const mara = await as(t, "Mara");
  const place = await begin(mara);
  const letter = await letterThatAsks("tomasz@");
  const to = letter.headers.find(([name]) => name === "Reply-To")[1].match(/[^<\s]+@[^>\s]+/)[0];
  await cairn.deliver(reply(letter, to, `${numberOf(letter)} a) Refund states\nb) Their tests\nBlocked: no key to the vault`), to);

  const tomasz = await as(t, "Tomasz");
  await openRound(tomasz, place, "Refund states");
  await tomasz.getByRole("link", { name: "Change your answer" }).click();
  await tomasz.waitForURL("**/check-ins/entries/*");
  const fields = await tomasz.locator("main textarea").evaluateAll((all) => all.map((field) => field.value.trim()));
  assert.deepEqual(fields.slice(0, 2), ["Refund states", "Their tests"], "what was written by mail is what the page has");
  await isCalm(tomasz);
  await isAccessible(tomasz);

  await lookAs(mara, "Mara");
  await openRound(mara, place, "Refund states");
  await mara.locator("#blockers").getByText("no key to the vault").waitFor();
  await mara.locator("#roll-up").getByText("Their tests").waitFor();
  await isAccessible(mara);
});

async function as(t, name) {
  const page = await cairn.visitor(t);
  await page.goto("/today");
  await lookAs(page, name);
  await isAwake(page);
  return page;
}

/** Begins it, and says where it is. */
async function begin(page) {
  await page.goto("/check-ins/new");
  await page.fill("[name=name]", "Daily news");
  await page.selectOption("[name=team]", { label: "Payments" });
  const questions = page.locator("[name=questions]");
  for (let at = 0; at < (await questions.count()); at += 1) await questions.nth(at).fill(["What got done?", "What is next?"][at] ?? "");
  await submit(page, "opens");
  await page.waitForURL(/check-ins\/(?!new)/);
  return new URL(page.url()).pathname;
}

/** Opens the roll-up in which these words stand. */
async function openRound(page, checkin, words) {
  await page.goto(checkin);
  const places = await page.locator("#rounds a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const round of places) {
    await page.goto(round);
    if (await page.locator("#roll-up").getByText(words).count()) return;
  }
  assert.fail(`no roll-up of ${places.length} has ${words}`);
}

/** Passes the next day by half hours, until a letter to this address has the questions. */
async function letterThatAsks(address) {
  for (let halfHours = 0; halfHours < 96; halfHours += 1) {
    const at = new Date(Date.UTC(2026, 2, 18, 0, 30 * halfHours));
    await cairn.passTo(at.toISOString().replace(".000", ""));
    const found = cairn.letters().find(({ to, text }) => to.startsWith(address) && text.replace(/\s+/g, " ").includes(asked));
    if (found) return found;
  }
  assert.fail("no letter asks");
}

/** The number that the letter gives the question. */
function numberOf(letter) {
  return letter.text.match(new RegExp(`^\\s*(\\d+)\\W.*Daily news`, "m"))[1];
}

function reply(letter, to, words) {
  const quoted = letter.text.split("\n").map((line) => `> ${line}`);
  const head = [`From: Tomasz Nowak <${letter.to}>`, `To: Cairn <${to}>`, `Subject: Re: ${letter.subject}`, "Message-ID: <an-answer@northwind.example>", "Content-Type: text/plain; charset=utf-8"];
  return [...head, "", words, "", "On Wed, Mar 18, 2026 at 9:00 AM Cairn <cairn@cairn.example> wrote:", ...quoted].join("\n");
}
