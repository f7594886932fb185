// @ts-check
/** The archive at work: queue, jobs, workers. What changes is asked for again every other second. */

import { ApiProblem, ServerAway, get, getAll, post, query } from "./client.js";
import { byId, make, say } from "./dom.js";
import { startGenerations } from "./generations_part.js";
import { tellAway } from "./patience.js";
import { durationText } from "./words.js";

const LOOK_MS = 2000;
const STATES = ["pending", "running", "done", "completed_with_errors", "failed", "cancelled"];

/** @type {Map<string, string>} names of media by id */
const names = new Map();

async function look() {
  const [queue, { jobs }] = await Promise.all([get("/v1/queue"), get(`/v1/jobs${query({ state: byId("state").value, limit: 100 })}`)]);
  showTiles(queue);
  await nameAll(jobs);
  byId("jobs").replaceChildren(...jobs.map(rowOf));
  say(byId("no-jobs"), jobs.length ? "" : "No job is here.");
  const answer = await ownWorkers();
  byId("worked-by").textContent = answer.workers.length
    ? "" : queue.worked_by === "pool" ? "No worker has shown itself lately: what is asked for waits." : "This server works jobs off itself.";
  byId("workers-table").hidden = answer.workers.length === 0;
  byId("workers").replaceChildren(...answer.workers.map(workerRow));
}

/** Workers are the whole archive's: those whose token is not the archive's own see none. */
async function ownWorkers() {
  try {
    return await get("/v1/workers");
  } catch (error) {
    if (error instanceof ApiProblem) return { workers: [] };
    throw error;
  }
}

/** @param {any} queue */
function showTiles(queue) {
  const sum = (/** @type {string} */ state) => Object.values(queue.num_chunks).reduce((total, counts) => total + (counts[state] ?? 0), 0);
  const oldest = Math.max(0, ...Object.values(queue.oldest_unfinished_seconds));
  const errors = Object.values(queue.num_chunks_by_error).reduce((total, count) => total + count, 0);
  const tiles = [
    [queue.frames_per_second.toFixed(0), "frames a second"],
    [sum("pending"), "chunks wait"],
    [sum("leased"), "chunks in hand"],
    [oldest ? durationText(oldest) : "–", "the longest wait"],
    [errors, "chunks with errors"],
  ];
  byId("tiles").replaceChildren(...tiles.map(([value, what]) => make("div", { class: "tile" }, make("b", {}, String(value)), String(what))));
}

/** @param {readonly any[]} jobs */
async function nameAll(jobs) {
  const unknown = new Set(jobs.map(({ media_id: id }) => id).filter((id) => !names.has(id)));
  if (unknown.size === 0) return;
  for (const media of await getAll("/v1/media?limit=1000", "media", 5000)) names.set(media.media_id, media.name ?? media.media_id);
  for (const id of unknown) if (!names.has(id)) names.set(id, id);
}

/** @param {any} job */
function rowOf(job) {
  const done = ["done", "failed", "cancelled"].reduce((total, state) => total + (job.num_chunks_by_state[state] ?? 0), 0);
  const bar = make("progress", { max: String(job.num_chunks || 1), value: String(done), "aria-label": `${done} of ${job.num_chunks} chunks` });
  const isOver = job.finished_at !== null;
  const state = job.is_paused && !isOver ? "paused" : job.state;
  const errors = Object.entries(job.num_chunks_by_error).map(([code, count]) => `${code} ${count}`).join(", ");
  return make(
    "tr",
    { "data-job": job.job_id },
    make("th", { scope: "row" }, make("a", { href: `/timeline?media=${job.media_id}` }, names.get(job.media_id) ?? job.media_id)),
    make("td", {}, make("span", { class: `state ${state}` }, state.replaceAll("_", " "))),
    make("td", {}, bar),
    make("td", { class: "number" }, job.num_frames.toLocaleString("en")),
    make("td", {}, job.model_version),
    make("td", {}, new Date(job.created_at).toLocaleString()),
    make("td", { class: "wrap" }, errors || job.error_message || ""),
    make("td", { class: "actions" }, ...actionsOf(job, isOver)),
  );
}

/**
 * @param {any} job
 * @param {boolean} isOver
 */
function actionsOf(job, isOver) {
  /** @param {string} action @param {string} text */
  const button = (action, text) => make("button", { type: "button", class: "quiet", onclick: () => act(job.job_id, action) }, text);
  if (isOver) return job.state === "completed_with_errors" || job.state === "failed" ? [button("resume", "try again")] : [];
  return [button(job.is_paused ? "resume" : "pause", job.is_paused ? "resume" : "pause"), button("cancel", "cancel")];
}

/** @param {any} worker */
function workerRow(worker) {
  const cells = [worker.host, worker.queues.join(", "), worker.num_slots, worker.device, worker.num_chunks_on_host, `${durationText(worker.seen_seconds_ago)} ago`];
  return make("tr", {}, ...cells.map((cell) => make("td", {}, String(cell))));
}

/**
 * @param {string} jobId
 * @param {string} action
 */
async function act(jobId, action) {
  try {
    await post(`/v1/jobs/${jobId}/${action}`);
    await look();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    say(byId("problem"), error.message);
  }
}

async function keepLooking() {
  for (;;) {
    try {
      await look();
      tellAway("");
    } catch (error) {
      if (error instanceof ServerAway) tellAway(error.message);
      else if (error instanceof ApiProblem) say(byId("problem"), error.message);
      else throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

for (const state of STATES) byId("state").append(new Option(state.replaceAll("_", " "), state));
byId("state").addEventListener("change", look);
void startGenerations();
await keepLooking();
