// @ts-check
/** The emotions, in FER2013's order as the API's `probs` have them, and how they look. */

export const EMOTIONS = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);

/** Told apart without colour, too. */
const DASHES = Object.freeze({ angry: "dot", disgust: "dashdot", fear: "longdash", surprise: "dash", neutral: "longdashdot" });

/** @param {string} emotion */
export function dashOf(emotion) {
  return DASHES[/** @type {keyof typeof DASHES} */ (emotion)] ?? "solid";
}

/**
 * The colour that the style sheet gives a name now, which dark and light change.
 * @param {string} name
 */
export function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * The most likely first.
 * @param {Record<string, number>} probs
 * @returns {[string, number][]}
 */
export function ranked(probs) {
  return EMOTIONS.map((name) => /** @type {[string, number]} */ ([name, probs[name]])).toSorted((a, b) => b[1] - a[1]);
}
