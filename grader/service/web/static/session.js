/**
 * Who is here, and how the server is asked.
 *
 * The token is held in memory and, where the browser lets a page keep anything, in sessionStorage.
 * A cookie does no more than get the token again.
 */

const KEPT = "grader-token";

/** What the server refuses: its sentence is for the person. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} sentence
   * @param {Record<string, unknown>} more
   */
  constructor(status, code, sentence, more) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.more = more;
  }

  /** Whether the same request may well be answered later. */
  get passes() {
    return this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** @type {string | null} */
let token = recall();

function recall() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null; // an iframe that may keep nothing
  }
}

/** @param {string | null} given */
function keep(given) {
  token = given;
  try {
    if (given === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, given);
  } catch { /* then it is in memory alone, and the cookie brings it again */ }
}

/**
 * Send a request and return what the answer holds.
 *
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, form?: FormData, headers?: Record<string, string>, last?: boolean,
 *   signal?: AbortSignal}} [options] `last`: the page is being left
 * @returns {Promise<any>}
 */
async function send(method, path, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...options.headers };
  if (token !== null) headers["Authorization"] = `Bearer ${token}`;
  /** @type {RequestInit} */
  const request = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (options.signal) request.signal = options.signal;
  if (options.last) request.keepalive = true;
  if (options.form) request.body = options.form;
  if (options.json !== undefined) {
    headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(options.json);
  }
  let answer;
  let text;
  try {
    answer = await fetch(path, request);
    text = await answer.text();
  } catch {
    throw new Unreachable("There is no network, or the server does not answer.");
  }
  const found = parsed(text, answer.headers.get("Content-Type") ?? "");
  if (answer.ok) return found;
  const sentence = typeof found?.error === "string"
    ? found.error : "The server does not answer as it should. Try again in a minute.";
  throw new Refused(answer.status, found?.code ?? "", sentence, found ?? {});
}

/**
 * @param {string} text
 * @param {string} kind
 */
function parsed(text, kind) {
  if (!kind.startsWith("application/json")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Ask the server for something that belongs to this person.
 *
 * @type {typeof send}
 */
export async function ask(method, path, options) {
  try {
    if (token === null) await resume();
    return await send(method, path, options);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401 || token === null) throw error;
    keep(null);
    await resume();
    return send(method, path, options);
  }
}

/**
 * The course that this page is about, where a platform has launched it: a browser may have several
 * courses open, each with a cookie of its own.
 */
export const course = new URLSearchParams(location.search).get("in");

/** Get the token again by the cookie of this session. */
export async function resume() {
  const json = course === null ? {} : { context: course };
  keep((await send("POST", "/session/resume", { json })).token);
}

/**
 * Come in by a key.
 *
 * @param {string} key
 */
export async function enter(key) {
  keep(null);
  const found = await send("POST", "/session/enter", { json: { key } });
  if (found.token) keep(found.token);
  return found;
}

/**
 * Come in by a link for everybody, under a name.
 *
 * @param {string} key
 * @param {string} name
 */
export async function join(key, name) {
  const found = await send("POST", "/session/join", { json: { key, name } });
  keep(found.token);
  return found;
}

/** Return a download's bytes. */
export async function bytes(/** @type {string} */ path) {
  const headers = token === null ? undefined : { Authorization: `Bearer ${token}` };
  let answer;
  try {
    answer = await fetch(path, { ...(headers ? { headers } : {}), cache: "no-store" });
  } catch {
    throw new Unreachable("There is no network, or the server does not answer.");
  }
  if (!answer.ok) throw new Refused(answer.status, "", "This cannot be had at the moment.", {});
  return answer.blob();
}
