// @ts-check
/** Upload a video, ask for its analysis, and watch the line grow. A reload or a server's restart loses nothing. */

import { ApiProblem, ask, get, post } from "./client.js";
import { MoodChart } from "./chart.js";
import { byId, say } from "./dom.js";
import { receiveFiles } from "./dropping.js";
import { fetchBins } from "./media_source.js";
import { patiently, tellAway } from "./patience.js";
import { isEmotion, stretchesOf } from "./stretches.js";
import { upload } from "./uploading.js";
import { bytesText, countText, durationText, momentText, percentText } from "./words.js";

const DRAW_MS = 400;

class UploadPage {
  constructor() {
    this.chart = new MoodChart(byId("chart"), { axis: "seconds" });
    /** @type {any} */
    this.job = null;
    this.drawnAt = 0;
    byId("pause").addEventListener("click", () => this.act(this.job.is_paused ? "resume" : "pause"));
    byId("cancel").addEventListener("click", () => this.act("cancel"));
    receiveFiles(byId("drop"), byId("file"), (file) => this.run(() => this.take(file)));
  }

  /** Offer what there is, and go on where a reload left off. */
  start() {
    void this.offerModels();
    const jobId = new URLSearchParams(location.search).get("job");
    if (jobId !== null) this.run(() => this.watchKnown(jobId));
  }

  async offerModels() {
    const { models } = await patiently(() => get("/v1/models"));
    for (const { name } of models) byId("model").append(new Option(name, name));
  }

  /** @param {() => Promise<void>} action */
  async run(action) {
    say(byId("problem"), "");
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      byId("work").hidden = byId("controls").hidden === true && this.job === null;
      say(byId("problem"), error.message);
    }
  }

  /** @param {File} file */
  async take(file) {
    this.job = null;
    byId("work").hidden = false;
    byId("controls").hidden = true;
    byId("name").textContent = file.name;
    const media = await upload(file, (sent) => {
      byId("progress").value = file.size ? sent / file.size : 1;
      byId("step").textContent = `Uploading: ${bytesText(sent)} of ${bytesText(file.size)}`;
    });
    const job = await patiently(() => post("/v1/jobs", this.question(media.media_id)));
    history.replaceState(null, "", `?job=${job.job_id}`);
    await this.watch(media, job);
  }

  /** @param {string} mediaId */
  question(mediaId) {
    const rate = byId("rate").value;
    const when = byId("started-at").value;
    const subject = byId("subject").value.trim();
    const sitting = byId("sitting").value.trim();
    return {
      media_id: mediaId,
      min_face: Number(byId("min-face").value),
      ...(rate && { rate: Number(rate) }),
      ...(byId("model").value && { model: byId("model").value }),
      ...(when && { started_at: new Date(when).toISOString() }),
      ...(subject && { subject }),
      ...(sitting && { session: sitting }),
    };
  }

  /** @param {string} jobId */
  async watchKnown(jobId) {
    const job = await patiently(() => get(`/v1/jobs/${encodeURIComponent(jobId)}`));
    const media = await patiently(() => get(`/v1/media/${job.media_id}`));
    byId("name").textContent = media.name ?? media.media_id;
    byId("work").hidden = false;
    await this.watch(media, job);
  }

  /**
   * Follow a job to its end. The browser asks again by itself where the line breaks.
   * @param {any} media
   * @param {any} job
   */
  async watch(media, job) {
    this.media = media;
    byId("controls").hidden = false;
    byId("open").href = `/timeline?media=${media.media_id}`;
    await this.tell(job);
    if (job.finished_at !== null) return;
    const events = new EventSource(`/v1/jobs/${job.job_id}/events`);
    /** @param {MessageEvent} event */
    const hear = (event) => {
      tellAway("");
      void this.tell(JSON.parse(event.data));
    };
    events.addEventListener("progress", hear);
    events.addEventListener("over", (event) => {
      events.close();
      hear(event);
    });
    events.addEventListener("error", () => {
      tellAway("The server cannot be reached. The analysis goes on when it is back; this page tries again.");
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.run(() => this.watchKnown(job.job_id)), DRAW_MS);
    });
  }

  /** @param {any} job */
  async tell(job) {
    this.job = job;
    const isOver = job.finished_at !== null;
    byId("step").textContent = stateText(job);
    byId("progress").value = shareDone(job);
    byId("pause").textContent = job.is_paused ? "Resume" : "Pause";
    byId("pause").disabled = byId("cancel").disabled = isOver;
    const now = performance.now();
    if (!isOver && now - this.drawnAt < DRAW_MS) return;
    this.drawnAt = now;
    await this.drawLine();
  }

  async drawLine() {
    const range = { from: 0, until: Math.max(1, this.media.duration_seconds ?? 1) };
    try {
      const { bins } = await patiently(() => fetchBins(this.media.media_id, range));
      this.chart.draw(bins, range, new Set());
      byId("summary").textContent = stretchesOf(bins)
        .filter(isEmotion)
        .map((each) => `${momentText(each.from)}–${momentText(each.until)} appears ${each.kind} (${percentText(each.mean ?? 0)})`)
        .join(", ");
      byId("chart").dataset.bins = String(bins.filter((bin) => bin.probs !== null).length);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error; // nothing is stored yet
    }
  }

  /** @param {string} action */
  act(action) {
    return this.run(async () => this.tell(await ask("POST", `/v1/jobs/${this.job.job_id}/${action}`)));
  }
}

/** @param {any} job */
function shareDone(job) {
  const done = ["done", "failed", "cancelled"].reduce((sum, state) => sum + (job.num_chunks_by_state[state] ?? 0), 0);
  return job.num_chunks ? done / job.num_chunks : 0;
}

/** @param {any} job */
function stateText(job) {
  const frames = countText(job.num_frames, "frame");
  if (job.finished_at !== null) {
    const faults = job.error_message ? ` ${job.error_message}` : "";
    return `${job.state.replaceAll("_", " ")}: ${frames}, ${job.num_face_frames.toLocaleString("en")} with a face.${faults}`;
  }
  if (job.is_paused) return `Paused after ${frames}.`;
  const speed = job.frames_per_second ? `, ${Math.round(job.frames_per_second)} frames/s` : "";
  const left = job.seconds_left === null ? "" : `, about ${durationText(job.seconds_left)} left`;
  return `Analysing: ${frames}${speed}${left}`;
}

new UploadPage().start();
