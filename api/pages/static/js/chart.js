// @ts-check
/** A mood line: emotions over time, and below it what every bin rests on. Plotly draws; pointing.js hears the pointer. */

import { EMOTIONS, colourOf, dashOf } from "./emotions.js";
import { make } from "./dom.js";
import { hearPointer } from "./pointing.js";
import { touch } from "./stretches.js";
import { momentText } from "./words.js";

/** @typedef {import("./stretches.js").Bin} Bin */
/** @typedef {import("./zoom.js").Range} Range */
/** @typedef {{at: number, probs: Record<string, number>}} Reading a face in a frame */
/** @typedef {{names?: readonly string[], baseline?: Record<string, number> | null, marks?: {at: number, text: string}[], readings?: readonly Reading[]}} More */

/** Plotly comes with the server's own packages, as a script before this one. */
const Plotly = () => /** @type {any} */ (window).Plotly;

const MARGIN = Object.freeze({ l: 46, r: 10, t: 8, b: 38, pad: 0 });
const NICE_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
const MAX_TICKS = 8;
const STRIP = [0, 0.1];
const MOODS = [0.16, 1];

export class MoodChart {
  /**
   * @param {HTMLElement} element
   * @param {object} how
   * @param {"seconds" | "dates"} how.axis seconds of a video, or milliseconds since 1970
   * @param {(at: number) => void} [how.onSeek] somebody clicked there
   * @param {(one: number, other: number) => void} [how.onSpan] somebody drew over a stretch
   * @param {(at: number, factor: number) => void} [how.onZoom]
   * @param {(at: number | null) => void} [how.onPoint] the pointer is there, or gone
   */
  constructor(element, { axis, onSeek, onSpan, onZoom, onPoint }) {
    this.element = element;
    this.axis = axis;
    /** @type {Range} */
    this.range = { from: 0, until: 1 };
    /** @type {readonly Bin[]} */
    this.bins = [];
    /** @type {ReadonlySet<string>} */
    this.hidden = new Set();
    /** @type {More} */
    this.more = {};
    this.canvas = make("div", { class: "plot" });
    this.canvas.style.height = "100%";
    this.playhead = make("div", { class: "playhead", hidden: true });
    element.replaceChildren(this.canvas, this.playhead);
    hearPointer(element, {
      timeAt: (x) => this.timeAt(x),
      xOf: (at) => this.xOf(at),
      onSeek, onSpan, onZoom, onPoint,
    });
    document.addEventListener("themechange", () => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(element);
  }

  /**
   * @param {readonly Bin[]} bins rising in time
   * @param {Range} range what is shown
   * @param {ReadonlySet<string>} hidden emotions that are switched off
   * @param {More} [more]
   */
  draw(bins, range, hidden, more = {}) {
    this.bins = bins;
    this.range = range;
    this.hidden = hidden;
    this.more = more;
    this.redraw();
  }

  redraw() {
    if (Plotly() === undefined || this.element.clientWidth === 0) return;
    Plotly().react(this.canvas, this.#traces(), this.#layout(), { staticPlot: true, responsive: false });
    this.#placePlayhead();
  }

  /** @param {number | null} at */
  setPlayhead(at) {
    this.at = at;
    this.#placePlayhead();
  }

  /** The moment below a place, pixels from the chart's left edge. @param {number} x */
  timeAt(x) {
    const width = this.element.clientWidth - MARGIN.l - MARGIN.r;
    const share = Math.min(Math.max((x - MARGIN.l) / width, 0), 1);
    return this.range.from + share * (this.range.until - this.range.from);
  }

  /** @param {number} at */
  xOf(at) {
    const width = this.element.clientWidth - MARGIN.l - MARGIN.r;
    return MARGIN.l + ((at - this.range.from) / (this.range.until - this.range.from)) * width;
  }

  #placePlayhead() {
    const at = this.at ?? null;
    const isSeen = at !== null && at >= this.range.from && at <= this.range.until;
    this.playhead.hidden = !isSeen;
    if (isSeen) this.playhead.style.left = `${this.xOf(at) - 1}px`;
  }

  #traces() {
    const names = (this.more.names ?? EMOTIONS).filter((name) => !this.hidden.has(name));
    const traces = names.map((name) => (this.axis === "dates" ? pointsOf(this.bins, name) : stepsOf(this.bins, name)));
    const readings = this.more.readings ?? [];
    const clouds = readings.length ? names.map((name) => cloudOf(readings, name)) : [];
    return [...clouds, ...traces, ...stripOf(this.bins)].map((trace) => ({ ...trace, x: trace.x.map((at) => this.#place(at)) }));
  }

  /**
   * A moment as Plotly takes it: it would move a date that is a number into the browser's own zone.
   * @param {number} at
   */
  #place(at) {
    return this.axis === "dates" ? new Date(at).toISOString().slice(0, -1) : at;
  }

  #layout() {
    const ink = colourOf("ink");
    const line = colourOf("line");
    const { from, until } = this.range;
    const axis = { color: ink, gridcolor: line, zeroline: false, fixedrange: true, automargin: false };
    const x = { ...axis, range: [this.#place(from), this.#place(until)], anchor: "y2", showgrid: false };
    return {
      width: this.element.clientWidth,
      height: this.element.clientHeight,
      margin: MARGIN,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif', size: 12, color: ink },
      showlegend: false,
      barmode: "stack",
      bargap: 0,
      xaxis: this.axis === "dates" ? { ...x, type: "date", nticks: MAX_TICKS } : { ...x, ...ticksOf(this.range) },
      yaxis: { ...axis, ...this.#height(), domain: MOODS },
      yaxis2: { ...axis, range: [0, 1], domain: STRIP, showticklabels: false, showgrid: false },
      shapes: [...this.#shades(), ...this.#baselines(), ...this.#marks()],
      annotations: (this.more.marks ?? []).map(({ at, text }) => ({
        x: this.#place(at), y: 1, xref: "x", yref: "paper", text, showarrow: false, xanchor: "left", yanchor: "top", font: { size: 11 },
      })),
    };
  }

  /** Between sittings there is mostly nothing: gaps of months must not drown the points. */
  #shades() {
    const gapOpacity = this.axis === "dates" ? 0.15 : 0.45;
    return stretchesWithout(this.bins, this.range).map(({ kind, from, until }) => ({
      type: "rect", xref: "x", x0: this.#place(from), x1: this.#place(until), yref: "paper", y0: 0, y1: 1, layer: "below",
      line: { width: 0 }, fillcolor: colourOf(kind), opacity: kind === "gap" ? gapOpacity : 1,
    }));
  }

  #height() {
    if (!(this.more.names ?? []).includes("valence")) return { range: [-0.01, 1.01], tickformat: ".0%", nticks: 6 };
    return { range: [-1.01, 1.01], nticks: 6 };
  }

  #baselines() {
    const baseline = this.more.baseline ?? null;
    if (baseline === null) return [];
    const names = (this.more.names ?? EMOTIONS).filter((name) => !this.hidden.has(name) && name in baseline);
    return names.map((name) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, yref: "y", y0: baseline[name], y1: baseline[name],
      line: { color: colourOf(name), width: 1, dash: "dot" },
    }));
  }

  #marks() {
    return (this.more.marks ?? []).map(({ at }) => ({
      type: "line", xref: "x", x0: this.#place(at), x1: this.#place(at), yref: "paper", y0: MOODS[0], y1: 1, line: { color: colourOf("bad"), width: 1.5 },
    }));
  }
}

