// Wall clock of a zone, and back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { binOf, questionOf } from "../../../../api/pages/static/js/record_source.js";
import { instantOf, wallOf, wallText } from "../../../../api/pages/static/js/wall_clock.js";

const BERLIN = "Europe/Berlin";
const DAY = 86_400_000;

test("a zone's clocks are ahead by its summer and winter offsets", () => {
  const winter = Date.parse("2026-01-15T12:00:00Z");
  const summer = Date.parse("2026-07-15T12:00:00Z");
  assert.equal(wallOf(winter, BERLIN) - winter, 3_600_000);
  assert.equal(wallOf(summer, BERLIN) - summer, 7_200_000);
});

test("every hour of a year comes back, but those that are shown twice", () => {
  const from = Date.parse("2026-01-01T00:00:00Z");
  const wrong = [];
  for (let at = from; at < from + 365 * DAY; at += 3_600_000) if (instantOf(wallOf(at, BERLIN), BERLIN) !== at) wrong.push(new Date(at).toISOString());
  assert.deepEqual(wrong.filter((each) => !each.startsWith("2026-10-25")), []);
});

test("parts of a second stay", () => {
  const at = Date.parse("2026-07-15T12:00:00.300Z");
  assert.equal(wallOf(at, BERLIN) - at, 7_200_000);
  assert.equal(wallText(wallOf(at, "UTC"), 100), "2026-07-15 12:00:00.3");
});

test("a year is asked for by day, a minute by tenths of a second, at the zone's own moments", () => {
  const from = Date.parse("2026-07-01T10:00:00Z");
  assert.equal(questionOf({ from, until: from + 365 * DAY }, { zone: BERLIN }).values.bin, "1d");
  const minute = questionOf({ from, until: from + 30_000 }, { zone: BERLIN }).values;
  assert.deepEqual([minute.bin, minute.from, minute.until], ["0.1s", "2026-07-01T08:00:00.000Z", "2026-07-01T08:00:30.000Z"]);
});

test("a bin says why it has no value", () => {
  const point = { start: "2026-07-01T00:00:00+02:00", end: "2026-07-02T00:00:00+02:00", status: "insufficient", estimates: null, changes: null,
    num_sessions: 1, num_frames: 9, num_face_frames: 3, num_rejected_frames: 3, num_readings: 0 };
  assert.equal(binOf(point, BERLIN).status, "unsure");
  assert.equal(binOf({ ...point, num_face_frames: 0, num_rejected_frames: 0 }, BERLIN).status, "nobody");
  assert.equal(wallText(binOf(point, BERLIN).from, DAY), "2026-07-01");
});
