/**
 * Keeps the secret of a login in this browser, in each way that may work here, and goes on to the
 * platform. The answer to this page has set the cookie already.
 */
(() => {
  /** @type {{state: string, proof: string, next: string,
   *   storage: {frame: string, origin: string} | null}} */
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "");

  try {
    sessionStorage.setItem(`lti-${data.state}`, data.proof);
  } catch { /* a frame that may keep nothing */ }

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

  const goOn = () => location.replace(data.next);
  if (data.storage === null) {
    goOn();
    return;
  }
  // LTI Client Side postMessages, "lti.put_data".
  const frame = frameOf(data.storage.frame);
  addEventListener("message", (event) => {
    if (event.data?.subject === "lti.put_data.response") goOn();
  });
  frame?.postMessage({
    subject: "lti.put_data", message_id: data.state, key: `lti-${data.state}`, value: data.proof,
  }, data.storage.origin);
  setTimeout(goOn, frame ? 1000 : 0);
})();
