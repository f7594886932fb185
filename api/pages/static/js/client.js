// @ts-check
/** Asks the API. A problem becomes an error with its one line; a server that is away is told apart from a refusal. */

import { askForToken } from "./session.js";

/** What the server refused, with its own words. */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} detail
   */
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** The server could not be reached; what was asked may be asked again. */
export class ServerAway extends Error {
  constructor() {
    super("The server cannot be reached. This page tries again.");
  }
}

/**
 * Ask, and read the answer as JSON; null where it has no body.
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal}} [more]
 * @returns {Promise<any>}
 */
export async function ask(method, path, more = {}) {
  const answer = await send(method, path, more);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

/**
 * Ask; the answer is a good one.
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal}} [more]
 * @returns {Promise<Response>}
 */
export async function send(method, path, { json, body, headers = {}, signal } = {}) {
  const asked = json === undefined ? { body, headers } : { body: JSON.stringify(json), headers: { ...headers, "Content-Type": "application/json" } };
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, { method, signal, ...asked });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ServerAway();
  }
  if (answer.status === 401 && path !== "/v1/session") {
    await askForToken();
    return send(method, path, { json, body, headers, signal });
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/** @param {string} path */
export function get(path) {
  return ask("GET", path);
}

/**
 * @param {string} path
 * @param {unknown} [json]
 */
export function post(path, json) {
  return ask("POST", path, { json });
}

/**
 * All pages of a list, one after the other.
 * @param {string} path
 * @param {string} name of the list in the answers
 * @param {number} [atMost]
 * @returns {Promise<any[]>}
 */
export async function getAll(path, name, atMost = 20_000) {
  const found = [];
  let cursor = null;
  do {
    const joined = cursor === null ? path : `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
    const page = await get(joined);
    found.push(...page[name]);
    cursor = page.next_cursor;
  } while (cursor !== null && found.length < atMost);
  return found;
}

/** @param {Response} answer */
async function problemOf(answer) {
  try {
    const document = await answer.json();
    return new ApiProblem(answer.status, document.code, document.detail);
  } catch {
    return new ApiProblem(answer.status, "UNKNOWN", `the server answered ${answer.status}`);
  }
}

/**
 * An address's query, of what is set.
 * @param {Record<string, string | number | null | undefined>} values
 */
export function query(values) {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : "";
}
