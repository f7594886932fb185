// @ts-check
/** Uploads a file in pieces by the tus protocol (tus.io, 1.0.0): what broke off goes on where it stopped. */

import { ApiProblem, send } from "./client.js";
import { patiently } from "./patience.js";

const PIECE_BYTES = 4 * 2 ** 20;
const TUS = { "Tus-Resumable": "1.0.0" };

/**
 * Send a file; returns its media as the API tells of it.
 * @param {File} file
 * @param {(sentBytes: number) => void} onProgress
 * @returns {Promise<any>}
 */
export async function upload(file, onProgress) {
  const remembered = `moodline-upload:${file.name}:${file.size}:${file.lastModified}`;
  const place = (await known(localStorage.getItem(remembered))) ?? (await begin(file));
  localStorage.setItem(remembered, place);
  try {
    return await sendPieces(file, place, onProgress);
  } finally {
    localStorage.removeItem(remembered);
  }
}

/** @param {File} file */
async function begin(file) {
  const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` };
  const answer = await patiently(() => send("POST", "/v1/uploads", { headers }));
  return /** @type {string} */ (answer.headers.get("Location"));
}

/**
 * A place from an earlier visit, if the server still has it.
 * @param {string | null} place
 */
async function known(place) {
  if (place === null) return null;
  try {
    await patiently(() => send("HEAD", place, { headers: TUS }));
    return place;
  } catch (error) {
    if (error instanceof ApiProblem) return null;
    throw error;
  }
}

/**
 * @param {File} file
 * @param {string} place
 * @param {(sentBytes: number) => void} onProgress
 */
async function sendPieces(file, place, onProgress) {
  for (;;) {
    const asked = await patiently(() => send("HEAD", place, { headers: TUS }));
    const done = asked.headers.get("Moodline-Media-Id");
    if (done !== null) return mediaOf(done);
    let offset = Number(asked.headers.get("Upload-Offset"));
    while (offset < file.size) {
      onProgress(offset);
      const answer = await piece(file, place, offset);
      if (answer === null) break; // ask where it stands
      offset = Number(answer.headers.get("Upload-Offset"));
      const mediaId = answer.headers.get("Moodline-Media-Id");
      if (mediaId === null) continue;
      onProgress(file.size);
      return mediaOf(mediaId);
    }
  }
}

/**
 * Send one piece; null where the line broke or another hand was at it.
 * @param {File} file
 * @param {string} place
 * @param {number} offset
 */
async function piece(file, place, offset) {
  const headers = { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
  try {
    return await send("PATCH", place, { headers, body: file.slice(offset, offset + PIECE_BYTES) });
  } catch (error) {
    if (error instanceof ApiProblem && ![409, 423, 503].includes(error.status)) throw error;
    return null;
  }
}

/** @param {string} mediaId */
async function mediaOf(mediaId) {
  const answer = await patiently(() => send("GET", `/v1/media/${mediaId}`));
  return answer.json();
}

/** @param {string} text */
function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
