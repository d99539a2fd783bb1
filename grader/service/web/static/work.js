/** The page of one exercise: the editor, what is run and handed in, and what became of it. */

import { showAttempts } from "./attempts.js";
import { showProblem, whoIsHere } from "./common.js";
import { Draft } from "./draft.js";
import { save, saveAs } from "./files.js";
import { follow, handIn, newClick } from "./handing.js";
import { button, byId, clock, make, nonce, pause, place, points, say, showRendered } from "./page.js";
import { letScroll } from "./scrolling.js";
import { ask, bytes, Refused } from "./session.js";

/** @typedef {import("./attempts.js").Attempt} Attempt */
/** @typedef {import("./draft.js").Saved} Saved */

/**
 * @typedef {object} Given
 * @property {import("./common.js").Link} link
 * @property {string} stub
 * @property {string} file what a download of the text is called
 * @property {Saved | null} draft
 * @property {Attempt[]} history
 * @property {Standing | null} score
 */

/**
 * @typedef {object} Standing
 * @property {number} value
 * @property {number} max_value
 * @property {string} state
 * @property {number | null} arrived_at
 * @property {string | null} note
 * @property {string | null} platform
 */

const FIRST_LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 30_000;

const happened = place("happened");
const feedback = place("feedback");
const cards = place("cards");
const saved = place("saved");
const another = place("another");
const stop = place("stop");

/** @param {unknown} error */
const sentence = (error) => (error instanceof Error ? error.message : String(error));

class Page {
  /**
   * @param {Given} given
   * @param {import("./editor.js").Editor} editor
   */
  constructor(given, editor) {
    this.given = given;
    this.link = given.link.key;
    this.editor = editor;
    this.busy = false;
    this.trying = new AbortController();
    this.draft = new Draft(this.link, given.draft ?? { text: given.stub, version: 0, updated_at: null }, {
      text: () => editor.text(),
      say: (said) => { if (saved.textContent !== said) saved.textContent = said; },
      ask: (theirs) => this.choose(theirs),
    });
  }

  begin() {
    const kept = this.draft.recalled();
    if (kept) this.goOnFrom(kept);
    else if (this.given.draft?.updated_at) say(saved, `Saved at ${clock(this.given.draft.updated_at)}.`);
    for (const [id, press] of /** @type {[string, () => unknown][]} */ ([
      ["run", () => this.run()],
      ["hand-in", () => this.handIn()],
      ["run-file", () => this.run(this.file())],
      ["hand-in-file", () => this.handIn(this.file())],
      ["download", () => save(new Blob([this.editor.text()]), this.given.file)],
    ])) byId(id, HTMLButtonElement).addEventListener("click", press);
    stop.querySelector("button")?.addEventListener("click", () => this.trying.abort());
    byId("file", HTMLInputElement).addEventListener("change", () => this.fileChosen());
    document.addEventListener("visibilitychange", () => void this.look());
    this.showHistory();
    this.showStanding();
    this.setBusy(false);
    void this.followScore();
  }

  /** @param {{text: string, version: number}} kept */
  goOnFrom(kept) {
    const theirs = this.given.draft;
    if (kept.version === (theirs?.version ?? 0)) this.editor.replace(kept.text);
    else if (theirs && theirs.text !== kept.text) {
      this.editor.replace(kept.text);
      this.choose(theirs);
      return;
    }
    this.draft.changed();
  }

  // ------------------------------------------------------------- two tabs, two devices

  /** Another tab or device has saved another text: nothing is lost, and the person decides.
   * @param {Saved} theirs */
  choose(theirs) {
    const at = theirs.updated_at ? ` at ${clock(theirs.updated_at)}` : "";
    const mine = this.editor.text();
    const words = make("p", `Another tab or device saved another text of this exercise${at}. `
      + "Nothing is lost: this page still has its own. Which one do you want to go on with?");
    const buttons = make("p", "", "in-line");
    const close = () => { say(another, ""); this.editor.focus(); };
    buttons.append(
      button("The other text", () => {
        this.editor.replace(theirs.text);
        this.draft.take(theirs);
        this.offerBack(mine);
      }),
      button("The text of this page", () => { this.draft.take(theirs); close(); }),
    );
    say(another, [words, buttons]);
  }

