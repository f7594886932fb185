// @ts-check
/** Fetches a media's timeline and frames for the stretch that is shown, and keeps what it has. */

import { get, getAll, query } from "./client.js";
import { binOf } from "./media_bins.js";
import { MAX_BINS, widthFor } from "./zoom.js";

/** @typedef {import("./stretches.js").Bin} Bin */
/** @typedef {import("./zoom.js").Range} Range */

/** Widths of bins that are offered, seconds. */
export const WIDTHS = Object.freeze([0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]);

/** Wider bins are means of so many readings that smoothing them would show nothing more, seconds. */
const WIDEST_SMOOTHED = 10;

/** Frames are asked for in stretches of this many seconds. */
const FRAMES_SECONDS = 4;
const MAX_KEPT = 60;

/**
 * The bins of a stretch: enough beside it that a small move needs nothing new.
 * @param {string} mediaId
 * @param {Range} range
 * @param {{smooth?: string, track?: string}} [how]
 * @returns {Promise<{bins: Bin[], width: number, document: any}>}
 */
export async function fetchBins(mediaId, range, how = {}) {
  const width = widthFor(range, WIDTHS);
  const from = Math.floor(range.from / width) * width;
  const until = Math.ceil(range.until / width) * width;
  const smooth = width <= WIDEST_SMOOTHED && !how.track ? how.smooth : "";
  const asked = { bin: `${width}s`, from: from.toFixed(1), until: until.toFixed(1), limit: 1000, ...how, smooth };
  const path = `/v1/media/${mediaId}/timeline${query(asked)}`;
  const document = await get(path);
  const points = [...document.points];
  for (let cursor = document.next_cursor; cursor !== null && points.length < MAX_BINS * 2;) {
    const more = await get(`${path}&cursor=${encodeURIComponent(cursor)}`);
    points.push(...more.points);
    cursor = more.next_cursor;
  }
  return { bins: points.map((point) => binOf(point, width, document.not_yet)), width, document };
}

/**
 * Every counted reading of a short stretch, of all faces or of one track.
 * @param {string} mediaId
 * @param {Range} range
 * @param {string} track its number; empty: all
 * @returns {Promise<{at: number, probs: Record<string, number>}[]>}
 */
export async function fetchReadings(mediaId, range, track) {
  const span = query({ from: range.from.toFixed(3), until: range.until.toFixed(3), limit: 1000 });
  const frames = await getAll(`/v1/media/${mediaId}/frames${span}`, "frames", 1000);
  return frames.flatMap(({ pts_seconds: at, faces }) =>
    faces.filter((/** @type {any} */ face) => !face.abstained && (track === "" || String(face.track) === track))
      .map((/** @type {any} */ { probs }) => ({ at, probs })));
}

/** Frames with their faces, fetched a few seconds at a time as a player needs them. */
export class FramesAhead {
  /**
   * @param {string} mediaId
   * @param {() => void} onFrames more frames are there: what is drawn may lack them
   */
  constructor(mediaId, onFrames) {
    this.mediaId = mediaId;
    this.onFrames = onFrames;
    /** @type {Map<number, any[] | Promise<void>>} */
    this.kept = new Map();
  }

  /**
   * The frame that is on the screen at a moment, or null: not known (yet), or none near.
   * @param {number} seconds
   * @param {number} reach how far back a frame may lie, seconds
   */
  at(seconds, reach) {
    const number = Math.floor(seconds / FRAMES_SECONDS);
    this.#want(number);
    this.#want(number + 1);
    const own = this.#frames(number);
    const before = seconds - number * FRAMES_SECONDS < reach ? this.#frames(number - 1) : [];
    const found = lastUntil(own, seconds) ?? lastUntil(before, seconds);
    return found !== null && seconds - found.pts_seconds <= reach ? found : null;
  }

  /** @param {number} number */
  #frames(number) {
    const found = this.kept.get(number);
    return Array.isArray(found) ? found : [];
  }

  /** @param {number} number */
  #want(number) {
    if (number < 0 || this.kept.has(number)) return;
    if (this.kept.size > MAX_KEPT) this.kept.delete(/** @type {number} */ (this.kept.keys().next().value));
    this.kept.set(number, this.#fetch(number));
  }

  /** @param {number} number */
  async #fetch(number) {
    const span = query({ from: number * FRAMES_SECONDS, until: (number + 1) * FRAMES_SECONDS, limit: 1000 });
    try {
      this.kept.set(number, await getAll(`/v1/media/${this.mediaId}/frames${span}`, "frames"));
      this.onFrames();
    } catch {
      this.kept.delete(number); // asked for again when it is wanted again
    }
  }
}

/**
 * @param {readonly any[]} frames rising in time
 * @param {number} seconds
 */
function lastUntil(frames, seconds) {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle].pts_seconds <= seconds + 1e-6) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : frames[low - 1];
}
