// @ts-check
/** Probabilities as bars that are text, too. */

import { make } from "./dom.js";
import { EMOTIONS, ranked } from "./emotions.js";
import { percentText } from "./words.js";

/**
 * Bars of the seven probabilities, the most likely first.
 * @param {Record<string, number>} probs
 */
export function barsOf(probs) {
  return barsInOrder(ranked(probs), 0);
}

/**
 * Bars in FER2013's order, for values that change while one looks.
 * @param {Record<string, number>} probs
 */
export function steadyBarsOf(probs) {
  const [[top]] = ranked(probs);
  return barsInOrder(EMOTIONS.map((name) => /** @type {[string, number]} */ ([name, probs[name]])), EMOTIONS.indexOf(top));
}

/**
 * @param {[string, number][]} shares
 * @param {number} topIndex
 * @returns {HTMLElement}
 */
function barsInOrder(shares, topIndex) {
  const rows = shares.flatMap(([name, share], index) => {
    const fill = make("span");
    fill.style.width = `${share * 100}%`;
    fill.style.background = `var(--${name})`;
    return [make("span", { class: index === topIndex ? "first" : "rest" }, name), make("span", { class: "bar" }, fill), make("span", { class: "number" }, percentText(share))];
  });
  return make("div", { class: "bars" }, ...rows);
}
