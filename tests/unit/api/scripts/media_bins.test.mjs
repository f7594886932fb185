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
  const found = binOf(point({ probs: { happy: 1 }, top: "happy" }), 2, null);
  assert.deepEqual([found.from, found.until, found.status], [4, 6, "ok"]);
  assert.deepEqual(found.shares, { read: 0.6, unsure: 0.2, nobody: 0.2 });
  assert.equal(found.note, "10 frames: 6 with a face that was read, 2 too unsure, 1 damaged");
});

test("why a bin has no value is told apart", () => {
  const empty = { num_frames: 0, num_face_frames: 0, num_rejected_frames: 0 };
  assert.equal(binOf(point({}), 1, null).status, "unsure");
  assert.equal(binOf(point({ num_face_frames: 0, num_rejected_frames: 0 }), 1, null).status, "nobody");
  assert.equal(binOf(point(empty), 1, null).status, "gap");
  assert.equal(binOf(point(empty), 1, 4).status, "pending");
  assert.equal(binOf(point(empty), 1, 5).status, "gap");
});

test("boxes lie where a picture that keeps its shape lies", () => {
  assert.deepEqual(placed({ width: 640, height: 360 }, { width: 320, height: 320 }), { scale: 0.5, left: 0, top: 70 });
});
