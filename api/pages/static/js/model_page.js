// @ts-check
/** A model's card: what it is for, what was measured, where it errs. */

import { ApiProblem, get } from "./client.js";
import { byId, make, say } from "./dom.js";
import { patiently } from "./patience.js";
import { proseOf } from "./prose.js";

const PARTS = ["intended_uses", "forbidden_uses", "limits", "demographics", "data", "protocol", "licence"];
const LABELS = Object.freeze({ fer2013: "FER2013, 7 emotions", ferplus: "FER+, 8 by majority" });

/** @param {string} name */
async function show(name) {
  const card = await patiently(() => get(`/v1/models/${name}/card`));
  byId("card").href = `/v1/models/${name}/card.md`;
  byId("version").textContent = `${card.model_version}, ${card.num_parameters?.toLocaleString("en") ?? "?"} parameters`;
  byId("figures").replaceChildren(...rowsOf(card.figures));
  for (const part of PARTS) byId(part).replaceChildren(...proseOf(card[part]));
}

/** @param {Record<string, any>} figures */
function rowsOf(figures) {
  return Object.entries(figures).flatMap(([split, heads]) =>
    Object.entries(LABELS).filter(([head]) => heads?.[head]?.half_width_95 !== undefined).map(([head, label]) => {
      const { n, accuracy, half_width_95: half, macro_recall: recall } = heads[head];
      const cells = [n.toLocaleString("en"), `${tenths(accuracy)} ± ${tenths(half)} %`, `${tenths(recall)} %`];
      return make("tr", {}, make("th", { scope: "row" }, split), make("td", {}, label), ...cells.map((cell) => make("td", { class: "number" }, cell)));
    }));
}

/** @param {number} share */
function tenths(share) {
  return (share * 100).toFixed(1);
}

try {
  const { models } = await patiently(() => get("/v1/models"));
  for (const { name, is_default: isDefault } of models) byId("model").append(new Option(isDefault ? `${name} (used here)` : name, name, isDefault, isDefault));
  byId("model").addEventListener("change", () => show(byId("model").value));
  await show(byId("model").value);
} catch (error) {
  if (!(error instanceof ApiProblem)) throw error;
  say(byId("problem"), error.message);
}
