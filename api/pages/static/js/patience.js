// @ts-check
/** Keeps asking a server that is away, and says so at the top of the page. */

import { ServerAway } from "./client.js";

const WAIT_MS = 1500;

/**
 * Say at the top of the page that the server is away; nothing: it is back.
 * @param {string} text
 */
export function tellAway(text) {
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
      tellAway("");
      return result;
    } catch (error) {
      if (!(error instanceof ServerAway)) throw error;
      tellAway(error.message);
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
