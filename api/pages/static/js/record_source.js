// @ts-check
/** Fetches a person's record for the stretch that is shown, as bins on a wall clock. */

import { get, query } from "./client.js";
import { instantOf, wallOf } from "./wall_clock.js";
import { widthFor } from "./zoom.js";

/** @typedef {import("./stretches.js").Bin} Bin */
/** @typedef {import("./zoom.js").Range} Range */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that the API's grammar has, by their text. */
const TEXTS = new Map([
  [100, "0.1s"], [SECOND, "1s"], [5 * SECOND, "5s"], [15 * SECOND, "15s"], [MINUTE, "1m"], [5 * MINUTE, "5m"], [15 * MINUTE, "15m"],
  [HOUR, "1h"], [DAY, "1d"], [7 * DAY, "1w"], [30 * DAY, "1mo"],
]);

/** @typedef {{zone: string, condition?: string, baseline?: string}} How */

/**
 * The question of a stretch, for an answer of a readable number of bins.
 * @param {Range} range wall clock, ms
 * @param {How} how
 */
export function questionOf(range, how) {
  const width = widthFor(range, [...TEXTS.keys()]);
  const moment = (/** @type {number} */ wall) => new Date(instantOf(wall, how.zone)).toISOString();
  const from = width >= DAY ? new Date(range.from).toISOString().slice(0, 10) : moment(Math.floor(range.from / width) * width);
  const until = width >= DAY ? new Date(range.until + DAY).toISOString().slice(0, 10) : moment(Math.ceil(range.until / width) * width);
  return { width, values: { bin: TEXTS.get(width), from, until, ...how, min_readings: width < MINUTE ? 1 : 10 } };
}

/**
 * @param {string} subjectId
 * @param {Range} range
 * @param {How} how
 */
export async function fetchRecord(subjectId, range, how) {
  const { width, values } = questionOf(range, how);
  const document = await get(`/v1/subjects/${encodeURIComponent(subjectId)}/timeline${query(values)}`);
  return { width, document, bins: document.points.map((/** @type {any} */ point) => binOf(point, how.zone)), values };
}

/**
 * @param {any} point of the API's record
 * @param {string} zone
 * @returns {Bin}
 */
export function binOf(point, zone) {
  const estimates = point.changes ?? point.estimates;
  const means = estimates === null ? null : Object.fromEntries(Object.entries(estimates).map(([name, each]) => [name, each.mean]));
  const frames = point.num_frames;
  const read = point.num_face_frames - point.num_rejected_frames;
  const statuses = { ok: "ok", gap: "gap", insufficient: point.num_face_frames ? "unsure" : "nobody" };
  return {
    from: wallOf(Date.parse(point.start), zone),
    until: wallOf(Date.parse(point.end), zone),
    status: /** @type {Bin["status"]} */ (statuses[/** @type {"ok"} */ (point.status)]),
    probs: means,
    top: means === null ? null : topOf(point.estimates),
    spans: estimates ?? undefined,
    shares: frames ? { read: read / frames, unsure: point.num_rejected_frames / frames, nobody: (frames - point.num_face_frames) / frames } : undefined,
    note: `${point.num_sessions} sittings, ${frames} frames, ${point.num_readings} readings that count`,
  };
}

/** @param {Record<string, {mean: number}>} estimates */
function topOf(estimates) {
  const emotions = Object.entries(estimates).filter(([name]) => name !== "valence");
  return emotions.reduce((best, each) => (each[1].mean > best[1].mean ? each : best))[0];
}
