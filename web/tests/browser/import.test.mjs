// A file of people in which some rows cannot be used: what is wrong is said row by row, and the others come in.
import { test } from "node:test";
import { useCairn } from "./harness.mjs";
import { becomeOwner, isAccessible } from "./steps.mjs";

const cairn = useCairn();
const owner = { workspace: "Fernweh", name: "Inês Carvalho", email: "ines@fernweh.example", zone: "Europe/Lisbon", password: "a lamp in every window" };
const file = [
  "name,email,title,team,zone,hours,start_date",
  "Kenji Mori,kenji@fernweh.example,Engineer,Payments,Asia/Tokyo,Mon-Fri 10:00-18:00,2024-02-01",
  "Adaeze Obi,adaeze@fernweh.example,Engineer,Payments,Africa/Lagos,,2023-06-12",
  "Nobody Anywhere,nobody@fernweh.example,Engineer,Payments,Europe/Atlantis,,2023-06-12",
  "Louise Tremblay,louise at fernweh,Engineer,Payments,America/Toronto,,2023-06-12",
  "Rahul Menon,rahul@fernweh.example,Engineer,Payments,Asia/Kolkata,,2021-02-30",
].join("\n");

test("bad rows are named, good rows come in", async (t) => {
  const page = await cairn.visitor(t);
  await becomeOwner(page, cairn, owner);
  await page.goto("/people");
  await page.getByRole("link", { name: "Import" }).click();
  await page.waitForURL("**/people/import");
  await isAccessible(page);
  await page.setInputFiles("input[type=file]", { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.locator("form:has(input[type=file]) .button.primary").click();
  await page.getByText("2 people added, 3 rows not imported.").waitFor();
  for (const [line, reason] of [["Line 4", "time zone"], ["Line 5", "louise at fernweh"], ["Line 6", "2021-02-30"]]) {
    await page.getByRole("row", { name: line }).waitFor();
    await page.getByRole("row", { name: reason }).first().waitFor();
  }
  await isAccessible(page);
  await page.getByRole("button", { name: "Import 2 people" }).click();
  await page.getByText("3 rows not imported").first().waitFor();
  await isAccessible(page);
  await page.goto("/people");
  await page.getByText("3 people work here.").waitFor();
  await page.getByRole("row", { name: /Kenji Mori.*Payments/ }).waitFor();
});
