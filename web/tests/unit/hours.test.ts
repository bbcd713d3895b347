import assert from "node:assert/strict";
import { test } from "node:test";
import { formatHours, parseHours, type Week } from "../../components/lib/hours";

const weekOf = (text: string): Week => {
  const reading = parseHours(text);
  assert.ok("week" in reading, "error" in reading ? reading.error : "");
  return reading.week;
};
const errorOf = (text: string) => {
  const reading = parseHours(text);
  return "error" in reading ? reading.error : null;
};

test("reads ranges of days, breaks and single days", () => {
  const week = weekOf("Mon-Thu 09:00-12:00 13:00-17:30; Fri 09:00-13:00");
  assert.deepEqual(week[0], [{ from: 540, to: 720 }, { from: 780, to: 1050 }]);
  assert.deepEqual(week[3], week[0]);
  assert.deepEqual(week[4], [{ from: 540, to: 780 }]);
  assert.deepEqual(week[6], []);
});

test("is patient with commas, dashes, full names and short times", () => {
  assert.deepEqual(weekOf("monday, wed 9–17"), weekOf("Mon 09:00-17:00; Wed 09:00-17:00"));
  assert.deepEqual(weekOf("Sun-Tue 8 - 12.30"), weekOf("Mon-Tue 08:00-12:30; Sun 08:00-12:30"));
});

test("says in one sentence what is wrong", () => {
  assert.match(errorOf("Mon 17:00-09:00") ?? "", /ends before it begins/);
  assert.match(errorOf("Mon 09:00-12:00 11:00-13:00") ?? "", /hours of Monday overlap/);
  assert.match(errorOf("Funday 09:00-17:00") ?? "", /“Funday” is neither a day nor hours/);
  assert.match(errorOf("09:00-17:00") ?? "", /Name a day/);
  assert.match(errorOf("Mon 09:00-17:00; Tue") ?? "", /Give the hours of Tuesday/);
  assert.match(errorOf("Mon 09:00-25:00") ?? "", /neither/);
});

test("an empty text is a week without work", () => {
  assert.deepEqual(weekOf("  "), Array.from({ length: 7 }, () => []));
});

test("writes the shortest text, and reads it back as the same week", () => {
  assert.equal(formatHours(weekOf("mon 9-17 tue 9-17 wed 9-17 sat 22-24")), "Mon-Wed 09:00-17:00; Sat 22:00-24:00");
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 200; round += 1) {
    const week: Week = Array.from({ length: 7 }, () => {
      const from = random(600);
      const to = from + 1 + random(300);
      return [[], [{ from, to }], [{ from, to }, { from: to, to: to + 1 + random(500) }]][random(3)] ?? [];
    });
    assert.deepEqual(weekOf(formatHours(week)), week);
  }
});
