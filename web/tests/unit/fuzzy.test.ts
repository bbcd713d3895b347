import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, fuzzy } from "../../components/lib/fuzzy";

const best = (query: string, ...texts: string[]) =>
  texts
    .map((text) => ({ text, score: fuzzy(query, text)?.score ?? -Infinity }))
    .sort((a, b) => b.score - a.score)[0]?.text;

test("folds diacritics one to one, so that marks fit the original", () => {
  assert.equal(fold("Kraków Łódź Åse Groß"), "krakow lodz ase gros");
  assert.equal(fold("İÉ").length, 2);
});

test("finds letters in order and nothing else", () => {
  assert.deepEqual(fuzzy("krk", "Kraków")?.marks, [0, 1, 3]);
  assert.equal(fuzzy("zk", "Kraków"), null);
  assert.equal(fuzzy("mara x", "Mara Lindqvist"), null);
});

test("takes the words of a query in any order", () => {
  assert.deepEqual(fuzzy("lind mar", "Mara Lindqvist")?.marks, [0, 1, 2, 5, 6, 7, 8]);
});

test("prefers starts of words to letters within them", () => {
  assert.equal(best("pt", "Compute", "Payments team"), "Payments team");
  assert.equal(best("oc", "Docs and norms", "Org chart"), "Org chart");
});

test("prefers letters side by side to strewn ones, and the shorter text of two equals", () => {
  assert.equal(best("team", "The early morning", "New team"), "New team");
  assert.equal(best("pay", "Payments and refunds of the whole company", "Payments"), "Payments");
});

test("finds the best place, not the first", () => {
  assert.deepEqual(fuzzy("leo", "People, Leo")?.marks, [8, 9, 10]);
});
