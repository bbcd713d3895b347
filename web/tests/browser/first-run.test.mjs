// From an empty folder to a team of five in five time zones, and out and in again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { becomeOwner, choose, isAccessible, refusedForm, submit } from "./steps.mjs";

const cairn = useCairn();
const owner = { workspace: "Fernweh", name: "Inês Carvalho", email: "ines@fernweh.example", zone: "Europe/Lisbon", password: "a lamp in every window" };
const colleagues = [
  { name: "Kenji Mori", zone: "Tokyo", hours: "Mon-Fri 10:00-18:00" },
  { name: "Adaeze Obi", zone: "Lagos", hours: "Mon-Fri 09:00-17:00" },
  { name: "Louise Tremblay", zone: "Toronto", hours: "Mon-Thu 08:00-17:00" },
  { name: "Rahul Menon", zone: "Kolkata", hours: "Mon-Fri 11:00-19:00" },
];

test("a stranger without the code does not become the owner", async (t) => {
  const page = await cairn.visitor(t, { expects: [refusedForm] });
  await page.goto("/");
  assert.equal(new URL(page.url()).pathname, "/first-run");
  await isAccessible(page);
  await page.fill("[name=code]", "0000000000000000");
  for (const field of ["workspace", "name", "email"]) await page.fill(`[name=${field}]`, owner[field]);
  await choose(page, "zone", owner.zone);
  await page.fill("[name=new_password]", owner.password);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("alert").getByText("not the code").waitFor();
  await isAccessible(page);
});

test("the owner makes a team of five with hours in five zones", async (t) => {
  const page = await cairn.visitor(t);
  await becomeOwner(page, cairn, owner);
  await page.goto("/teams/new");
  await page.fill("[name=name]", "Payments");
  await submit(page, "mission");
  await page.getByRole("heading", { name: "Payments", level: 1 }).waitFor();
  const team = new URL(page.url()).pathname;
  for (const colleague of colleagues) await add(page, colleague);
  await page.goto(`${team}/members/new`);
  await choose(page, "person", owner.name);
  await submit(page, "person");
  await page.waitForURL(`**${team}`);
  for (const { name } of [owner, ...colleagues]) await page.getByRole("link", { name }).first().waitFor();
  assert.equal(await page.locator("day-strip svg text.who").count() >= 5, true);
  await isAccessible(page);
});

test("she signs out, gives a wrong password, and signs in", async (t) => {
  const page = await cairn.visitor(t, { expects: [refusedForm] });
  await page.goto("/people");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await isAccessible(page);
  await signIn(page, "a lamp in no window");
  await page.getByRole("alert").waitFor();
  await isAccessible(page);
  await signIn(page, owner.password);
  await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
  await page.getByText("5 people work here.").waitFor();
});

test("what is not there says so, and leads back", async (t) => {
  const page = await cairn.visitor(t, { expects: [/status of 404/] });
  await page.goto("/nothing/here");
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  await isAccessible(page);
  await page.getByRole("link", { name: "Go to the start" }).click();
  await page.waitForURL("**/sign-in");
});

async function add(page, { name, zone, hours }) {
  await page.goto("/people/new");
  await page.fill("[name=name]", name);
  await choose(page, "zone", zone);
  await page.fill("[name=hours]", hours);
  await choose(page, "team", "Payments");
  await submit(page, "zone");
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

async function signIn(page, password) {
  await page.fill("[name=email]", owner.email);
  await page.fill("[name=password]", password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
