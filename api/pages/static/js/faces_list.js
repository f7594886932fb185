// @ts-check
/** Faces as cards with probability bars. */

import { barsOf, steadyBarsOf } from "./bars.js";
import { make } from "./dom.js";
import { appearsText } from "./words.js";

/**
 * @param {HTMLElement} list
 * @param {readonly any[]} faces
 * @param {string} nobody what to say where there is none
 */
export function showFaces(list, faces, nobody) {
  showCards(list, faces, nobody, barsOf);
}

/**
 * As `showFaces`, with bars that keep their places.
 * @param {HTMLElement} list
 * @param {readonly any[]} faces
 * @param {string} nobody
 */
export function showMovingFaces(list, faces, nobody) {
  showCards(list, faces, nobody, steadyBarsOf);
}

/**
 * @param {HTMLElement} list
 * @param {readonly any[]} faces
 * @param {string} nobody
 * @param {(probs: Record<string, number>) => HTMLElement} bars
 */
function showCards(list, faces, nobody, bars) {
  const cards = faces.map((face, index) =>
    make("li", {}, make("h3", {}, `${index + 1}. ${appearsText(face)}`), bars(face.probs),
      make("p", { class: "soft" }, `${Math.round(face.face_px)} pixels high, found with ${Math.round(face.score * 100)} %`)),
  );
  list.replaceChildren(...(cards.length ? cards : [make("li", {}, nobody)]));
}
