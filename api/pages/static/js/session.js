// @ts-check
/** Asks for a token once, where the server wants one, and hands it to the server's own cookie: no script can read it. */

import { byId, say } from "./dom.js";

/** @type {Promise<void> | null} */
let asking = null;

/** Resolves when a token was taken; callers at the same time share one dialog. */
export function askForToken() {
  asking ??= shown().finally(() => {
    asking = null;
  });
  return asking;
}

async function shown() {
  const dialog = byId("token-dialog");
  const field = byId("token");
  const problem = byId("token-problem");
  for (;;) {
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    const token = field.value;
    field.value = "";
    const answer = await fetch("/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
    if (answer.ok) {
      say(problem, "");
      return;
    }
    say(problem, "That token is not known here.");
  }
}
