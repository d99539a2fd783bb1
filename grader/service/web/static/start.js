/** The list of exercises, and how far one is with each. */

import { showProblem, whoIsHere } from "./common.js";
import { byId, clock, copy, make, place, points, say } from "./page.js";
import { ask } from "./session.js";

/** @param {import("./common.js").Link} link */
function state(link) {
  const due = link.due_at ? ` Due ${clock(link.due_at)}.` : "";
  if (typeof link.score === "number") {
    const full = link.score >= link.max_score;
    return { said: `${full ? "✓ " : ""}${points(link.score, link.max_score)}.${due}`, full };
  }
  const said = link.begun ? "Begun, nothing handed in yet." : "Not begun.";
  return { said: `${said}${due}`, full: false };
}

/** Show a link of one's own, or why there is none. */
async function showPersonalLink() {
  const said = place("personal-said");
  try {
    const { key } = await ask("POST", "/api/v1/me/personal-link");
    const field = make("input");
    field.readOnly = true;
    field.value = `${location.origin}/enter#${key}`;
    field.setAttribute("aria-label", "Your personal link");
    say(said, ["Open this there, and keep it to yourself: whoever has it hands in as you. ", field]);
    if (await copy(field)) said.append(" It is copied.");
  } catch (error) {
    say(said, error instanceof Error ? error.message : String(error));
  }
}

async function begin() {
  place("personal-said").hidden = true;
  const me = await whoIsHere();
  const links = new Map(me.links.map((link) => [link.exercise, link]));
  for (const item of document.querySelectorAll("[data-exercise]")) {
    if (!(item instanceof HTMLElement)) continue;
    const link = links.get(item.dataset["exercise"] ?? "");
    // A course sets some exercises, and not all that there are.
    item.hidden = link === undefined;
    const shown = item.querySelector("[data-state]");
    if (!link || !shown) continue;
    const { said, full } = state(link);
    shown.textContent = said;
    shown.classList.toggle("good", full);
  }
  place("personal").hidden = false;
  byId("elsewhere", HTMLButtonElement).addEventListener("click", () => void showPersonalLink());
  for (const group of document.querySelectorAll(".group")) {
    if (group instanceof HTMLElement) group.hidden = !group.querySelector("li:not([hidden])");
  }
}

begin().catch(showProblem);
