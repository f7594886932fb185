// @ts-check
/** What a pointer means over a chart: a click seeks, a drag chooses a stretch, a wheel with Ctrl zooms. */

import { make } from "./dom.js";

const DRAG_PX = 5;
const WHEEL_FACTOR = 1.25;

/**
 * @param {HTMLElement} element
 * @param {object} how
 * @param {(x: number) => number} how.timeAt
 * @param {(at: number) => number} how.xOf
 * @param {(at: number) => void} [how.onSeek]
 * @param {(one: number, other: number) => void} [how.onSpan]
 * @param {(at: number, factor: number) => void} [how.onZoom]
 * @param {(at: number | null) => void} [how.onPoint]
 */
export function hearPointer(element, { timeAt, xOf, onSeek, onSpan, onZoom, onPoint }) {
  const glass = make("div", { class: "glass" });
  const chosen = make("div", { class: "chosen", hidden: true });
  element.append(glass, chosen);
  /** @type {number | null} */
  let pressed = null;
  /** @param {MouseEvent} event */
  const placeOf = (event) => event.clientX - element.getBoundingClientRect().left;

  glass.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = placeOf(event);
    glass.setPointerCapture(event.pointerId);
  });
  glass.addEventListener("pointermove", (event) => {
    const x = placeOf(event);
    onPoint?.(timeAt(x));
    const isDrawn = pressed !== null && Math.abs(x - pressed) >= DRAG_PX;
    chosen.hidden = !isDrawn || onSpan === undefined;
    if (pressed === null || !isDrawn) return;
    const [left, right] = [xOf(timeAt(Math.min(x, pressed))), xOf(timeAt(Math.max(x, pressed)))];
    chosen.style.left = `${left}px`;
    chosen.style.width = `${right - left}px`;
  });
  glass.addEventListener("pointerup", (event) => {
    if (pressed === null) return;
    const x = placeOf(event);
    if (Math.abs(x - pressed) < DRAG_PX) onSeek?.(timeAt(x));
    else onSpan?.(timeAt(pressed), timeAt(x));
    pressed = null;
    chosen.hidden = true;
  });
  glass.addEventListener("pointercancel", () => {
    pressed = null;
    chosen.hidden = true;
  });
  glass.addEventListener("pointerleave", () => onPoint?.(null));
  glass.addEventListener(
    "wheel",
    (event) => {
      if (onZoom === undefined || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onZoom(timeAt(placeOf(event)), event.deltaY > 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR);
    },
    { passive: false },
  );
}
