// @ts-check
/** Numbers and findings as people read them. Pure. */

/**
 * A moment of a video: 1:02:03, 2:03.4; tenths only where they matter.
 * @param {number} seconds
 * @param {number} [decimals]
 */
export function momentText(seconds, decimals = 0) {
  const sign = seconds < 0 ? "−" : "";
  const total = Math.abs(Number(seconds.toFixed(decimals)));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = (total % 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
  return sign + (hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`);
}

/** @param {number} share */
export function percentText(share) {
  return `${Math.round(share * 100)} %`;
}

/** @param {number} bytes */
export function bytesText(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

/** @param {number} seconds */
export function durationText(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/**
 * "1 face", "3 faces".
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function countText(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/**
 * What a face appears to show, with how sure the model is of it.
 * @param {{top: string | null, abstained: boolean, probs: Record<string, number>}} face
 */
export function appearsText(face) {
  if (face.abstained || face.top === null) return "too unsure to say";
  return `appears ${face.top}, ${percentText(face.probs[face.top])}`;
}
