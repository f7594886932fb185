// Numbers as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { appearsText, bytesText, countText, durationText, momentText } from "../../../../api/pages/static/js/words.js";

test("a moment has hours and tenths only where they are", () => {
  assert.equal(momentText(0), "0:00");
  assert.equal(momentText(65.26, 1), "1:05.3");
  assert.equal(momentText(3723), "1:02:03");
  assert.equal(momentText(-1.5, 1), "−0:01.5");
});

test("rounding never makes sixty seconds", () => {
  assert.equal(momentText(59.97, 1), "1:00.0");
  assert.equal(momentText(59.6), "1:00");
});

test("one is not many", () => {
  assert.equal(countText(1, "face"), "1 face");
  assert.equal(countText(0, "face"), "0 faces");
  assert.equal(countText(1200, "stretch", "stretches"), "1,200 stretches");
});

test("sizes and durations have the unit that suits them", () => {
  assert.deepEqual([0, 999, 1500, 2.5e9].map(bytesText), ["0 B", "999 B", "1.5 kB", "2.5 GB"]);
  assert.deepEqual([20, 600, 7200, 864000].map(durationText), ["20 s", "10 min", "2.0 h", "10 days"]);
});

test("a face that cannot be read is not given an emotion", () => {
  assert.equal(appearsText({ top: "sad", abstained: true, probs: { sad: 0.4 } }), "too unsure to say");
  assert.equal(appearsText({ top: "sad", abstained: false, probs: { sad: 0.626 } }), "appears sad, 63 %");
});
