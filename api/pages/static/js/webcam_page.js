// @ts-check
/** The camera's picture, read by the server one at a time. Nothing is stored unless somebody records. */

import { ApiProblem, ServerAway, ask } from "./client.js";
import { drawBoxes } from "./boxes.js";
import { byId, say } from "./dom.js";
import { showMovingFaces } from "./faces_list.js";

const WIDTH_PX = 480;
const JPEG_QUALITY = 0.8;
const RATE_SECONDS = 2;
const AWAY_MS = 1000;

/** @type {HTMLVideoElement} */
const video = byId("video");
const scratch = document.createElement("canvas");
/** @type {MediaStream | null} */
let stream = null;
/** @type {MediaRecorder | null} */
let recorder = null;
/** @type {number[]} moments of the last answers, ms */
let answers = [];

async function start() {
  say(byId("problem"), "");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
  } catch (error) {
    say(byId("problem"), `The camera cannot be used (${/** @type {Error} */ (error).message}). Allow it for this page; beyond this machine, that needs HTTPS.`);
    return;
  }
  video.srcObject = stream;
  await video.play();
  byId("start").textContent = "Stop the camera";
  byId("record").disabled = false;
  void readOn(stream);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  answers = [];
  byId("start").textContent = "Start the camera";
  byId("record").disabled = true;
  byId("rate").textContent = "";
  drawBoxes(byId("boxes"), { width: 0, height: 0 }, []);
  byId("faces").replaceChildren();
}

/**
 * One picture after the other, for as long as this stream runs.
 * @param {MediaStream} own
 */
async function readOn(own) {
  while (stream === own) {
    try {
      const found = await ask("POST", "/v1/pictures?min_face=48", { body: await snapshot(), headers: { "Content-Type": "application/octet-stream" } });
      if (stream !== own) return;
      say(byId("problem"), "");
      show(found);
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof ServerAway)) throw error;
      say(byId("problem"), error.message);
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    }
  }
}

/** @returns {Promise<Blob>} what the camera sees now, as JPEG */
async function snapshot() {
  if (!video.videoWidth) await new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true }));
  scratch.width = Math.min(WIDTH_PX, video.videoWidth);
  scratch.height = Math.round((scratch.width * video.videoHeight) / video.videoWidth);
  /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d")).drawImage(video, 0, 0, scratch.width, scratch.height);
  return new Promise((resolve, reject) => {
    scratch.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/jpeg", JPEG_QUALITY);
  });
}

/** @param {any} found */
function show(found) {
  const mirrored = byId("mirror").checked;
  byId("screen").classList.toggle("mirrored", mirrored);
  drawBoxes(byId("boxes"), { width: found.width_px, height: found.height_px }, found.faces, { mirrored });
  showMovingFaces(byId("faces"), found.faces, "No face is seen.");
  const now = performance.now();
  answers = [...answers.filter((at) => now - at < RATE_SECONDS * 1000), now];
  const span = (now - answers[0]) / 1000;
  byId("rate").textContent = span > 0 ? `${((answers.length - 1) / span).toFixed(1)} updates a second` : "";
  byId("screen").dataset.updates = String(Number(byId("screen").dataset.updates ?? 0) + 1);
  byId("screen").dataset.faces = String(found.faces.length);
}

/** Begin to record the camera, or end it; what comes of it is a file, which the page “Upload” takes. */
function toggleRecording() {
  if (recorder === null) startRecording();
  else recorder.stop();
}

function startRecording() {
  if (stream === null) return;
  /** @type {Blob[]} */
  const parts = [];
  recorder = new MediaRecorder(stream, { mimeType: "video/webm" });
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    recorder = null;
    byId("record").textContent = "Record";
    save(new Blob(parts, { type: "video/webm" }));
  });
  recorder.start(1000);
  byId("record").textContent = "Stop, and save the file";
}

/** @param {Blob} film */
function save(film) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(film);
  link.download = `camera-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.webm`;
  link.click();
}

byId("start").addEventListener("click", () => (stream === null ? start() : stop()));
byId("record").addEventListener("click", toggleRecording);
