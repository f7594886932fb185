// @ts-check
/** The API's points of a media's timeline as a chart's bins. Pure. */

/** @typedef {import("./stretches.js").Bin} Bin */

/**
 * @param {any} point of the API's timeline
 * @param {number} width seconds
 * @param {readonly {from_seconds: number, until_seconds: number}[]} notYet stretches that are still to be analysed
 * @returns {Bin}
 */
export function binOf(point, width, notYet) {
  const from = point.start_seconds;
  const frames = point.num_frames;
  const read = point.num_face_frames - point.num_rejected_frames;
  const unsure = point.num_rejected_frames;
  const isSmoothed = point.smoothed_probs !== undefined;
  const probs = isSmoothed ? point.smoothed_probs : point.probs;
  return {
    from,
    until: from + width,
    status: statusOf(point, probs, notYet),
    probs,
    top: isSmoothed ? point.smoothed_top : point.top,
    shares: frames ? { read: read / frames, unsure: unsure / frames, nobody: (frames - read - unsure) / frames } : undefined,
    note: `${frames} frames: ${read} with a face that was read, ${unsure} too unsure, ${point.num_undecodable_frames} damaged`,
  };
}

/**
 * @param {any} point
 * @param {Record<string, number> | null} probs
 * @param {readonly {from_seconds: number, until_seconds: number}[]} notYet
 * @returns {Bin["status"]}
 */
function statusOf(point, probs, notYet) {
  if (probs !== null) return "ok";
  if (point.num_frames > 0) return point.num_rejected_frames > 0 ? "unsure" : "nobody";
  const at = point.start_seconds;
  return notYet.some(({ from_seconds: from, until_seconds: until }) => at >= from && at < until) ? "pending" : "gap";
}
