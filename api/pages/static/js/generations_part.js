// @ts-check
/** What the store holds of each model; reprocessing, switching, and how two generations differ. */

import { ApiProblem, get, post, query } from "./client.js";
import { byId, make, say } from "./dom.js";
import { EMOTIONS } from "./emotions.js";
import { patiently } from "./patience.js";
import { countText, durationText, momentText, percentText } from "./words.js";

export async function startGenerations() {
  try {
    const { models } = await patiently(() => get("/v1/models"));
    for (const { name } of models) byId("reprocess-model").append(new Option(name, name));
    await showAll();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    byId("generations-part").hidden = true; // the whole archive is not this token's
  }
}

async function showAll() {
  const { models } = await patiently(() => get("/v1/generations"));
  byId("generations").replaceChildren(...models.map(rowOf));
  const versions = models.map((/** @type {any} */ { model_version_id: id }) => id);
  for (const id of ["before", "after"]) byId(id).replaceChildren(...versions.map((/** @type {string} */ version) => new Option(version, version)));
  byId("diff-form").hidden = versions.length < 2;
  if (versions.length > 1) byId("after").selectedIndex = 1;
}

/** @param {any} model */
function rowOf(model) {
  const numbers = [model.num_media, model.num_active, model.num_finished, model.num_unfinished, model.num_frames];
  const isAll = model.num_active === model.num_media;
  const button = make("button", { type: "button", class: "quiet", onclick: () => attempt(() => activate(model.model_version_id)) }, "read this one");
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, model.model_version_id),
    ...numbers.map((number) => make("td", { class: "number" }, number.toLocaleString("en"))),
    make("td", { class: "actions" }, ...(isAll ? [] : [button])),
  );
}

/** @param {string} model */
async function activate(model) {
  await post("/v1/generations/activate", { model });
  await showAll();
}

/** @param {boolean} isDry */
async function reprocess(isDry) {
  const asked = { model: byId("reprocess-model").value, all: true, dry_run: isDry };
  const found = await post("/v1/reprocess", asked);
  const what = `${countText(found.num_media, "media", "media")}, ${durationText(found.duration_seconds)} of video`;
  say(byId("reprocess-said"), found.num_media === 0 ? "Nothing is left to do with this model." : isDry ? `It would analyse ${what}.` : `Asked for: ${what}. See the jobs above.`);
  if (!isDry) await showAll();
}

async function compare() {
  const found = await get(`/v1/generations/diff${query({ from: byId("before").value, to: byId("after").value })}`);
  const share = found.share_of_labels_changed;
  const said = `${countText(found.num_media, "media", "media")} compared: ${share === null ? "no face is named in both" : `${percentText(share)} of ${found.num_named_in_both.toLocaleString("en")} faces named in both have another label`}; ` +
    `${found.num_faces_only_before} faces are only in the first, ${found.num_faces_only_after} only in the second.`;
  byId("diff").replaceChildren(make("p", {}, said), make("div", { class: "scroll" }, labelsTable(found.labels)), ...mostChanged(found));
}

/** @param {Record<string, Record<string, number>>} labels */
function labelsTable(labels) {
  const head = make("tr", {}, make("th", { scope: "col" }, "before ↓ after →"), ...EMOTIONS.map((name) => make("th", { scope: "col", class: "number" }, name)));
  const rows = EMOTIONS.map((name) =>
    make("tr", {}, make("th", { scope: "row" }, name), ...EMOTIONS.map((other) => make("td", { class: "number" }, labels[name][other].toLocaleString("en")))));
  return make("table", { "aria-label": "Labels before and after" }, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** @param {any} found */
function mostChanged(found) {
  const seconds = found.most_changed.slice(0, 10);
  if (seconds.length === 0) return [];
  const items = seconds.map((/** @type {any} */ second) =>
    make("li", {}, make("a", { href: `/timeline?media=${second.media_id}` }, momentText(second.start_seconds)), ` ${second.num_changed} of ${second.num_matched} readings`));
  return [make("h4", {}, "Seconds that changed most"), make("ul", {}, ...items)];
}

/** @param {() => Promise<unknown>} action */
async function attempt(action) {
  say(byId("problem"), "");
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    say(byId("problem"), error.message);
  }
}

byId("reprocess-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void attempt(() => reprocess(/** @type {HTMLButtonElement} */ (event.submitter).value !== "do"));
});
byId("diff-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void attempt(compare);
});
