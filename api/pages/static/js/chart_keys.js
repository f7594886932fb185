// @ts-check
/** The buttons and keys that zoom and move a chart. */

import { byId } from "./dom.js";
import { hearKeys } from "./keys.js";
import { moved, zoomed } from "./zoom.js";

/** @typedef {import("./zoom.js").Range} Range */

/**
 * @param {HTMLElement} chart
 * @param {object} how
 * @param {() => Range} how.range what is shown
 * @param {() => Range} how.bounds
 * @param {number} how.narrowest
 * @param {(range: Range) => unknown} how.show
 * @param {() => number | null} [how.centre] what stays in place while zooming; absent: the middle
 * @param {Record<string, () => void>} [how.more] more keys
 */
export function addChartKeys(chart, { range, bounds, narrowest, show, centre = () => null, more = {} }) {
  /** @param {number} factor */
  const zoom = (factor) => {
    const { from, until } = range();
    return show(zoomed(range(), factor, centre() ?? (from + until) / 2, bounds(), narrowest));
  };
  const actions = {
    "zoom-in": () => zoom(0.5),
    "zoom-out": () => zoom(2),
    earlier: () => show(moved(range(), -0.5, bounds())),
    later: () => show(moved(range(), 0.5, bounds())),
    whole: () => show(bounds()),
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  hearKeys(chart, {
    "+": actions["zoom-in"], "-": actions["zoom-out"], 0: actions.whole,
    "Shift+ArrowLeft": actions.earlier, "Shift+ArrowRight": actions.later, ...more,
  });
}
