// @ts-check
/** Wall clock in a zone as numbers that a chart without zones can draw, and back. Pure but for the zone tables. */

/** @type {Map<string, Intl.DateTimeFormat>} */
const FORMATS = new Map();

/** @param {string} zone */
function formatOf(zone) {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    FORMATS.set(zone, format);
  }
  return format;
}

/**
 * How far a zone's clocks are ahead of UTC at an instant, ms.
 * @param {number} instant ms since 1970
 * @param {string} zone
 */
export function offsetMs(instant, zone) {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * An instant as the zone's clocks show it, as if they were UTC.
 * @param {number} instant
 * @param {string} zone
 */
export function wallOf(instant, zone) {
  return instant + offsetMs(instant, zone);
}

/**
 * The instant at which the zone's clocks show this; where they skip or repeat an hour, one that is near.
 * @param {number} wall
 * @param {string} zone
 */
export function instantOf(wall, zone) {
  const guess = wall - offsetMs(wall, zone);
  return wall - offsetMs(guess, zone);
}

/**
 * A wall clock as people read it, as fine as a bin is wide.
 * @param {number} wall
 * @param {number} widthMs
 */
export function wallText(wall, widthMs) {
  const text = new Date(wall).toISOString();
  if (widthMs >= 86_400_000) return text.slice(0, 10);
  if (widthMs >= 60_000) return text.slice(0, 16).replace("T", " ");
  if (widthMs >= 1000) return text.slice(0, 19).replace("T", " ");
  return text.slice(0, 21).replace("T", " ");
}
