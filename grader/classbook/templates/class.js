"use strict";
// Sorts, filters, copies names and hides them. Without this script the page holds the same, in the
// order of names.
function startClassPage(signal) {
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const table = find("table.class");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const titles = heads.map((head) => head.textContent.trim());
  const rows = [...body.rows];
  const original = [...rows];
  const shownNames = (some) => some.map((row) => row.cells[0].textContent.trim());
  const MISCONCEPTIONS = 1;
  const SCORE = 2;
  // Laid out at first: 5,000 rows take seconds, and nobody reads them all.
  const MOST_ROWS = 500;

  // ------------------------------------------------------------------------------ sorting
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key ?? cell.textContent.trim().toLowerCase();
  };
  let most = MOST_ROWS;
  const place = () => {
    body.remove(); // thousands of rows are moved far faster where nobody looks
    body.append(...rows);
    table.append(body);
    show();
  };
  const put = (compare) => {
    const keyed = rows.map((row) => [row, compare.key(row)]);
    keyed.sort((a, b) => compare.order(a[1], b[1]));
    rows.splice(0, rows.length, ...keyed.map(([row]) => row));
    place();
  };
  const restore = () => {
    rows.splice(0, rows.length, ...original);
    place();
  };
  const collator = new Intl.Collator(undefined, { numeric: true });
  const sort = (column, descending) => {
    const sign = descending ? -1 : 1;
    const numeric = heads[column].classList.contains("number");
    put({
      key: (row) => (numeric ? Number(key(row, column)) : key(row, column)),
      order: (a, b) => sign * (numeric ? a - b : collator.compare(a, b)),
    });
  };
  const first = find("button.first");
  const unsorted = () => {
    for (const head of heads) head.removeAttribute("aria-sort");
    first.setAttribute("aria-pressed", "false");
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      unsorted();
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(column, descending);
    });
  });
  // Who needs help most: the fewest points, then whom no hint helps, then the most misconceptions.
  const need = (row) => {
    const points = Number(key(row, SCORE));
    const flags = flagsOf(row);
    if (points < 0) return 1e6; // nothing handed in, or a fault of ours
    const unnamed = flags.includes("unnamed") ? 0.9 : 0;
    return points * 10 - Math.max(unnamed, 0.1 * Math.min(8, misconceptions(row).length));
  };
  first.addEventListener("click", () => {
    const pressed = first.getAttribute("aria-pressed") === "true";
    unsorted();
    if (pressed) {
      restore();
    } else {
      first.setAttribute("aria-pressed", "true");
      put({ key: need, order: (a, b) => a - b });
    }
  });

  // ---------------------------------------------------------------------------- filtering
  const flagsOf = (row) => (row.dataset.f ?? "").split(" ");
  const misconceptions = (row) =>
    all("i", row.cells[MISCONCEPTIONS]).map((each) => each.textContent);
  const verdict = (row, column) => find("span", row.cells[column])?.textContent ?? "";
  const wanted = { m: "", s: "", case: "", flags: new Set(), text: "" };
  const filter = find(".filter");
  const search = find("input", filter);
  const status = find(".status");
  const chosen = find(".chosen");
  const more = find(".more");
  let matching = rows;
  const columnOf = (name) => heads.findIndex(
    (head, column) => head.classList.contains("case") && titles[column] === name);
  const tests = () => {
    const found = [];
    if (wanted.m) found.push((row) => misconceptions(row).includes(wanted.m));
    if (wanted.s) {
      const [low, high] = wanted.s.split("..").map(Number);
      found.push((row) => {
        const score = Number(key(row, SCORE));
        return score >= low && score <= high;
      });
    }
    if (wanted.case) {
      const at = wanted.case.lastIndexOf("|");
      const column = columnOf(wanted.case.slice(0, at));
      const label = wanted.case.slice(at + 1);
      // Without a label: all who do not pass it.
      found.push((row) => column > 0 && (label
        ? verdict(row, column) === label
        : row.cells[column].className !== "good" && verdict(row, column)));
    }
    for (const flag of wanted.flags) found.push((row) => flagsOf(row).includes(flag));
    const text = wanted.text.trim().toLowerCase();
    if (text) found.push((row) => row.textContent.toLowerCase().includes(text));
    return found;
  };
  const labels = () => {
    const flags = [...wanted.flags].map((flag) => find(`[data-flag="${flag}"]`).dataset.said);
    const column = all("g[data-low]").find((each) => each.dataset.value === wanted.s);
    const range = column && column.dataset.label;
    const verdicts = wanted.case.replace(/\|([^|]*)$/u, (_, label) => `: ${label || "not passed"}`);
    return [wanted.m, range, verdicts, ...flags, wanted.text.trim()].filter(Boolean);
  };
  const show = () => {
    const asked = tests();
    matching = rows.filter((row) => asked.every((test) => test(row)));
    const laidOut = new Set(matching.slice(0, most));
    for (const row of rows) {
      if (row.hidden === laidOut.has(row)) row.hidden = !row.hidden;
    }
    table.classList.remove("loading");
    const shown = matching.length;
    more.hidden = shown <= most;
    find("button", more).textContent = `Show the other ${shown - most} too`;
    for (const each of all("[data-pick]")) {
      each.setAttribute("aria-pressed", String(wanted[each.dataset.pick] === each.dataset.value));
    }
    for (const each of all("[data-flag]")) {
      each.setAttribute("aria-pressed", String(wanted.flags.has(each.dataset.flag)));
    }
    const some = asked.length > 0;
    find("output", status).textContent =
      some ? `${shown} of ${rows.length}: ${labels().join("; ")}` : `${rows.length} in all`;
    find(".copy-shown").hidden = !some || !shown || hidden();
    find(".copy-shown").textContent = `Copy ${shown} ${shown === 1 ? "name" : "names"}`;
    find(".show-all").hidden = !some;
    const about = wanted.m && all(".found[data-m]").find((each) => each.dataset.m === wanted.m);
    chosen.hidden = !about;
    chosen.replaceChildren(...(about ? [find(".why", about).cloneNode(true)] : []));
    remember();
  };
  const pick = (kind, value) => {
    wanted[kind] = wanted[kind] === value ? "" : value;
    show();
  };
  // To the table, if it cannot be seen: who presses a bar wants to know who it is.
  const reveal = () => {
    const first = (matching[0] ?? status).getBoundingClientRect();
    if (first.bottom > innerHeight - 60 || first.top < 0) find("#everybody").scrollIntoView();
  };
  for (const each of all(".pick")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = each.className;
    Object.assign(button.dataset, each.dataset);
    button.append(...each.childNodes);
    each.replaceWith(button);
    button.addEventListener("click", () => {
      pick(button.dataset.pick, button.dataset.value);
      reveal();
    });
  }
  for (const column of all("g[data-low]")) {
    column.dataset.pick = "s";
    column.dataset.value = `${column.dataset.low}..${column.dataset.high}`;
    column.setAttribute("role", "button");
    column.setAttribute("tabindex", "0");
    column.setAttribute("aria-label", find("title", column).textContent);
    const press = () => {
      pick("s", column.dataset.value);
      reveal();
    };
    column.addEventListener("click", press);
    column.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
  }
  // An image has no buttons inside: from here on it is a group of them.
  find("svg.chart").setAttribute("role", "group");
  for (const button of all("[data-flag]")) {
    const flag = button.dataset.flag;
    const many = rows.filter((row) => flagsOf(row).includes(flag)).length;
    button.dataset.said = button.textContent;
    button.hidden = !many;
    button.append(` (${many})`);
    button.addEventListener("click", () => {
      if (!wanted.flags.delete(flag)) wanted.flags.add(flag);
      show();
    });
  }
  table.classList.add("picking");
  body.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (!cell || String(getSelection())) return;
    const column = cell.cellIndex;
    if (event.target.matches(".ids i")) pick("m", event.target.textContent);
    else if (heads[column].classList.contains("case")) {
      const label = verdict(cell.parentElement, column);
      if (label) pick("case", `${titles[column]}|${label}`);
    }
  });
  find("button", more).addEventListener("click", () => {
    most = Infinity;
    show();
  });
  search.addEventListener("input", () => {
    wanted.text = search.value;
    show();
  });
  find(".show-all").addEventListener("click", () => {
    Object.assign(wanted, { m: "", s: "", case: "", text: "" });
    wanted.flags.clear();
    search.value = "";
    show();
    search.focus();
  });

  // ------------------------------------------------------------------------------ copying
  const copy = async (names, button) => {
    const text = names.join("\n");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    const said = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = said; }, 1500);
  };
  find(".copy-shown").addEventListener("click", (event) =>
    copy(shownNames(matching), event.currentTarget));
  for (const list of all(".who-list")) {
    if (find(".rest", list)) continue; // not all of them are here
    const names = all(".names a", list);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "private";
    button.textContent = `Copy ${names.length} ${names.length === 1 ? "name" : "names"}`;
    button.addEventListener("click", () => copy(names.map((each) => each.textContent), button));
    list.append(button);
  }

  // ----------------------------------------------------------------------- hiding the names
  const root = document.documentElement;
  const anonymous = find("button.anonymous");
  const hidden = () => root.classList.contains("nameless");
  const before = new Map(); // node -> what it was
  const ordered = new Map(); // list -> its items, in the order of names
  const shuffled = (many) => {
    // By chance: in the order of names, a number would say where in the alphabet a name stands.
    const order = [...Array(many).keys()];
    const chance = crypto.getRandomValues(new Uint32Array(many));
    for (let at = many - 1; at > 0; at -= 1) {
      const other = chance[at] % (at + 1);
      [order[at], order[other]] = [order[other], order[at]];
    }
    return order;
  };
  const words = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const partsOf = (names) => {
    const counts = new Map();
    for (const name of names) {
      for (const word of new Set(words(name.toLowerCase()))) {
        if (word.length > 2) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    // What many are called is no name: `student`, `convolve`.
    const most = Math.max(5, names.length / 5);
    return new Set([...counts].filter(([, many]) => many <= most).map(([word]) => word));
  };
  const textNodes = (from) => {
    const walker = document.createTreeWalker(from, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };
  const rename = (element, alias) => {
    before.set(element, [element.textContent, element.getAttribute("href")]);
    element.textContent = alias;
    element.removeAttribute("href");
  };
  const hideNames = () => {
    const names = shownNames(rows);
    const order = shuffled(rows.length);
    const aliases = new Map(names.map((name, at) => [name, `Student ${order[at] + 1}`]));
    const parts = partsOf(names);
    for (const row of rows) {
      const cell = row.cells[0];
      const named = cell.firstElementChild ?? cell;
      rename(named, aliases.get(named.textContent.trim()));
    }
    for (const each of all(".names a, .who")) {
      rename(each, aliases.get(each.textContent.trim()) ?? "Another student");
    }
    for (const node of all(".free").flatMap(textNodes)) {
      const masked = node.data.replace(/[\p{L}\p{N}]+/gu,
        (word) => (parts.has(word.toLowerCase()) ? "\u2022\u2022\u2022" : word));
      if (masked !== node.data) {
        before.set(node, node.data);
        node.data = masked;
      }
    }
    for (const list of all(".names")) {
      ordered.set(list, [...list.children]);
      list.append(...[...list.children].sort(
        (a, b) => collator.compare(a.textContent, b.textContent)));
    }
    sort(0, false);
  };
  const showNames = () => {
    for (const [node, was] of before) {
      if (node.nodeType === Node.TEXT_NODE) node.data = was;
      else {
        [node.textContent] = was;
        if (was[1] !== null) node.setAttribute("href", was[1]);
      }
    }
    before.clear();
    for (const [list, items] of ordered) list.append(...items);
    restore();
  };
  const setAnonymous = (on) => {
    if (on === hidden()) return;
    root.classList.toggle("nameless", on);
    anonymous.setAttribute("aria-pressed", String(on));
    search.value = "";
    wanted.text = "";
    unsorted();
    if (on) hideNames();
    else showNames();
  };
  anonymous.addEventListener("click", () => setAnonymous(!hidden()));

  // ------------------------------------------------------- what a reload and `Back` bring back
  const remember = () => {
    // Never the text that was searched for: it may be a name.
    const kept = new URLSearchParams();
    for (const kind of ["m", "s", "case"]) if (wanted[kind]) kept.set(kind, wanted[kind]);
    if (wanted.flags.size) kept.set("show", [...wanted.flags].join(" "));
    if (first.getAttribute("aria-pressed") === "true") kept.set("order", "help");
    if (hidden()) kept.set("names", "hidden");
    const hash = String(kept);
    if (hash === location.hash.slice(1) || (!hash && !location.hash.includes("="))) return;
    try {
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
    } catch { /* some browsers do not let a file do this */ }
  };
  const recall = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const kind of ["m", "s", "case"]) wanted[kind] = kept.get(kind) ?? "";
    for (const flag of (kept.get("show") ?? "").split(" ")) {
      if (find(`.quick [data-flag="${CSS.escape(flag)}"]`)) wanted.flags.add(flag);
    }
    const helpFirst = kept.get("order") === "help";
    setAnonymous(kept.get("names") === "hidden");
    if (helpFirst) first.click();
  };
  addEventListener("hashchange", remember, { signal }); // a link inside the page has taken its place
  filter.hidden = false;
  status.hidden = false;
  anonymous.hidden = false;
  recall();
  root.classList.remove("veiled");
  show();
}
