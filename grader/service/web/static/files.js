/** Files that are saved: a link cannot show the token, so a script fetches them. */

import { make } from "./page.js";
import { bytes } from "./session.js";

/**
 * Let the browser save bytes as a file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Fetch a file and let the browser save it.
 *
 * @param {string} path
 * @param {string} name
 */
export async function saveAs(path, name) {
  save(await bytes(path), name);
}
