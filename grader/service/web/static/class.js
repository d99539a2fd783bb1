/** The class at one exercise, while it works: fetched anew, without losing what a teacher chose. */

import { showProblem, whoIsHere } from "./common.js";
import { saveAs } from "./files.js";
import { handIn, newClick } from "./handing.js";
import { byId, clock, make, pause, place, say, showRendered } from "./page.js";
import { ask, Refused, Unreachable } from "./session.js";

const EVERY_MS = 4_000;

const link = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const target = place("class");
const said = place("said");

/** @type {AbortController | undefined} */
let table;
let version = "";
let paused = false;

/** What a teacher has chosen on the page, beyond what its address keeps. */
function chosen() {
  const search = target.querySelector("input[type=search]");
  const sorted = target.querySelector("th[aria-sort]");
  const focused = document.activeElement;
  return {
    text: search instanceof HTMLInputElement ? search.value : "",
    column: sorted instanceof HTMLTableCellElement ? sorted.cellIndex : -1,
    descending: sorted?.getAttribute("aria-sort") === "descending",
    open: [...target.querySelectorAll("details")].map((each) => each.open),
    focus: focused && target.contains(focused) ? pathTo(focused) : null,
  };
}

/** Where an element stands in the page: its place among the elements that can have the focus. */
function pathTo(/** @type {Element} */ element) {
  return `${element.tagName}|${element.getAttribute("href") ?? element.textContent}`;
}

/** @param {ReturnType<typeof chosen>} before */
function choose(before) {
  const details = [...target.querySelectorAll("details")];
  if (details.length === before.open.length) {
    details.forEach((each, at) => { each.open = before.open[at] ?? each.open; });
  }
  const head = target.querySelectorAll(".class th[scope=col] button")[before.column];
  if (head instanceof HTMLElement) {
    head.click();
    if (before.descending) head.click();
  }
  const search = target.querySelector("input[type=search]");
  if (search instanceof HTMLInputElement && before.text) {
    search.value = before.text;
    search.dispatchEvent(new Event("input"));
  }
  if (!before.focus) return;
  for (const each of target.querySelectorAll("a, button, input, summary, [tabindex]")) {
    if (each instanceof HTMLElement && pathTo(each) === before.focus) {
      each.focus({ preventScroll: true });
      return;
    }
  }
}

/** @param {any} found */
function show(found) {
  const before = chosen();
  const scrolled = scrollY;
  table?.abort();
  table = new AbortController();
  showRendered(target, found.html);
  // The script of the static class page: it sorts, filters and hides names.
  /** @type {any} */ (globalThis).startClassPage(table.signal);
  choose(before);
  scrollTo({ top: scrolled, behavior: "instant" });
  const again = target.querySelector("#send-again");
  again?.addEventListener("click", () => void sendAgain(again));
  showPeople(found.people);
}

/** @param {{key: string, name: string}[]} people */
function showPeople(people) {
  const select = byId("behalf-person", HTMLSelectElement);
  if (document.activeElement === select) return;
  const before = select.value;
  select.replaceChildren(...people.map(({ key, name }) => {
    const option = make("option", name);
    option.value = key;
    return option;
  }));
  if (before) select.value = before;
  place("behalf").hidden = people.length === 0;
}

async function refresh() {
  const path = `/api/v1/class/links/${encodeURIComponent(link)}?seen=${encodeURIComponent(version)}`;
  const found = await ask("GET", path);
  if (found.version !== version) {
    show(found);
    version = found.version;
  }
  say(said, `As of ${clock(found.now, { seconds: true })}.`);
  return found;
}

/** @param {Element} pressed */
async function sendAgain(pressed) {
  pressed.setAttribute("aria-disabled", "true");
  try {
    await ask("POST", `/api/v1/class/${encodeURIComponent(link)}/send-again`);
    await refresh();
  } catch (error) {
    showProblem(error);
  }
}

/** @param {SubmitEvent} event */
async function handInFor(event) {
  event.preventDefault();
  const file = byId("behalf-file", HTMLInputElement).files?.[0];
  const forPerson = byId("behalf-person", HTMLSelectElement).value;
  const told = place("behalf-said");
  if (!file) return;
  try {
    const tell = (/** @type {string} */ text) => say(told, text);
    await handIn({ link, file, forPerson }, newClick(), tell, new AbortController().signal);
    say(told, "Handed in.");
    await refresh();
  } catch (error) {
    say(told, error instanceof Error ? error.message : String(error));
  }
}

async function begin() {
  await whoIsHere();
  const found = await refresh();
  say(place("title"), `${found.title}: the class`);
  document.title = `${found.title}: the class`;
  const stop = byId("pause", HTMLButtonElement);
  stop.hidden = false;
  stop.addEventListener("click", () => {
    paused = !paused;
    stop.setAttribute("aria-pressed", String(paused));
  });
  const csv = byId("csv", HTMLButtonElement);
  csv.hidden = false;
  csv.addEventListener("click", () => {
    saveAs(`/api/v1/class/links/${encodeURIComponent(link)}.csv`, "class.csv").catch(showProblem);
  });
  byId("behalf-form", HTMLFormElement).addEventListener("submit", (event) => void handInFor(event));
  for (;;) {
    await pause(EVERY_MS);
    if (paused || document.hidden) continue;
    try {
      await refresh();
    } catch (error) {
      const passes = error instanceof Unreachable || (error instanceof Refused && error.passes);
      if (!passes) throw error;
      say(said, "No network: this is as it was before, and tried again.");
    }
  }
}

begin().catch((error) => {
  say(said, "");
  showProblem(error);
});
