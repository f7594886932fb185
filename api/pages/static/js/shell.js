// @ts-check
/** What every page has: dark and light, and a line while the server is away. */

import { byId, say } from "./dom.js";

const KEPT = "moodline-theme";
const root = document.documentElement;

/** @param {string} theme */
function use(theme) {
  root.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

use(localStorage.getItem(KEPT) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

byId("theme").addEventListener("click", () => {
  const theme = root.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem(KEPT, theme);
  use(theme);
});

document.addEventListener("serveraway", (event) => {
  say(byId("away"), /** @type {CustomEvent<string>} */ (event).detail);
});
