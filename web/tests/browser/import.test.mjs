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
  for (const wrong of ["Europe/Atlantis", "louise at fernweh", "2021-02-30"]) await page.getByText(wrong).first().waitFor();
  await isAccessible(page);
});
