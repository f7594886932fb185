// @ts-check
/** A media's timeline: chart and video side by side, in step. */

import { ApiProblem, get, getAll } from "./client.js";
import { barsOf } from "./bars.js";
import { drawBoxes } from "./boxes.js";
import { MoodChart } from "./chart.js";
import { addChartKeys } from "./chart_keys.js";
import { byId, make, say } from "./dom.js";
import { addSwitches } from "./emotion_switches.js";
import { EMOTIONS } from "./emotions.js";
import { FramesAhead, fetchBins, fetchReadings } from "./media_source.js";
import { patiently } from "./patience.js";
import { isEmotion, lasting, stretchesOf } from "./stretches.js";
import { appearsText, countText, durationText, momentText, percentText } from "./words.js";
import { between, zoomed } from "./zoom.js";

/** @typedef {import("./stretches.js").Bin} Bin */
/** @typedef {import("./zoom.js").Range} Range */

const NARROWEST_SECONDS = 2;
const SMOOTHINGS = [0.2, 0.5, 1, 2];
const PARTIAL_LOOK_MS = 1500;
const MAX_TRACKS = 500;

/** In a stretch so short every single reading is drawn, too. */
const READINGS_SECONDS = 12;

/** What is there already is moved if the answer takes longer. */
const SLOW_MS = 120;

class TimelinePage {
  /** @param {any} media the API's document */
  constructor(media) {
    this.media = media;
    /** @type {HTMLVideoElement} */
    this.video = byId("video");
    this.frames = new FramesAhead(media.media_id, () => this.follow());
    /** @type {Range} */
    this.bounds = { from: 0, until: Math.max(media.duration_seconds ?? 0, NARROWEST_SECONDS) };
    /** @type {Range} */
    this.range = this.bounds;
    /** @type {Bin[]} */
    this.bins = [];
    this.question = 0;
    /** @type {import("./chart.js").Reading[]} */
    this.readings = [];
    this.hidden = addSwitches(byId("emotions"), () => this.draw());
    this.chart = new MoodChart(byId("chart"), {
      axis: "seconds",
      onSeek: (at) => this.seek(at),
      onSpan: (one, other) => this.show(between(one, other, this.bounds, NARROWEST_SECONDS)),
      onZoom: (at, factor) => this.show(zoomed(this.range, factor, at, this.bounds, NARROWEST_SECONDS)),
      onPoint: (at) => this.tell(at ?? this.video.currentTime),
    });
  }

  start() {
    const { media } = this;
    byId("name").textContent = media.name ?? `Media ${media.media_id}`;
    document.title = `${byId("name").textContent} · Moodline`;
    const sure = media.timestamps_estimated ? "; its times are estimated: the file holds none" : "";
    byId("facts").textContent =
      `${durationText(media.duration_seconds ?? 0)}, ${media.width_px}×${media.height_px}, model ${media.model_version}` +
      (media.started_at ? `, filmed from ${media.started_at}` : "") + sure;
    byId("view").hidden = byId("words").hidden = false;
    this.addChoices();
    this.addVideo();
    this.addControls();
    void this.addTracks();
    return this.show(this.bounds);
  }

  addChoices() {
    for (const seconds of SMOOTHINGS) byId("smooth").append(new Option(`half-life ${seconds} s`, String(seconds)));
    for (const id of ["smooth", "track"]) byId(id).addEventListener("change", () => this.show(this.range));
    const base = `/v1/media/${this.media.media_id}`;
    for (const form of ["csv", "jsonl", "parquet"]) byId(form).href = `${base}/timeline.${form}?bin=1s`;
    byId("frames-csv").href = `${base}/frames.csv`;
    byId("manifest").href = `${base}/timeline.manifest.json?bin=1s`;
  }

  async addTracks() {
    const tracks = await patiently(() => getAll(`/v1/media/${this.media.media_id}/tracks`, "tracks", MAX_TRACKS));
    for (const track of tracks) {
      const span = `${momentText(track.first_seconds)}–${momentText(track.last_seconds)}`;
      byId("track").append(new Option(`${track.subject_id ?? `face ${track.track}`}, ${span}`, String(track.track)));
    }
  }

