/** Coming in by a link: the key stands behind the #, so that no log ever has it. */

import { enter, join } from "./session.js";
import { byId, copy, place, say } from "./page.js";

const key = location.hash.slice(1);
const said = place("said");
const form = byId("join", HTMLFormElement);

/** @param {unknown} error */
const failed = (error) => say(said, error instanceof Error ? error.message : String(error));

/** @param {string} personal */
function showPersonalLink(personal) {
  const field = byId("personal-link", HTMLInputElement);
  field.value = `${location.origin}/enter#${personal}`;
  form.hidden = true;
  say(said, "");
  place("kept").hidden = false;
  place("kept-title").focus();
  const press = byId("copy", HTMLButtonElement);
  press.addEventListener("click", async () => {
    press.textContent = (await copy(field)) ? "Copied" : "Copy the marked text";
  });
}

async function begin() {
  // Out of the address bar, where whoever looks on would see it.
  history.replaceState(null, "", location.pathname);
  if (!key) {
    say(said, ["This link is not complete: open the whole link that you were given."]);
    return;
  }
  const found = await enter(key);
  if (!found.join) {
    location.replace("/");
    return;
  }
  say(said, "");
  form.hidden = false;
  const name = byId("name", HTMLInputElement);
  name.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      showPersonalLink((await join(key, name.value)).personal_key);
    } catch (error) {
      failed(error);
    }
  });
}

begin().catch(failed);
