// A timeline in words.
import assert from "node:assert/strict";
import { test } from "node:test";

import { isEmotion, lasting, stretchesOf } from "../../../../api/pages/static/js/stretches.js";

const bin = (from, top, prob, status = "ok") => ({
  from, until: from + 1, status, top, probs: top === null ? null : { [top]: prob },
});

test("neighbours of one kind are one stretch, with their mean", () => {
  const found = stretchesOf([bin(0, "sad", 0.6), bin(1, "sad", 0.8), bin(2, "happy", 0.9)]);
  assert.deepEqual(found.map(({ from, until, kind }) => [from, until, kind]), [[0, 2, "sad"], [2, 3, "happy"]]);
  assert.ok(Math.abs(found[0].mean - 0.7) < 1e-12);
});

test("what has no value is named by why, and is no emotion", () => {
  const found = stretchesOf(["gap", "nobody", "unsure", "pending"].map((status, at) => bin(at, null, 0, status)));
  assert.deepEqual(found.map((each) => each.kind), ["not sampled", "no face", "too unsure to say", "not yet analysed"]);
  assert.ok(!found.some(isEmotion));
});

test("bins that do not touch are apart", () => {
  assert.equal(stretchesOf([bin(0, "sad", 0.6), bin(5, "sad", 0.6)]).length, 2);
});

test("a flicker is left out of the words", () => {
  const found = stretchesOf([bin(0, "sad", 0.6), bin(1, "happy", 0.6), bin(2, "happy", 0.6)]);
  assert.deepEqual(lasting(found, 2).map((each) => each.kind), ["happy"]);
});
