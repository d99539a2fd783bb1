/** What stands on top of every page: who is here, and what went wrong. */

import { ask, course, resume } from "./session.js";
import { place, say } from "./page.js";

/**
 * @typedef {object} Link
 * @property {string} key
 * @property {string} exercise
 * @property {string} title
 * @property {number} max_score
 * @property {number | null} due_at
 * @property {number | null} closes_at
 * @property {number | null} [score]
 * @property {boolean} [begun]
 */

/**
 * @typedef {object} Me
 * @property {{key: string, name: string | null}} person
 * @property {{key: string, title: string}} context
 * @property {string[]} roles
 * @property {Link[]} links
 * @property {string | null} link
 */

/** @returns {Promise<Me>} */
export async function whoIsHere() {
  /** @type {Me} */
  let me = await ask("GET", "/api/v1/me");
  if (course !== null && me.context.key !== course) {
    // This tab was used for another course before.
    await resume();
    me = await ask("GET", "/api/v1/me");
  }
  say(place("person"), me.person.name ?? "");
  place("to-class").hidden = !me.roles.includes("Instructor");
  return me;
}

// Whoever goes on from here stays in the course.
addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (course === null || !link?.getAttribute("href")?.startsWith("/")) return;
  const to = new URL(link.href);
  to.searchParams.set("in", course);
  link.href = to.href;
}, { capture: true });

/** Show why a page cannot show what it is for. */
export function showProblem(/** @type {unknown} */ error) {
  say(place("problem"), error instanceof Error ? error.message : String(error));
}