  /** After taking the other text: this page's own stays within reach. @param {string} mine */
  offerBack(mine) {
    const words = make("p", "This is the other text now. ");
    words.append(
      button("Bring back the text of this page", () => {
        this.editor.replace(mine);
        say(another, "");
        this.editor.focus();
      }),
      " ", button("Good", () => { say(another, ""); this.editor.focus(); }, "Close this message"),
    );
    say(another, [words]);
  }

  /** Whoever comes back to this page sees what they did elsewhere meanwhile. */
  async look() {
    if (document.hidden) return;
    try {
      const theirs = await this.draft.look();
      if (!theirs) return;
      this.editor.replace(theirs.text);
      this.draft.take(theirs);
      say(saved, `From another device or tab, saved at ${clock(theirs.updated_at ?? 0)}.`);
    } catch { /* the next save says what is wrong */ }
  }

  // -------------------------------------------------------------------- run and hand in

  /** @param {boolean} busy @param {string} [said] */
  setBusy(busy, said = "") {
    this.busy = busy;
    for (const id of ["run", "hand-in", "run-file", "hand-in-file"]) {
      // Not `disabled`, which would take the focus from whoever has just pressed it.
      place(id).setAttribute("aria-disabled", String(busy));
    }
    feedback.setAttribute("aria-busy", String(busy));
    if (said) happened.textContent = said;
  }

  /** Try the public examples. @param {File | null} [file] */
  async run(file) {
    if (this.busy) return;
    this.setBusy(true, "Running the public examples.");
    try {
      const path = `/api/v1/run/${encodeURIComponent(this.link)}`;
      const found = await ask("POST", path, file ? asForm(file) : { json: { text: this.editor.text() } });
      this.show(found.html, `Public examples: ${summary(found.report)}`);
    } catch (error) {
      this.failed(error);
    }
    this.setBusy(false);
  }

  /** @param {File | null} [file] */
  async handIn(file) {
    if (this.busy) return;
    this.setBusy(true, "Handing in.");
    this.trying.abort(); // what comes of an older attempt must not take the place of this one's
    const trying = new AbortController();
    this.trying = trying;
    const { signal } = trying;
    const work = file ? { link: this.link, file } : { link: this.link, text: this.editor.text() };
    const tell = (/** @type {string} */ said) => {
      happened.textContent = said;
      stop.hidden = false;
    };
    try {
      const answer = await handIn(work, newClick(), tell, signal);
      stop.hidden = true;
      this.setBusy(false);
      if (!answer.html) void this.refresh();
      const found = await follow(answer, (said) => { happened.textContent = said; }, signal);
      if (found) this.graded(found);
    } catch (error) {
      if (signal.aborted) happened.textContent = "Stopped. It was not handed in, as far as this page knows.";
      else this.failed(error);
    }
    if (this.trying !== trying) return;
    stop.hidden = true;
    this.setBusy(false);
    await this.refresh();
    void this.followScore();
  }

  /** @param {any} found */
  graded(found) {
    if (found.html) this.show(found.html, `Handed in: ${summary(found.report)}`);
    else if (found.state === "superseded") {
      happened.textContent = "Saved, and not graded: a newer attempt of yours took its place.";
    } else happened.textContent = "Saved. The grader failed, which costs no points: it tries again.";
  }

  /** @param {string} html @param {string} said */
  show(html, said) {
    showRendered(cards, html);
    happened.textContent = said;
    reveal(cards.querySelector(".exg-card") ?? cards, feedback);
  }

  /** @param {unknown} error */
  failed(error) {
    happened.textContent = sentence(error);
  }

  // ------------------------------------------------------------------------------ files

  file() {
    return byId("file", HTMLInputElement).files?.[0] ?? null;
  }

  fileChosen() {
    const file = this.file();
    place("file-actions").hidden = file === null;
    if (file) say(place("file-said"), `${file.name}, ${Math.ceil(file.size / 1024)} KB `);
  }

  // --------------------------------------------------------------- attempts and the score

  async refresh() {
    try {
      this.given = await ask("GET", `/api/v1/work/${encodeURIComponent(this.link)}`);
    } catch {
      return; // what is shown stays
    }
    this.showHistory();
    this.showStanding();
  }

  showHistory() {
    showAttempts(this.given.history, {
      open: (attempt) => this.open(attempt),
      restore: (attempt) => this.restore(attempt),
      download: (attempt) => {
        saveAs(`/api/v1/submissions/${attempt.key}/file`, attempt.name).catch((error) => this.failed(error));
      },
    });
  }

