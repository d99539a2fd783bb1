/** One attempt for a teacher: what was handed in beside the feedback, and the ways around it. */

import { showProblem, whoIsHere } from "./common.js";
import { saveAs } from "./files.js";
import { button, clock, make, place, say, showRendered } from "./page.js";
import { ask } from "./session.js";

/** @param {string} text @param {string} href @param {string} rel */
function to(text, href, rel = "") {
  const link = make("a", text);
  link.href = href;
  if (rel) link.rel = rel;
  return link;
}

async function begin() {
  await whoIsHere();
  const key = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  const found = await ask("GET", `/api/v1/review/${encodeURIComponent(key)}`);
  const title = `${found.student}: ${found.title}`;
  say(place("title"), title);
  document.title = title;
  const at = found.attempts.findIndex((/** @type {any} */ each) => each.key === key);
  const before = found.attempts[at - 1];
  const after = found.attempts[at + 1];
  /** @type {HTMLElement[]} */
  const around = [to("The class", `/class/${encodeURIComponent(found.link)}`, "up")];
  if (before) around.push(to("← Attempt before", `/review/${before.key}`, "prev"));
  around.push(make("span", `Attempt ${at + 1} of ${found.attempts.length}`));
  if (after) around.push(to("Attempt after →", `/review/${after.key}`, "next"));
  const path = `/api/v1/submissions/${encodeURIComponent(key)}/file`;
  around.push(button("Download", () => void saveAs(path, found.name).catch(showProblem)));
  place("around").replaceChildren(...around);
  const late = found.late_by ? `, ${found.late_by} late` : "";
  say(place("said"), `${found.name}, handed in ${clock(found.received_at)}${late}.`);
  showRendered(place("review"), found.html);
}

begin().catch((error) => {
  say(place("said"), "");
  showProblem(error);
});
