// @ts-check
/** The subjects and studies: listed, added. */

import { ApiProblem, get, getAll, post } from "./client.js";
import { byId, make, say } from "./dom.js";
import { patiently } from "./patience.js";

async function show() {
  const [subjects, { studies }] = await patiently(() => Promise.all([getAll("/v1/subjects?limit=1000", "subjects"), get("/v1/studies")]));
  byId("subjects").replaceChildren(...subjects.map(rowOf));
  say(byId("none"), subjects.length ? "" : "Nobody is here yet. A subject belongs to a study, and needs what allows its analysis.");
  byId("study").replaceChildren(...studies.map((/** @type {any} */ { id }) => new Option(id, id)));
}

/** @param {any} subject */
function rowOf(subject) {
  const { consent } = subject;
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("a", { href: `/subject?id=${encodeURIComponent(subject.subject_id)}` }, subject.subject_id)),
    make("td", {}, subject.study_id),
    make("td", {}, subject.group ?? ""),
    make("td", {}, consent ? `${consent.basis}, version ${consent.version}` : "nothing now"),
    make("td", {}, consent?.until_at?.slice(0, 10) ?? ""),
  );
}

/**
 * @param {string} id of a form
 * @param {() => Promise<unknown>} action
 */
function onSubmit(id, action) {
  byId(id).addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    say(byId("problem"), "");
    try {
      await action();
      byId(id).reset();
      await show();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      say(byId("problem"), error.message);
    }
  });
}

/** The fields' values by name, without those that are empty. @param {Record<string, string>} idOf */
function filled(idOf) {
  const values = Object.entries(idOf).map(([name, id]) => [name, byId(id).value.trim()]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

onSubmit("study-form", () =>
  post("/v1/studies", filled({ id: "study-id", purpose: "purpose", controller: "controller", contact: "contact", exemption: "exemption", reason: "reason" })));
onSubmit("subject-form", () => {
  const { until_at: until, ...values } = filled({ subject_id: "subject-id", study_id: "study", group: "group", version: "version", until_at: "until" });
  return post("/v1/subjects", until ? { ...values, until_at: `${until}T00:00:00Z` } : values);
});

try {
  await show();
} catch (error) {
  if (!(error instanceof ApiProblem)) throw error;
  say(byId("problem"), error.message);
}