  addVideo() {
    const { video } = this;
    video.addEventListener("error", () => {
      say(byId("no-video"), "This browser cannot play the video, or its file is not here any more. The chart works without it.");
    });
    video.src = `/v1/media/${this.media.media_id}/content`;
    video.addEventListener("timeupdate", () => this.follow());
    video.addEventListener("seeked", () => this.follow());
    video.addEventListener("loadeddata", () => this.follow());
    const step = () => {
      if (!video.paused) this.follow();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    new ResizeObserver(() => this.follow()).observe(video);
  }

  addControls() {
    addChartKeys(byId("chart"), {
      range: () => this.range,
      bounds: () => this.bounds,
      narrowest: NARROWEST_SECONDS,
      show: (range) => this.show(range),
      centre: () => this.centre(),
      more: {
        ArrowLeft: () => this.seek(this.video.currentTime - this.step()),
        ArrowRight: () => this.seek(this.video.currentTime + this.step()),
        " ": () => (this.video.paused ? this.video.play() : this.video.pause()),
      },
    });
  }

  /** The playhead, where it is on the chart: zooming keeps it in place. */
  centre() {
    const at = this.video.currentTime;
    return at > this.range.from && at < this.range.until ? at : null;
  }

  step() {
    return Math.max(0.1, (this.range.until - this.range.from) / 50);
  }

  /** @param {Range} range */
  async show(range) {
    this.range = range;
    const question = ++this.question;
    const slow = setTimeout(() => this.chart.draw(this.bins, range, this.hidden), SLOW_MS);
    const how = { smooth: byId("smooth").value, track: byId("track").value };
    byId("smooth").disabled = how.track !== "";
    const isShort = range.until - range.from <= READINGS_SECONDS;
    const [found, readings] = await patiently(() =>
      Promise.all([
        fetchBins(this.media.media_id, range, how),
        isShort ? fetchReadings(this.media.media_id, range, how.track) : [],
      ]));
    clearTimeout(slow);
    if (question !== this.question) return;
    this.bins = found.bins;
    this.readings = readings;
    byId("range").textContent = `${momentText(range.from, 1)} – ${momentText(range.until, 1)}, bins of ${durationBin(found.width)}`;
    this.draw();
    this.tell(this.video.currentTime);
    if (found.document.is_partial) setTimeout(() => question === this.question && this.show(range), PARTIAL_LOOK_MS);
  }

  draw() {
    this.chart.draw(this.bins, this.range, this.hidden, { readings: this.readings });
    document.documentElement.dataset.drawn = String(this.question);
    const all = stretchesOf(this.bins);
    const shortest = (this.range.until - this.range.from) / 40;
    const stretches = lasting(all, shortest);
    const numShort = all.length - stretches.length;
    say(byId("flickers"), numShort ? `${countText(numShort, "stretch", "stretches")} shorter than ${shortest.toFixed(1)} s: see the chart.` : "");
    const items = stretches.map((stretch) => {
      const when = `${momentText(stretch.from, 1)}–${momentText(stretch.until, 1)}`;
      const what = isEmotion(stretch) ? `appears ${stretch.kind}, ${percentText(stretch.mean ?? 0)}` : stretch.kind;
      return make("li", {}, make("button", { type: "button", onclick: () => this.seek(stretch.from) }, when), ` ${what}`);
    });
    byId("stretches").replaceChildren(...items);
    byId("chart").setAttribute("aria-label", `Timeline: ${stretches.map((each) => `${momentText(each.from)} ${each.kind}`).slice(0, 12).join(", ")}`);
    byId("values").replaceChildren(...tableOf(this.bins));
  }

  /** @param {number} at */
  seek(at) {
    this.video.currentTime = Math.min(Math.max(at, 0), this.bounds.until);
    this.chart.setPlayhead(at);
    this.tell(at);
    this.follow();
  }

  follow() {
    const { video } = this;
    const at = video.currentTime;
    this.chart.setPlayhead(at);
    const frame = this.frames.at(at, Math.max(0.2, 1.5 * this.spacing()));
    drawBoxes(byId("boxes"), { width: this.media.width_px, height: this.media.height_px }, frame?.faces ?? []);
    byId("screen").dataset.faces = String(frame?.faces.length ?? 0);
    if (!video.paused || video.seeking) this.tell(at);
  }

  /** Seconds between two sampled frames, roughly. */
  spacing() {
    const { num_frames: frames, duration_seconds: seconds } = this.media;
    return frames > 1 ? seconds / frames : 0.04;
  }

  /** Show what the bin at a moment holds. @param {number} at */
  tell(at) {
    const bin = this.bins.find((each) => at >= each.from && at < each.until);
    const title = make("h3", {}, `${momentText(at, 1)} `);
    if (bin === undefined) byId("readout").replaceChildren(title);
    else if (bin.probs === null) {
      const [{ kind }] = stretchesOf([bin]);
      byId("readout").replaceChildren(title, kind, make("p", { class: "soft" }, bin.note ?? ""));
    } else {
      title.append(appearsText({ top: bin.top, abstained: false, probs: bin.probs }));
      byId("readout").replaceChildren(title, barsOf(bin.probs), make("p", { class: "soft" }, bin.note ?? ""));
    }
  }
}

/** @param {number} seconds */
function durationBin(seconds) {
  return seconds < 60 ? `${seconds} s` : durationText(seconds);
}

/** @param {readonly Bin[]} bins */
function tableOf(bins) {
  const head = ["from", ...EMOTIONS, "rests on"].map((name) => make("th", { scope: "col" }, name));
  const rows = bins.map((bin) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, momentText(bin.from, 1)),
      ...EMOTIONS.map((name) => make("td", { class: "number" }, bin.probs === null ? "–" : percentText(bin.probs[name]))),
      make("td", { class: "wrap" }, bin.note ?? ""),
    ),
  );
  return [make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)];
}

async function open() {
  const mediaId = new URLSearchParams(location.search).get("media") ?? "";
  try {
    const media = await patiently(() => get(`/v1/media/${encodeURIComponent(mediaId)}`));
    if (media.job_id === null) say(byId("problem"), `${media.name}: not analysed yet; ask for it on the page “Upload”.`);
    else await new TimelinePage(media).start();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    say(byId("problem"), mediaId ? error.message : "No media is named: open one from the page “Archive”.");
  }
}

open();