  /** @param {Attempt} attempt */
  async open(attempt) {
    try {
      const found = await ask("GET", `/api/v1/submissions/${attempt.key}`);
      this.show(found.html ?? "", `Attempt of ${clock(attempt.received_at)}: ${summary(found.report)}`);
      feedback.focus();
      feedback.scrollIntoView();
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {Attempt} attempt */
  async restore(attempt) {
    try {
      const file = await bytes(`/api/v1/submissions/${attempt.key}/file`);
      this.editor.replace(await file.text());
      happened.textContent = `The attempt of ${clock(attempt.received_at)} is in the editor. `
        + "Ctrl+Z brings back what was there.";
      this.editor.focus();
    } catch (error) {
      this.failed(error);
    }
  }

  showStanding() {
    const { link, score, history } = this.given;
    say(place("points"), score ? `${points(score.value, score.max_value)} so far.`
      : `${points(0, link.max_score).replace(/^0 of /u, "")} to be had.`);
    const late = link.due_at !== null && link.due_at * 1000 < Date.now();
    say(place("due"), link.due_at ? `${late ? "Was due" : "Due"} ${clock(link.due_at)}.` : "");
    const newest = history[0];
    const passed = newest ? standing(score, newest) : "";
    if (place("score").textContent !== passed) say(place("score"), passed);
  }

  /** Until the grade is where it belongs. */
  async followScore() {
    let wait = FIRST_LOOK_MS;
    while (this.given.score?.state === "owed" && this.given.score.platform) {
      await pause(wait);
      wait = Math.min(2 * wait, LONGEST_LOOK_MS);
      await this.refresh();
    }
  }
}

/** @param {Standing | null} score @param {Attempt} newest */
function standing(score, newest) {
  if (!score) return newest.state === "received" ? "Saved, being graded." : "";
  if (!score.platform) return "Saved, graded.";
  if (score.state === "sent") {
    return `Saved, graded, arrived in ${score.platform} at ${clock(score.arrived_at ?? 0)}.`;
  }
  if (score.state === "owed") return `Saved, graded, on its way to ${score.platform}.`;
  return `Saved, graded. ${score.note ?? `${score.platform} has not taken it; your teacher can see why.`}`;
}

/**
 * Scroll as far as it takes to see an element whole, but not past the heading of its part.
 *
 * @param {Element} element
 * @param {Element} heading
 */
function reveal(element, heading) {
  const column = place("yours");
  const scrolls = column.scrollHeight > column.clientHeight && getComputedStyle(column).overflowY === "auto";
  const view = scrolls ? column.getBoundingClientRect() : { top: 0, bottom: innerHeight };
  const below = element.getBoundingClientRect().bottom + 12 - view.bottom;
  const most = heading.getBoundingClientRect().top - view.top;
  const by = Math.min(below, most);
  if (by > 0) (scrolls ? column : window).scrollBy({ top: by });
}

/** @param {any} report */
function summary(report) {
  return String(report?.message ?? "");
}

/** @param {File} file */
function asForm(file) {
  const form = new FormData();
  form.set("file", file);
  return { form };
}

/** Which of the exercises that are set here this page is about. */
async function whichLink() {
  const me = await whoIsHere();
  const asked = new URLSearchParams(location.search).get("link") ?? me.link;
  const name = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  const link = me.links.find((each) => each.key === asked && each.exercise === name)
    ?? me.links.find((each) => each.exercise === name);
  if (!link) throw new Refused(404, "not-found", "This exercise is not set in your course.", {});
  return link.key;
}

async function begin() {
  // Both at once: the editor is the largest file.
  const loading = import("./editor.js");
  loading.catch(() => { /* told where it is awaited */ });
  const key = await whichLink();
  /** @type {Given} */
  const given = await ask("GET", `/api/v1/work/${encodeURIComponent(key)}`);
  const { createEditor } = await loading;
  const parent = place("editor");
  parent.replaceChildren();
  /** @type {Page | undefined} */
  let page;
  const editor = createEditor({
    parent, text: given.draft?.text ?? given.stub, label: "Your code", describedBy: "keys",
    nonce: nonce(), onChange: () => page?.draft.changed(), onRun: () => void page?.run(),
  });
  page = new Page(given, editor);
  page.begin();
}

letScroll("#reading :is(pre, figure, .formula, table)");
begin().catch(showProblem);
