/** The exercises of a course, and how far its class is with each. */

import { showProblem, whoIsHere } from "./common.js";
import { byId, clock, copy, make, place, say } from "./page.js";
import { ask } from "./session.js";
import { saveAs } from "./files.js";

/**
 * @typedef {object} Progress
 * @property {string} key
 * @property {string} title
 * @property {number} handed_in
 * @property {number} full
 * @property {number} stuck
 * @property {number | null} last_at
 */

/** @param {Progress} link @param {number} students */
function row(link, students) {
  const made = make("tr");
  const name = make("th");
  name.scope = "row";
  const to = make("a", link.title);
  to.href = `/class/${encodeURIComponent(link.key)}`;
  name.append(to);
  made.append(name);
  const last = link.last_at ? clock(link.last_at) : "";
  for (const text of [`${link.handed_in} of ${students}`, `${link.full}`, `${link.stuck || ""}`, last]) {
    made.append(make("td", text, "number"));
  }
  return made;
}

/** @param {{said: string, url: string | null} | null} join null: a platform brings them */
function showJoining(join) {
  if (join === null) return;
  say(place("join-said"), join.said);
  place("joining").hidden = false;
  if (join.url === null) return;
  const field = byId("join-link", HTMLInputElement);
  field.value = join.url;
  place("join-with").hidden = false;
  const press = byId("copy", HTMLButtonElement);
  press.addEventListener("click", async () => {
    press.textContent = (await copy(field)) ? "Copied" : "Copy the marked text";
  });
}

async function begin() {
  const me = await whoIsHere();
  /** @type {{students: number, links: Progress[], join: {said: string, url: string | null} | null}} */
  const found = await ask("GET", `/api/v1/class/${encodeURIComponent(me.context.key)}`);
  say(place("title"), `${me.context.title}: the class`);
  say(place("said"), `${found.students} ${found.students === 1 ? "student" : "students"}.`);
  place("links").replaceChildren(...found.links.map((link) => row(link, found.students)));
  place("all").hidden = false;
  showJoining(found.join);
  const csv = byId("csv", HTMLButtonElement);
  csv.hidden = false;
  csv.addEventListener("click", () => {
    saveAs(`/api/v1/class/${encodeURIComponent(me.context.key)}.csv`, "gradebook.csv").catch(showProblem);
  });
}

begin().catch((error) => {
  say(place("said"), "");
  showProblem(error);
});
