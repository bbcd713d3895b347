// From a password alone to an app that shows codes, and in again with a code and with one on paper.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { becomeOwner, isAccessible, refusedForm } from "./steps.mjs";

const cairn = useCairn();
const owner = { workspace: "Fernweh", name: "Inês Carvalho", email: "ines@fernweh.example", zone: "Europe/Lisbon", password: "a lamp in every window" };
const kept = { key: "", codes: [] };

test("the owner adds an app and keeps her recovery codes", async (t) => {
  const page = await cairn.visitor(t, { expects: [refusedForm] });
  await becomeOwner(page, cairn, owner);
  await page.goto("/me/sign-in");
  await page.getByRole("button", { name: "Add an app" }).click();
  await page.getByRole("img", { name: "The key as a QR code" }).waitFor();
  await isAccessible(page);
  kept.key = (await page.locator("main code").first().innerText()).replaceAll(" ", "");
  await enter(page, "000000", "Add it");
  await page.getByRole("alert").waitFor();
  await isAccessible(page);
  await enter(page, shown(kept.key), "Add it");
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  await isAccessible(page);
  kept.codes = (await page.locator("pre code").innerText()).trim().split("\n");
  assert.equal(kept.codes.length, 10);
  await page.getByRole("link", { name: "I have kept them" }).click();
  await page.getByText("You have 10 recovery codes left").waitFor();
  await isAccessible(page);
});

test("her password leads to the code, and a recovery code leads in where she wanted to go", async (t) => {
  const page = await cairn.visitor(t, { expects: [refusedForm] });
  await page.goto("/teams");
  await page.fill("[name=email]", owner.email);
  await page.fill("[name=password]", owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Enter the code of your app" }).waitFor();
  await isAccessible(page);
  await enter(page, "123456", "Sign in");
  await page.getByRole("alert").waitFor();
  await isAccessible(page);
  await enter(page, kept.codes[0], "Sign in");
  await page.waitForURL("**/teams");
});

async function enter(page, code, button) {
  await page.fill("[name=code]", code);
  await page.getByRole("button", { name: button }).click();
}

/** What an app with this key shows now (RFC 6238). */
function shown(key) {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", bytes).update(step).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
