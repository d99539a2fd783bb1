/** Tells the platform that opened this page that registration is over: it closes the page. */
(() => {
  const above = window.opener ?? (window.parent === window ? null : window.parent);
  // As LTI Dynamic Registration 1.0 has it, to whomever it is: it says nothing else.
  above?.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
})();
