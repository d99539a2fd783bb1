/** What is too wide for the page can be scrolled by keyboard; what fits is no stop on the way. */

/** @param {string} selector */
export function letScroll(selector) {
  const look = () => {
    for (const each of document.querySelectorAll(selector)) {
      if (each.scrollWidth > each.clientWidth) each.setAttribute("tabindex", "0");
      else each.removeAttribute("tabindex");
    }
  };
  // Whenever the width changes, and with it what fits: also when something is unfolded.
  const watching = new ResizeObserver(look);
  for (const each of document.querySelectorAll(selector)) watching.observe(each);
  look();
}
