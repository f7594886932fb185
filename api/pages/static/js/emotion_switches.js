// @ts-check
/** The emotions' checkboxes beside a chart; what is switched off is kept for the next visit. */

import { EMOTIONS } from "./emotions.js";
import { make } from "./dom.js";

/**
 * @param {HTMLElement} fieldset
 * @param {(hidden: Set<string>) => void} onChange
 * @param {object} [how]
 * @param {readonly string[]} [how.names]
 * @param {string} [how.kept] under which name the choice is kept
 * @param {readonly string[]} [how.off] those that are off until somebody chooses
 * @returns {Set<string>} those that are off; it is changed in place
 */
export function addSwitches(fieldset, onChange, { names = EMOTIONS, kept = "moodline-hidden", off = [] } = {}) {
  const hidden = new Set(JSON.parse(localStorage.getItem(kept) ?? JSON.stringify(off)));
  for (const name of names) {
    const box = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox", value: name }));
    box.checked = !hidden.has(name);
    box.addEventListener("change", () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      localStorage.setItem(kept, JSON.stringify([...hidden]));
      onChange(hidden);
    });
    const line = make("span", { class: "line" });
    line.style.borderColor = `var(--${name})`;
    fieldset.append(make("label", {}, box, line, name));
  }
  return hidden;
}
