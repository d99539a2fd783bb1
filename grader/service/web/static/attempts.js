/** The attempts of one person at one exercise. */

import { button, clock, make, place, points } from "./page.js";

/**
 * @typedef {object} Attempt
 * @property {string} key
 * @property {number} received_at
 * @property {string} state
 * @property {string} kind
 * @property {string} name
 * @property {number | null} score
 * @property {number | null} max_score
 * @property {boolean} [late]
 * @property {string | null} [by] the teacher who handed it in
 */

/**
 * @typedef {object} Actions
 * @property {(attempt: Attempt) => void} open
 * @property {(attempt: Attempt) => void} restore
 * @property {(attempt: Attempt) => void} download
 */

/** @param {Attempt} attempt */
function result(attempt) {
  if (attempt.state === "superseded") return "not graded: a newer one took its place";
  if (attempt.state === "failed") return "not graded yet: the grader failed, and tries again";
  if (attempt.state !== "graded") return "being graded";
  if (attempt.score === null || attempt.max_score === null) return "no points";
  return points(attempt.score, attempt.max_score);
}

/**
 * Show the attempts, the newest first.
 *
 * @param {Attempt[]} attempts
 * @param {Actions} actions
 */
export function showAttempts(attempts, actions) {
  place("no-attempts").hidden = attempts.length > 0;
  const items = attempts.map((attempt, at) => {
    const number = attempts.length - at;
    const item = make("li");
    const about = make("span", `${number}. ${clock(attempt.received_at)}: `, "about");
    about.append(make("strong", result(attempt)));
    const notes = [
      attempt.late ? "late" : "", attempt.by ? `handed in by ${attempt.by}` : "",
      attempt.kind === "python" ? "" : attempt.name,
    ].filter(Boolean);
    if (notes.length) about.append(make("span", ` (${notes.join(", ")})`, "soft"));
    item.append(about);
    const which = `attempt ${number}`;
    if (attempt.state === "graded") {
      item.append(button("Feedback", () => actions.open(attempt), `Feedback on ${which}`));
    }
    if (attempt.kind === "python") {
      item.append(button("Restore", () => actions.restore(attempt),
        `Restore ${which} into the editor`));
    }
    item.append(button("Download", () => actions.download(attempt), `Download ${which}`));
    return item;
  });
  place("attempts").replaceChildren(...items);
}
