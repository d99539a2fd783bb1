"use strict";
// Sorts and filters the table. Without this script the page holds the same, in the order of names.
(() => {
  const table = document.querySelector("table.class");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const keys = new Map();
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key ?? cell.textContent.trim().toLowerCase();
  };
  const numeric = (column) => table.tHead.rows[0].cells[column].classList.contains("number");
  const sort = (column, descending) => {
    if (!keys.has(column)) keys.set(column, new Map(rows.map((row) => [row, key(row, column)])));
    const value = keys.get(column);
    const compare = numeric(column)
      ? (a, b) => Number(value.get(a)) - Number(value.get(b))
      : (a, b) => value.get(a).localeCompare(value.get(b), undefined, { numeric: true });
    rows.sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
    body.append(...rows);
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(column, descending);
    });
  });
  const filter = document.querySelector(".filter");
  const count = filter.querySelector("output");
  filter.hidden = false;
  filter.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      shown += !row.hidden;
    }
    count.textContent = wanted ? `${shown} of ${rows.length}` : "";
  });
})();
