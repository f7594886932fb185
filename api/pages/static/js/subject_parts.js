// @ts-check
/** The parts of a subject's page below its chart: what changed, and the sittings. */

import { byId, make, say } from "./dom.js";
import { wallOf } from "./wall_clock.js";
import { percentText } from "./words.js";

/** @param {any} found the API's changes */
export function showChanges(found) {
  say(byId("changes-wording"), found.wording);
  if (found.status !== "ok") {
    say(byId("changes-said"), `Too few sittings to tell: ${found.num_sessions}, at least ${found.least_sessions} are needed.`);
    return;
  }
  const changed = Object.entries(found.measures).filter(([, each]) => each.is_changed);
  const alarm = found.false_alarm_rate === null ? "" : ` Of ${found.false_alarm_n} records shuffled by chance, ${percentText(found.false_alarm_rate)} would tell of some change.`;
  say(byId("changes-said"), `${changed.length ? `${changed.length} of ${Object.keys(found.measures).length} measures changed` : "No change is told"} over ${found.num_sessions} sittings.${alarm}`);
  byId("changes").replaceChildren(...changed.map(([name, each]) => make("li", {}, make("b", {}, name), `: ${changeText(each)}`)));
}

/**
 * The steps that were told, as marks on a chart.
 * @param {any} found the API's changes
 * @param {string} zone
 */
export function marksOf(found, zone) {
  return Object.entries(found.measures ?? {}).flatMap(([name, each]) =>
    (each.level_shifts.is_found ? each.level_shifts.shifts : []).map((/** @type {any} */ shift) => ({
      at: wallOf(Date.parse(shift.at), zone), text: `${name} ${signed(shift.difference)}`,
    })));
}

/** @param {any} each a measure's change */
function changeText(each) {
  const parts = [];
  if (each.trend.is_found) {
    const { slope_per_30_days: slope, low, high } = each.trend;
    parts.push(`a trend of ${signed(slope)} in 30 days (${signed(low)} to ${signed(high)})`);
  }
  for (const shift of each.level_shifts.is_found ? each.level_shifts.shifts : []) {
    parts.push(`a step of ${signed(shift.difference)} about ${shift.at.slice(0, 10)}`);
  }
  const run = each.sustained_shift?.is_found ? each.sustained_shift.run : null;
  if (run) parts.push(`${signed(run.difference)} from the baseline between ${run.from.slice(0, 10)} and ${run.until.slice(0, 10)}`);
  return parts.join("; ");
}

/** @param {number} value */
function signed(value) {
  return (value > 0 ? "+" : "") + value.toFixed(3);
}

/**
 * @param {HTMLElement} body
 * @param {readonly any[]} sittings
 * @param {(sitting: any) => void} onOpen
 */
export function showSittings(body, sittings, onOpen) {
  const rows = sittings.map((sitting) => {
    const top = sitting.estimates === null ? null : largest(sitting.estimates);
    const look = make("button", { type: "button", class: "quiet", onclick: () => onOpen(sitting) }, "show");
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, sitting.session),
      make("td", {}, sitting.started_at ? sitting.started_at.slice(0, 16).replace("T", " ") : "unknown"),
      make("td", {}, sitting.condition ?? ""),
      make("td", {}, make("span", { class: `state ${sitting.state ?? ""}` }, (sitting.state ?? "not analysed").replaceAll("_", " "))),
      make("td", { class: "number" }, sitting.coverage === null ? "–" : percentText(sitting.coverage)),
      make("td", {}, top === null ? "too little to say" : `${top[0]}, ${percentText(top[1])}`),
      make("td", { class: "actions" }, ...(sitting.started_at ? [look] : []), make("a", { href: `/timeline?media=${sitting.media_id}` }, "video")),
    );
  });
  body.replaceChildren(...rows);
}

/**
 * @param {Record<string, {mean: number}>} estimates
 * @returns {[string, number]}
 */
function largest(estimates) {
  const means = Object.entries(estimates).filter(([name]) => name !== "valence");
  const [name, { mean }] = means.reduce((best, each) => (each[1].mean > best[1].mean ? each : best));
  return [name, mean];
}
