// @ts-check
/** The faces of one picture, with what each appears to show. */

import { ApiProblem, ask } from "./client.js";
import { drawBoxes } from "./boxes.js";
import { byId, say } from "./dom.js";
import { receiveFiles } from "./dropping.js";
import { showFaces } from "./faces_list.js";
import { patiently } from "./patience.js";
import { countText } from "./words.js";

/** @type {HTMLImageElement} */
const picture = byId("picture");
let address = "";
/** @type {any} */
let found = null;

/** @param {File} file */
async function take(file) {
  say(byId("problem"), "");
  say(byId("step"), "Reading…");
  byId("view").hidden = true;
  try {
    found = await patiently(() => ask("POST", "/v1/pictures", { body: file, headers: { "Content-Type": "application/octet-stream" } }));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    say(byId("step"), "");
    say(byId("problem"), error.message);
    return;
  }
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  picture.src = address;
  byId("view").hidden = false;
  await picture.decode().catch(() => say(byId("step"), "This browser cannot show the picture."));
  say(byId("step"), found.faces.length ? `${countText(found.faces.length, "face")}, read by ${found.model_version}` : "No face was found.");
  showFaces(byId("faces"), found.faces, "No face was found.");
  draw();
}

function draw() {
  if (found !== null) drawBoxes(byId("boxes"), { width: found.width_px, height: found.height_px }, found.faces);
}

receiveFiles(byId("drop"), byId("file"), take);
new ResizeObserver(draw).observe(picture);
