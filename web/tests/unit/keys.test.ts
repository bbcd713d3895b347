import assert from "node:assert/strict";
import { test } from "node:test";
import { capOf, parseSequence, SequenceReader, strokeOf } from "../../components/lib/keys";

const press = (key: string, modifiers = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

test("reads sequences and chords", () => {
  assert.deepEqual(parseSequence(" g  P "), ["g", "p"]);
  assert.deepEqual(parseSequence("mod+enter"), ["mod+enter"]);
});

test("spells a press as a stroke, and leaves modifiers and Alt alone", () => {
  assert.equal(strokeOf(press("K", { metaKey: true })), "mod+k");
  assert.equal(strokeOf(press("?")), "?");
  assert.equal(strokeOf(press("Shift")), null);
  assert.equal(strokeOf(press("p", { altKey: true })), null);
});

test("completes a sequence, waits within it and forgets a wrong start", () => {
  const reader = new SequenceReader();
  const sequences = [["g", "p"], ["g", "t"], ["c"]];
  assert.equal(reader.read("g", 0, sequences), "waiting");
  assert.deepEqual(reader.read("t", 100, sequences), ["g", "t"]);
  assert.equal(reader.read("t", 200, sequences), null);
  assert.equal(reader.read("g", 300, sequences), "waiting");
  assert.deepEqual(reader.read("c", 400, sequences), ["c"]);
});

test("forgets what was pressed long ago", () => {
  const reader = new SequenceReader();
  assert.equal(reader.read("g", 0, [["g", "p"]]), "waiting");
  assert.equal(reader.read("p", 2000, [["g", "p"]]), null);
});

test("prints key caps for both kinds of keyboard", () => {
  assert.equal(capOf("mod+k", true), "⌘K");
  assert.equal(capOf("mod+enter", false), "Ctrl ↵");
  assert.equal(capOf("g", false), "G");
});
