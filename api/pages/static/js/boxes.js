// @ts-check
/** Draws faces' boxes and labels over a picture or video. Coordinates are pixels of the source. */

import { colourOf } from "./emotions.js";
import { percentText } from "./words.js";

/** @typedef {{box: number[], top: string | null, abstained: boolean, probs: Record<string, number>, track: number | null}} Face */

/**
 * Where a source that keeps its shape lies inside an element, pixels of the page.
 * @param {{width: number, height: number}} source
 * @param {{width: number, height: number}} element
 */
export function placed(source, element) {
  const scale = Math.min(element.width / source.width, element.height / source.height);
  return { scale, left: (element.width - source.width * scale) / 2, top: (element.height - source.height * scale) / 2 };
}

/**
 * @param {HTMLCanvasElement} canvas lies over the picture
 * @param {{width: number, height: number}} source
 * @param {readonly Face[]} faces
 * @param {{mirrored?: boolean}} [how]
 */
export function drawBoxes(canvas, source, faces, { mirrored = false } = {}) {
  const sharp = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * sharp)) canvas.width = Math.round(width * sharp);
  if (canvas.height !== Math.round(height * sharp)) canvas.height = Math.round(height * sharp);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!source.width || !source.height) return;
  const at = placed(source, { width, height });
  context.font = "600 14px system-ui, sans-serif";
  context.textBaseline = "bottom";
  for (const face of faces) {
    const [x1, y1, x2, y2] = face.box;
    const left = at.left + x1 * at.scale;
    const top = at.top + y1 * at.scale;
    const sure = !face.abstained && face.top !== null;
    const colour = sure ? colourOf(/** @type {string} */ (face.top)) : "#9aa5af";
    context.lineWidth = 3;
    context.strokeStyle = colour;
    context.setLineDash(sure ? [] : [6, 5]);
    context.strokeRect(left, top, (x2 - x1) * at.scale, (y2 - y1) * at.scale);
    const label = sure ? `${face.top} ${percentText(face.probs[/** @type {string} */ (face.top)])}` : "unsure";
    writeLabel(context, label, left, Math.max(top, 22), colour, mirrored);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} label
 * @param {number} left
 * @param {number} bottom
 * @param {string} colour
 * @param {boolean} mirrored a mirrored canvas must not mirror its letters
 */
function writeLabel(context, label, left, bottom, colour, mirrored) {
  const width = context.measureText(label).width + 10;
  context.save();
  context.translate(left, bottom);
  if (mirrored) {
    context.translate(width, 0);
    context.scale(-1, 1);
  }
  context.fillStyle = colour;
  context.fillRect(0, -22, width, 22);
  context.fillStyle = "#ffffff";
  context.shadowColor = "#000000";
  context.shadowBlur = 3;
  context.fillText(label, 5, -3);
  context.restore();
}
