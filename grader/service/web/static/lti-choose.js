/** Sends what a teacher chose back to the platform, which makes links of it. */
(() => {
  /** @type {{state: string, code: string, again: string}} */
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
  const form = document.getElementById("form");
  const said = document.getElementById("said");
  if (!(form instanceof HTMLFormElement) || said === null) return;

  /** @returns {string | null} */
  function kept() {
    try {
      return sessionStorage.getItem(`lti-${data.state}`);
    } catch {
      return null;
    }
  }

  async function send() {
    const chosen = [...document.querySelectorAll("input[name=exercise]:checked")]
      .map((input) => (input instanceof HTMLInputElement ? input.value : ""));
    const answer = await fetch("/lti/deep-link", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        code: data.code, state: data.state, proof: kept(), exercises: chosen,
      }),
    });
    const found = await answer.json();
    if (answer.status === 200) {
      post(found.return_url, found.jwt);
      return;
    }
    if (said) said.textContent = found.error;
    const again = document.getElementById("again");
    const place = document.getElementById("new-tab");
    if (answer.status === 403 && again instanceof HTMLAnchorElement && place) {
      again.href = data.again;
      place.hidden = false;
    }
  }

  /**
   * @param {string} url
   * @param {string} jwt
   */
  function post(url, jwt) {
    const back = document.createElement("form");
    back.method = "post";
    back.action = url;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "JWT";
    field.value = jwt;
    back.append(field);
    document.body.append(back);
    back.submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send().catch(() => {
      said.textContent = "There is no network, or the server does not answer. Try again.";
    });
  });
})();
