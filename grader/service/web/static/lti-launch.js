/** Trades a launch for a session, with a proof that this browser began it; then opens the exercise. */
(() => {
  /** @type {{state: string, code: string, again: string, next: string,
   *   storage: {frame: string, origin: string} | null}} */
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
  const name = `lti-${data.state}`;
  const said = document.getElementById("said");

  /** @returns {string | null} */
  function kept() {
    try {
      const proof = sessionStorage.getItem(name);
      sessionStorage.removeItem(name);
      return proof;
    } catch {
      return null;
    }
  }

  /**
   * Return the frame of the platform that keeps things for tools; of another site, a name that is
   * not there throws.
   *
   * @param {string} name
   * @returns {Window | null}
   */
  function frameOf(name) {
    const above = window.parent === window ? window.opener : window.parent;
    if (name === "_parent") return above;
    try {
      return above?.frames[name] ?? null;
    } catch {
      return null;
    }
  }

  /**
   * Ask the platform for what it keeps: LTI Client Side postMessages, "lti.get_data".
   *
   * @returns {Promise<string | null>}
   */
  function keptByPlatform() {
    return new Promise((resolve) => {
      const { storage } = data;
      const frame = storage === null ? null : frameOf(storage.frame);
      if (!storage || !frame) {
        resolve(null);
        return;
      }
      addEventListener("message", (event) => {
        if (event.origin !== storage.origin || event.data?.key !== name) return;
        if (event.data.subject === "lti.get_data.response") resolve(event.data.value ?? null);
      });
      frame.postMessage({ subject: "lti.get_data", message_id: name, key: name }, storage.origin);
      setTimeout(() => resolve(null), 1000);
    });
  }

  /** @param {string | null} proof */
  async function confirm(proof) {
    const answer = await fetch("/lti/confirm", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code: data.code, state: data.state, proof }),
    });
    return { status: answer.status, found: await answer.json() };
  }

  async function begin() {
    let answer = await confirm(kept());
    if (answer.status === 403) {
      const proof = await keptByPlatform();
      if (proof !== null) answer = await confirm(proof);
    }
    if (answer.status !== 200) {
      if (said) said.textContent = answer.found.error;
      const again = document.getElementById("again");
      if (answer.status === 403 && again instanceof HTMLAnchorElement) {
        again.href = data.again;
        const place = document.getElementById("new-tab");
        if (place) place.hidden = false;
      }
      return;
    }
    try {
      sessionStorage.setItem("grader-token", answer.found.token);
    } catch { /* then the cookie that came with it brings the session */ }
    location.replace(`${data.next}?in=${encodeURIComponent(answer.found.context.key)}`);
  }

  begin().catch(() => {
    if (said) {
      said.textContent = "There is no network, or the server does not answer. Go back to your "
        + "course and click the link again.";
    }
  });
})();