/**
 * A line that stands on its bins and breaks where there is no value.
 * @param {readonly Bin[]} bins
 * @param {string} name
 */
function stepsOf(bins, name) {
  const x = [];
  const y = [];
  for (const bin of bins) {
    const value = bin.probs === null ? null : bin.probs[name];
    x.push(bin.from, bin.until);
    y.push(value, value);
  }
  return { x, y, mode: "lines", line: { color: colourOf(name), width: 2.5, dash: dashOf(name) }, connectgaps: false, name };
}

/**
 * A point a bin with its interval; sittings are apart, and a line between them would be made up.
 * @param {readonly Bin[]} bins
 * @param {string} name
 */
function pointsOf(bins, name) {
  const shown = bins.filter((bin) => bin.probs !== null && bin.probs[name] !== undefined);
  const y = shown.map((bin) => /** @type {Record<string, number>} */ (bin.probs)[name]);
  const span = shown.map((bin) => bin.spans?.[name] ?? { low: null, high: null });
  return {
    x: shown.map((bin) => (bin.from + bin.until) / 2),
    y,
    mode: "markers",
    marker: { color: colourOf(name), size: shown.length > 150 ? 4 : 6 },
    error_y: {
      type: "data", symmetric: false, width: 0, thickness: 1.2, color: colourOf(name),
      array: span.map(({ high }, index) => (high === null ? 0 : high - y[index])),
      arrayminus: span.map(({ low }, index) => (low === null ? 0 : y[index] - low)),
    },
    name,
  };
}

/**
 * Every single reading behind its bins' means: how far they scatter is how sure a mean can be.
 * @param {readonly Reading[]} readings
 * @param {string} name
 */
function cloudOf(readings, name) {
  return {
    x: readings.map(({ at }) => at), y: readings.map(({ probs }) => probs[name]), mode: "markers",
    marker: { color: colourOf(name), size: 4, opacity: 0.35 }, name: `${name}, each face`,
  };
}

/**
 * Of each bin's frames: read, too unsure, nobody.
 * @param {readonly Bin[]} bins
 */
function stripOf(bins) {
  const held = bins.filter((bin) => bin.shares !== undefined);
  const places = { x: held.map((bin) => (bin.from + bin.until) / 2), width: held.map((bin) => bin.until - bin.from) };
  /** @param {"read" | "unsure" | "nobody"} kind @param {string} colour */
  const bar = (kind, colour) => ({
    ...places, y: held.map((bin) => bin.shares?.[kind] ?? 0), type: "bar", yaxis: "y2",
    marker: { color: colourOf(colour), line: { width: 0 } }, name: kind,
  });
  return [bar("read", "soft"), bar("unsure", "unsure"), bar("nobody", "nobody")];
}

/**
 * Stretches without a value, by why.
 * @param {readonly Bin[]} bins
 * @param {Range} range
 */
function stretchesWithout(bins, range) {
  /** @type {{kind: string, from: number, until: number}[]} */
  const found = [];
  for (const bin of bins) {
    if (bin.status === "ok" || bin.until < range.from || bin.from > range.until) continue;
    const last = found.at(-1);
    if (last !== undefined && last.kind === bin.status && touch(last, bin)) last.until = bin.until;
    else found.push({ kind: bin.status, from: bin.from, until: bin.until });
  }
  return found;
}

/** @param {Range} range seconds */
function ticksOf({ from, until }) {
  const step = NICE_SECONDS.find((seconds) => (until - from) / seconds <= MAX_TICKS) ?? 7 * 86400;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(until / step + 1e-9);
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
  return { tickmode: "array", tickvals: values, ticktext: values.map((value) => momentText(value, step < 1 ? 1 : 0)) };
}
