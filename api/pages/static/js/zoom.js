// @ts-check
/** Which stretch of time is shown, and how finely. Pure arithmetic on numbers: seconds or milliseconds. */

/** @typedef {{from: number, until: number}} Range */

/** A chart this wide in bins is as fine as a screen shows. */
export const MAX_BINS = 400;

/**
 * The narrowest of some widths, rising, with which a range has no more than `maxBins` bins; else the widest.
 * @param {Range} range
 * @param {readonly number[]} widths in the range's unit
 * @param {number} [maxBins]
 */
export function widthFor(range, widths, maxBins = MAX_BINS) {
  const span = range.until - range.from;
  return widths.find((width) => span / width <= maxBins) ?? widths[widths.length - 1];
}

/**
 * The range `factor` times as wide, with `at` staying where it is on the screen.
 * @param {Range} range
 * @param {number} factor above 1: out
 * @param {number} at
 * @param {Range} bounds
 * @param {number} narrowest
 * @returns {Range}
 */
export function zoomed(range, factor, at, bounds, narrowest) {
  const span = range.until - range.from;
  const whole = bounds.until - bounds.from;
  const wanted = Math.min(Math.max(span * factor, Math.min(narrowest, whole)), whole);
  const share = span > 0 ? Math.min(Math.max((at - range.from) / span, 0), 1) : 0.5;
  return within({ from: at - share * wanted, until: at + (1 - share) * wanted }, bounds);
}

/**
 * The range moved by a share of its own width.
 * @param {Range} range
 * @param {number} share
 * @param {Range} bounds
 * @returns {Range}
 */
export function moved(range, share, bounds) {
  const by = (range.until - range.from) * share;
  return within({ from: range.from + by, until: range.until + by }, bounds);
}

/**
 * The range pushed inside its bounds, as wide as it was where that fits.
 * @param {Range} range
 * @param {Range} bounds
 * @returns {Range}
 */
export function within(range, bounds) {
  const span = Math.min(range.until - range.from, bounds.until - bounds.from);
  const from = Math.min(Math.max(range.from, bounds.from), bounds.until - span);
  return { from, until: from + span };
}

/**
 * The range between two moments, in either order; never narrower than `narrowest`.
 * @param {number} one
 * @param {number} other
 * @param {Range} bounds
 * @param {number} narrowest
 * @returns {Range}
 */
export function between(one, other, bounds, narrowest) {
  const middle = (one + other) / 2;
  const half = Math.max(Math.abs(one - other), narrowest) / 2;
  return within({ from: middle - half, until: middle + half }, bounds);
}
