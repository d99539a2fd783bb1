/** Handing in: one press is one submission, however often it has to be sent. */

import { ask, Refused, Unreachable } from "./session.js";
import { clock, pause } from "./page.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/**
 * @typedef {object} Work
 * @property {string} link
 * @property {string} [text]
 * @property {File} [file]
 * @property {string} [forPerson] on whose behalf a teacher does this
 */

/**
 * @typedef {object} Answer
 * @property {string} submission
 * @property {string} [html]
 * @property {number} [saved_at]
 * @property {string} [state]
 */

/** Return what a press of the button is known by. Not `randomUUID`: that needs https. */
export function newClick() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Send until the server has it.
 *
 * @param {Work} work
 * @param {string} click
 * @param {(said: string) => void} say
 * @param {AbortSignal} signal stops trying
 * @returns {Promise<Answer>}
 */
export async function handIn(work, click, say, signal) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await ask("POST", "/api/v1/submissions", {
        ...body(work), headers: { "Idempotency-Key": click }, signal,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof Unreachable) {
        say("Not handed in yet: no network. It is kept in this page, and tried again.");
      } else if (error instanceof Refused && error.passes) {
        say(`Not handed in yet: ${error.message} It is tried again.`);
      } else {
        throw error;
      }
      await pause(wait, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** @param {Work} work */
function body(work) {
  if (!work.file) return { json: { link: work.link, text: work.text, for: work.forPerson } };
  const form = new FormData();
  form.set("link", work.link);
  if (work.forPerson) form.set("for", work.forPerson);
  form.set("file", work.file);
  return { form };
}

/**
 * Follow a submission that is saved, until it is graded.
 *
 * @param {Answer} answer
 * @param {(said: string) => void} say
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function follow(answer, say, signal) {
  /** @type {any} */
  let found = answer;
  const saved = `Saved at ${clock(answer.saved_at ?? Date.now() / 1000, { seconds: true })}.`;
  for (let wait = FIRST_WAIT_MS; !found.html && !ended(found); wait = Math.min(1.5 * wait, 5000)) {
    say(`${saved} It is graded in a moment; you may close this page.`);
    await pause(wait, signal);
    if (signal.aborted) return null;
    try {
      found = await ask("GET", `/api/v1/submissions/${answer.submission}`, {
        headers: { Prefer: "wait=10" }, signal,
      });
    } catch (error) {
      if (signal.aborted) return null;
      const passes = error instanceof Unreachable || (error instanceof Refused && error.passes);
      if (!passes) throw error;
    }
  }
  return found;
}

/** @param {Answer} found */
const ended = (found) => found.state === "superseded" || found.state === "failed";
