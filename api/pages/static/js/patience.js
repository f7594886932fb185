// @ts-check
/** Keeps asking a server that is away, and says so at the top of the page. */

import { ServerAway } from "./client.js";

const WAIT_MS = 1500;

/** @param {string} text */
function tell(text) {
  document.dispatchEvent(new CustomEvent("serveraway", { detail: text }));
}

/**
 * Do something until the server is there to answer; refusals pass through.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function patiently(action) {
  for (;;) {
    try {
      const result = await action();
      tell("");
      return result;
    } catch (error) {
      if (!(error instanceof ServerAway)) throw error;
      tell(error.message);
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
