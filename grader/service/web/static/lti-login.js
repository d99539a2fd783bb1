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

  const goOn = () => location.replace(data.next);
  if (data.storage === null) {
    goOn();
    return;
  }
  // LTI Client Side postMessages, "lti.put_data".
  const above = window.parent === window ? window.opener : window.parent;
  const frame = data.storage.frame === "_parent" ? above : above?.frames?.[data.storage.frame];
  addEventListener("message", (event) => {
    if (event.data?.subject === "lti.put_data.response") goOn();
  });
  frame?.postMessage({
    subject: "lti.put_data", message_id: data.state, key: `lti-${data.state}`, value: data.proof,
  }, data.storage.origin);
  setTimeout(goOn, frame ? 1000 : 0);
})();
