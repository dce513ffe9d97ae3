(() => {
  const table = document.querySelector("#features");
  const tools = document.querySelector("#tools");
  if (!table || !tools) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const find = tools.querySelector("input");
  const buttons = [...tools.querySelectorAll("button")];
  const shown = tools.querySelector("output");
  let group = "";
  const filter = () => {
    const text = find.value.toLowerCase();
    let count = 0;
    for (const row of rows) {
      const name = row.cells[1].textContent.toLowerCase();
      row.hidden = (group && row.dataset.group !== group) || !name.includes(text);
      if (!row.hidden) count += 1;
    }
    shown.value = `${count} of ${rows.length} shown`;
  };
  find.addEventListener("input", filter);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      group = button.value;
      for (const other of buttons) other.setAttribute("aria-pressed", other === button);
      filter();
    });
  }
  const key = (row, column) => {
    const cell = row.cells[column];
    return "sort" in cell.dataset ? Number(cell.dataset.sort) : cell.textContent.trim();
  };
  for (const head of table.tHead.rows[0].cells) {
    if (!("sortable" in head.dataset)) continue;
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") !== "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const way = falling ? -1 : 1;
      rows.sort((a, b) => {
        const [x, y] = [key(a, head.cellIndex), key(b, head.cellIndex)];
        return way * (typeof x === "number" ? x - y : x.localeCompare(y));
      });
      body.append(...rows);
    });
  }
  tools.hidden = false;
  filter();
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
})();
