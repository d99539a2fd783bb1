/** What every page uses: finding elements, telling times, showing what went wrong. */

/**
 * Return the element with this id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`this page has no ${kind.name} called ${id}`);
  return found;
}

/** @param {string} id */
export const place = (id) => byId(id, HTMLElement);

/**
 * Make an element with text in it, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/**
 * Make a button.
 *
 * @param {string} text
 * @param {() => void} onPress
 * @param {string} [label] what a screen reader says, where the text alone is not enough
 */
export function button(text, onPress, label = "") {
  const made = make("button", text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onPress);
  return made;
}

/**
 * Show HTML that the server has rendered, in which all text of strangers is escaped.
 *
 * @param {HTMLElement} target
 * @param {string} html
 */
export function showRendered(target, html) {
  target.innerHTML = html;
}

/**
 * Say something in an element, and hide the element where there is nothing to say.
 *
 * @param {HTMLElement} target
 * @param {string | (Node | string)[]} what
 */
export function say(target, what) {
  target.replaceChildren(...(typeof what === "string" ? [what] : what));
  target.hidden = what.length === 0;
}

/**
 * Return a time as a person says it, without the date if it is today.
 *
 * @param {number} seconds since 1970
 * @param {{seconds?: boolean}} [options]
 */
export function clock(seconds, options = {}) {
  const time = new Date(seconds * 1000);
  const hours = time.toLocaleTimeString("en-GB", {
    hour: "2-digit", minute: "2-digit", ...(options.seconds ? { second: "2-digit" } : {}),
  });
  if (time.toDateString() === new Date().toDateString()) return hours;
  const day = { weekday: "short", day: "numeric", month: "short" };
  return `${time.toLocaleDateString("en-GB", /** @type {any} */ (day))}, ${hours}`;
}

/**
 * Return points as a person says them.
 *
 * @param {number} value
 * @param {number} most
 */
export function points(value, most) {
  const shown = (/** @type {number} */ number) => String(Math.round(number * 100) / 100);
  return `${shown(value)} of ${shown(most)} ${most === 1 ? "point" : "points"}`;
}

/**
 * Wait; ends early when the network is back or `signal` says stop.
 *
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}

/** The nonce of this page: the editor brings a style sheet. */
export function nonce() {
  const script = document.querySelector("script[nonce]");
  return script instanceof HTMLElement ? (script.nonce ?? "") : "";
}

/** Copy text; where the browser does not allow it, the field stays selected. */
export async function copy(/** @type {HTMLInputElement} */ field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
