/** The draft: saved on the server as one types, so that another device goes on with it. */

import { ask, Refused, Unreachable } from "./session.js";
import { clock, pause } from "./page.js";

const QUIET_MS = 700;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

/** @typedef {{text: string, version: number, updated_at: number | null}} Saved */

/**
 * @typedef {object} Around
 * @property {() => string} text what stands in the editor
 * @property {(said: string) => void} say shows whether it is saved
 * @property {(theirs: Saved) => void} ask another tab or device was first: the person chooses
 */

export class Draft {
  #path;
  #kept;
  #around;
  /** What the server has. */
  #text;
  #version;
  #saving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Nothing is sent while the person has to choose. */
  #stopped = false;

  /**
   * @param {string} link
   * @param {Saved} saved
   * @param {Around} around
   */
  constructor(link, saved, around) {
    this.#path = `/api/v1/drafts/${encodeURIComponent(link)}`;
    this.#kept = `grader-draft-${link}`;
    this.#text = saved.text;
    this.#version = saved.version;
    this.#around = around;
    addEventListener("pagehide", () => this.#leave());
    addEventListener("beforeunload", (event) => {
      if (this.unsaved && !this.#keep()) event.preventDefault();
    });
  }

  get unsaved() {
    return this.#around.text() !== this.#text;
  }

  /** Return what this tab kept when its page was left before it was saved. */
  recalled() {
    try {
      const kept = sessionStorage.getItem(this.#kept);
      return kept === null ? null : /** @type {{text: string, version: number}} */ (JSON.parse(kept));
    } catch {
      return null;
    }
  }

  /** The text has changed. */
  changed() {
    if (this.#stopped) return;
    this.#around.say(this.unsaved ? "Not saved yet." : this.#savedAt(Date.now() / 1000));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), QUIET_MS);
  }

  /** Save until everything is saved, or somebody else was first. */
  async save() {
    clearTimeout(this.#timer);
    if (this.#saving) return;
    this.#saving = true;
    let wait = FIRST_WAIT_MS;
    while (this.unsaved && !this.#stopped) {
      try {
        await this.#put(this.#around.text());
        wait = FIRST_WAIT_MS;
      } catch (error) {
        if (this.#conflict(error)) break;
        this.#keep();
        this.#around.say(notSaved(error));
        await pause(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
      }
    }
    this.#saving = false;
  }

  /** @param {string} text */
  async #put(text) {
    const json = { text, version: this.#version };
    const saved = await ask("PUT", this.#path, { json });
    this.#text = text;
    this.#version = saved.version;
    this.#forget();
    this.#around.say(this.#savedAt(saved.updated_at));
  }

  /** @param {unknown} error */
  #conflict(error) {
    if (!(error instanceof Refused) || error.status !== 409) return false;
    const theirs = /** @type {Saved} */ (/** @type {unknown} */ (error.more));
    if (theirs.text === this.#around.text()) {
      this.take(theirs);
      return true;
    }
    this.#stopped = true;
    this.#keep();
    this.#around.say("Not saved: see above.");
    this.#around.ask(theirs);
    return true;
  }

  /**
   * Go on from what the server has: with its text in the editor, or to write over it.
   *
   * @param {Saved} theirs
   */
  take(theirs) {
    this.#text = theirs.text;
    this.#version = theirs.version;
    this.#stopped = false;
    this.#around.say(this.#savedAt(theirs.updated_at ?? Date.now() / 1000));
    if (this.unsaved) void this.save();
    else this.#forget();
  }

  /** Look whether another device has gone on, when a person comes back to this page. */
  async look() {
    if (this.#stopped || this.#saving || this.unsaved) return null;
    /** @type {Saved} */
    const theirs = await ask("GET", this.#path);
    if (theirs.version === this.#version || this.unsaved) return null;
    return theirs;
  }

  /** @param {number} at */
  #savedAt(at) {
    return `Saved at ${clock(at)}.`;
  }

  #keep() {
    const kept = { text: this.#around.text(), version: this.#version };
    try {
      sessionStorage.setItem(this.#kept, JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  }

  #forget() {
    try {
      sessionStorage.removeItem(this.#kept);
    } catch { /* then there is nothing to forget */ }
  }

  #leave() {
    if (!this.unsaved) return;
    this.#keep();
    if (this.#stopped) return;
    const json = { text: this.#around.text(), version: this.#version };
    ask("PUT", this.#path, { json, last: true }).catch(() => { /* kept in this tab */ });
  }
}

/** @param {unknown} error */
function notSaved(error) {
  if (error instanceof Unreachable) {
    return "Not saved: no network. It is kept in this page, and tried again.";
  }
  const reason = error instanceof Error ? error.message : "";
  return `Not saved: ${reason} It is kept in this page, and tried again.`;
}
