// @ts-check
/** A person's record: from a year down to a tenth of a second, with baseline, changes, sittings and consent. */

import { ApiProblem, ask, get, getAll, post, query } from "./client.js";
import { MoodChart } from "./chart.js";
import { addChartKeys } from "./chart_keys.js";
import { byId, make, say } from "./dom.js";
import { addSwitches } from "./emotion_switches.js";
import { EMOTIONS } from "./emotions.js";
import { patiently } from "./patience.js";
import { fetchRecord } from "./record_source.js";
import { marksOf, showChanges, showSittings } from "./subject_parts.js";
import { percentText } from "./words.js";
import { wallOf, wallText } from "./wall_clock.js";
import { between, zoomed } from "./zoom.js";

/** @typedef {import("./stretches.js").Bin} Bin */
/** @typedef {import("./zoom.js").Range} Range */

const NAMES = Object.freeze([...EMOTIONS, "valence"]);
const NARROWEST_MS = 10_000;
const DAY_MS = 86_400_000;

/** What is there already is moved if the answer takes longer. */
const SLOW_MS = 120;

class SubjectPage {
  /** @param {any} subject the API's document */
  constructor(subject) {
    this.subject = subject;
    this.base = `/v1/subjects/${encodeURIComponent(subject.subject_id)}`;
    /** @type {any[]} */
    this.sittings = [];
    /** @type {Range} */
    this.bounds = { from: 0, until: 1 };
    this.range = this.bounds;
    /** @type {Bin[]} */
    this.bins = [];
    this.width = DAY_MS;
    /** @type {{at: number, text: string}[]} */
    this.marks = [];
    this.question = 0;
    this.hidden = addSwitches(byId("emotions"), () => this.draw(), { names: NAMES, kept: "moodline-hidden-of-records", off: ["valence"] });
    this.chart = new MoodChart(byId("chart"), {
      axis: "dates",
      onSeek: (at) => this.tell(at),
      onSpan: (one, other) => this.show(between(one, other, this.bounds, NARROWEST_MS)),
      onZoom: (at, factor) => this.show(zoomed(this.range, factor, at, this.bounds, NARROWEST_MS)),
      onPoint: (at) => at !== null && this.tell(at),
    });
  }

  async start() {
    byId("name").textContent = this.subject.subject_id;
    document.title = `${this.subject.subject_id} · Moodline`;
    byId("facts").textContent = `Study ${this.subject.study_id}${this.subject.group ? `, group ${this.subject.group}` : ""}`;
    byId("view").hidden = false;
    this.addZones();
    this.showConsent();
    this.addControls();
    await this.loadSittings();
    await Promise.all([this.show(this.bounds), this.addBaselines(), this.lookForChanges()]);
  }

