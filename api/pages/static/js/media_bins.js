// @ts-check
/** The API's points of a media's timeline as a chart's bins. Pure. */

/** @typedef {import("./stretches.js").Bin} Bin */

/**
 * @param {any} point of the API's timeline
 * @param {number} width seconds
 * @param {number | null} analysedUntil seconds; what is later was not analysed yet; null: all was
 * @returns {Bin}
 */
export function binOf(point, width, analysedUntil) {
  const from = point.start_seconds;
  const frames = point.num_frames;
  const read = point.num_face_frames - point.num_rejected_frames;
  const unsure = point.num_rejected_frames;
  return {
    from,
    until: from + width,
    status: statusOf(point, analysedUntil),
    probs: point.probs,
    top: point.top,
    shares: frames ? { read: read / frames, unsure: unsure / frames, nobody: (frames - read - unsure) / frames } : undefined,
    note: `${frames} frames: ${read} with a face that was read, ${unsure} too unsure, ${point.num_undecodable_frames} damaged`,
  };
}

/**
 * @param {any} point
 * @param {number | null} analysedUntil
 * @returns {Bin["status"]}
 */
function statusOf(point, analysedUntil) {
  if (point.probs !== null) return "ok";
  if (point.num_frames === 0) return analysedUntil !== null && point.start_seconds >= analysedUntil ? "pending" : "gap";
  return point.num_rejected_frames > 0 ? "unsure" : "nobody";
}
