/**
 * Puts fresh rows in the place of old ones, cell by cell and only where something changed: what
 * is ticked, focused or opened stays as it is.
 */

/** @param {Document} fresh */
export function replaceRows(fresh) {
  replaceTotals(fresh);
  const list = document.getElementById("desk-list");
  const freshList = fresh.getElementById("desk-list");
  const body = document.getElementById("desk-body");
  const freshBody = fresh.getElementById("desk-body");
  if (!body || !freshBody) {
    if (list.innerHTML.trim() !== freshList.innerHTML.trim()) list.replaceChildren(...freshList.childNodes);
    return;
  }
  const wanted = [...freshBody.rows];
  const ids = new Set(wanted.map((row) => row.id));
  for (const row of [...body.rows]) {
    if (ids.has(row.id)) updateRow(row, fresh.getElementById(row.id));
    else row.remove();
  }
  const focused = document.activeElement;
  wanted.forEach((row, place) => {
    const here = document.getElementById(row.id) ?? document.importNode(row, true);
    if (body.rows[place] !== here) body.insertBefore(here, body.rows[place] ?? null);
  });
  replaceIfChanged(document.getElementById("desk-pager"), fresh.getElementById("desk-pager"));
  // Moving a row takes the focus from what is in it.
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

function updateRow(row, fresh) {
  const hasMoved = row.dataset.presence !== fresh.dataset.presence;
  Object.assign(row.dataset, { ...fresh.dataset });
  [...fresh.cells].forEach((cell, index) => updateCell(row.cells[index], cell));
  if (!hasMoved) return;
  row.classList.remove("desk-changed");
  requestAnimationFrame(() => row.classList.add("desk-changed"));
}

/** A cell with an open menu is looked at again at the next refresh. */
function updateCell(cell, fresh) {
  if (cell.innerHTML === fresh.innerHTML || cell.querySelector("details[open]")) return;
  const place = focusables(cell).indexOf(document.activeElement);
  cell.innerHTML = fresh.innerHTML;
  if (place >= 0) focusables(cell)[place]?.focus({ preventScroll: true });
}

function focusables(cell) {
  return [...cell.querySelectorAll("a, button, summary, input")];
}

function replaceTotals(fresh) {
  for (const link of fresh.querySelectorAll("#desk-totals a")) {
    const known = document.querySelector(`#desk-totals a[data-total="${link.dataset.total}"] b`);
    const count = link.querySelector("b").textContent;
    if (known && known.textContent !== count) known.textContent = count;
  }
}

function replaceIfChanged(element, fresh) {
  if (!element || !fresh || element.innerHTML === fresh.innerHTML) return;
  if (element.contains(document.activeElement)) return;
  element.innerHTML = fresh.innerHTML;
}