  addZones() {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const zone of new Set([own, "UTC"])) byId("zone").append(new Option(zone, zone));
  }

  how() {
    return { zone: byId("zone").value, condition: byId("condition").value, baseline: byId("baseline").value };
  }

  async loadSittings() {
    const { zone } = this.how();
    this.sittings = await patiently(() => getAll(`${this.base}/sessions${query({ zone, limit: 1000 })}`, "sessions"));
    const times = this.sittings.flatMap(({ started_at: began, ended_at: ended }) => (began ? [Date.parse(began), Date.parse(ended ?? began)] : []));
    const until = times.length ? Math.max(...times) : Date.now();
    const from = times.length ? Math.min(...times) : until - DAY_MS;
    const beside = Math.max(DAY_MS / 2, (until - from) * 0.02);
    this.bounds = { from: wallOf(from, zone) - beside, until: wallOf(until, zone) + beside };
    const conditions = new Set(this.sittings.map(({ condition }) => condition).filter(Boolean));
    if (byId("condition").options.length === 1) for (const name of conditions) byId("condition").append(new Option(name, name));
    showSittings(byId("sittings"), this.sittings, (sitting) => this.showSitting(sitting));
  }

  /** @param {any} sitting */
  showSitting(sitting) {
    const { zone } = this.how();
    const from = wallOf(Date.parse(sitting.started_at), zone);
    const until = wallOf(Date.parse(sitting.ended_at), zone);
    byId("chart").scrollIntoView({ block: "center" });
    return this.show(between(from, until, this.bounds, NARROWEST_MS));
  }

  async addBaselines() {
    const { baselines } = await patiently(() => get(`${this.base}/baselines`));
    for (const { number, definition } of baselines) byId("baseline").append(new Option(`change from ${number}: ${definition}`, String(number)));
  }

  async lookForChanges() {
    try {
      const { zone } = this.how();
      const found = await patiently(() => get(`${this.base}/changes${query({ zone, shuffles: 999 })}`));
      showChanges(found);
      this.marks = marksOf(found, zone);
      this.draw();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      say(byId("changes-said"), error.message);
    }
  }

  addControls() {
    addChartKeys(byId("chart"), {
      range: () => this.range, bounds: () => this.bounds, narrowest: NARROWEST_MS, show: (range) => this.show(range),
    });
    for (const id of ["baseline", "condition"]) byId(id).addEventListener("change", () => this.show(this.range));
    byId("zone").addEventListener("change", async () => {
      await this.loadSittings();
      await this.show(this.bounds);
    });
    byId("withdraw").addEventListener("click", () => this.withdraw());
    byId("erase").addEventListener("click", () => byId("erase-dialog").showModal());
    byId("erase-dialog").addEventListener("close", () => this.erase());
  }

  /** @param {Range} range */
  async show(range) {
    this.range = range;
    const question = ++this.question;
    const slow = setTimeout(() => this.draw(), SLOW_MS);
    try {
      const found = await patiently(() => fetchRecord(this.subject.subject_id, range, this.how()));
      if (question !== this.question) return;
      say(byId("problem"), "");
      this.bins = found.bins;
      this.width = found.width;
      for (const form of ["csv", "jsonl", "parquet", "manifest.json"]) {
        byId(form.replace(".json", "")).href = `${this.base}/timeline.${form}${query(found.values)}`;
      }
      byId("range").textContent = `${wallText(range.from, found.width)} – ${wallText(range.until, found.width)}, by ${found.document.bin}`;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      say(byId("problem"), error.message);
    }
    clearTimeout(slow);
    this.draw();
    document.documentElement.dataset.drawn = String(question);
  }

  draw() {
    const isChange = byId("baseline").value !== "";
    const names = isChange || !this.hidden.has("valence") ? NAMES : EMOTIONS;
    this.chart.draw(this.bins, this.range, this.hidden, { names, marks: this.marks });
    const shown = this.bins.filter((bin) => bin.probs !== null);
    byId("chart").setAttribute("aria-label", `Record: ${shown.length} bins with a value of ${this.bins.length}`);
  }

  /** @param {number} at */
  tell(at) {
    const bin = this.bins.find((each) => at >= each.from && at < each.until);
    const title = make("h3", {}, wallText(at, this.width));
    if (bin === undefined || bin.probs === null) {
      byId("readout").replaceChildren(title, bin?.status === "unsure" ? "too little to say" : "nothing filmed");
      return;
    }
    const { probs } = bin;
    const values = NAMES.filter((name) => !this.hidden.has(name)).map((name) => `${name} ${valueText(name, probs[name], bin)}`);
    byId("readout").replaceChildren(title, `The face appears: ${values.join(", ")}`, make("p", { class: "soft" }, bin.note ?? ""));
  }

  showConsent() {
    const { consent } = this.subject;
    byId("consent").textContent = consent
      ? `${consent.basis}, version ${consent.version}, for ${consent.scope}, since ${consent.given_at.slice(0, 10)}${consent.until_at ? `, until ${consent.until_at.slice(0, 10)}` : ""}.`
      : "None that holds now: nothing new of this person is analysed.";
    byId("withdraw").disabled = !consent;
  }

  async withdraw() {
    this.subject = await post(`${this.base}/withdraw`);
    this.showConsent();
  }

  async erase() {
    const dialog = byId("erase-dialog");
    if (dialog.returnValue !== "erase") return;
    try {
      await ask("DELETE", `${this.base}${query({ confirm: byId("confirm").value })}`);
      location.href = "/subjects";
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      say(byId("problem"), error.message);
    }
  }
}

/**
 * @param {string} name
 * @param {number} value
 * @param {Bin} bin
 */
function valueText(name, value, bin) {
  const { low, high } = bin.spans?.[name] ?? { low: null, high: null };
  const text = name === "valence" ? value.toFixed(2) : percentText(value);
  if (low === null || high === null) return text;
  return name === "valence" ? `${text} (${low.toFixed(2)} to ${high.toFixed(2)})` : `${text} (${percentText(low)} to ${percentText(high)})`;
}

async function open() {
  const subjectId = new URLSearchParams(location.search).get("id") ?? "";
  try {
    await new SubjectPage(await patiently(() => get(`/v1/subjects/${encodeURIComponent(subjectId)}`))).start();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    say(byId("problem"), subjectId ? error.message : "No subject is named: open one from the page “Subjects”.");
  }
}

open();
