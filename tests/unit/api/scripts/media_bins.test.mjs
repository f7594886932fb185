// Points of the API as bins of a chart.
import assert from "node:assert/strict";
import { test } from "node:test";

import { binOf } from "../../../../api/pages/static/js/media_bins.js";
import { placed } from "../../../../api/pages/static/js/boxes.js";

const point = (more) => ({
  start_seconds: 4, num_frames: 10, num_face_frames: 8, num_rejected_frames: 2, num_undecodable_frames: 1, probs: null,
  top: null, ...more,
});

test("a bin's shares are of its sampled frames", () => {
  const found = binOf(point({ probs: { happy: 1 }, top: "happy" }), 2, []);
  assert.deepEqual([found.from, found.until, found.status], [4, 6, "ok"]);
  assert.deepEqual(found.shares, { read: 0.6, unsure: 0.2, nobody: 0.2 });
  assert.equal(found.note, "10 frames: 6 with a face that was read, 2 too unsure, 1 damaged");
});

test("why a bin has no value is told apart", () => {
  const empty = { num_frames: 0, num_face_frames: 0, num_rejected_frames: 0 };
  assert.equal(binOf(point({}), 1, []).status, "unsure");
  assert.equal(binOf(point({ num_face_frames: 0, num_rejected_frames: 0 }), 1, []).status, "nobody");
  assert.equal(binOf(point(empty), 1, []).status, "gap");
  assert.equal(binOf(point(empty), 1, [{ from_seconds: 4, until_seconds: 9 }]).status, "pending");
  assert.equal(binOf(point(empty), 1, [{ from_seconds: 5, until_seconds: 9 }]).status, "gap");
});

test("smoothed values take the place of the raw ones, and lend none to a bin without", () => {
  const raw = point({ probs: { happy: 0.2, sad: 0.8 }, top: "sad" });
  const smoothed = binOf({ ...raw, smoothed_probs: { happy: 0.6, sad: 0.4 }, smoothed_top: "happy" }, 1, []);
  assert.deepEqual([smoothed.top, smoothed.probs.happy], ["happy", 0.6]);
  assert.equal(binOf({ ...raw, smoothed_probs: null, smoothed_top: null }, 1, []).status, "unsure");
});

test("boxes lie where a picture that keeps its shape lies", () => {
  assert.deepEqual(placed({ width: 640, height: 360 }, { width: 320, height: 320 }), { scale: 0.5, left: 0, top: 70 });
});
