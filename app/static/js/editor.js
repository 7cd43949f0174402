/** Rows of the question editor: add one from the blank row, remove one, warn before leaving. */

const form = document.querySelector("[data-editor]");
let changed = false;

function number(list) {
  [...list.children].forEach((row, index) => {
    row.querySelector(".option-editor-letter").textContent = String(index + 1);
  });
}

function add(button) {
  const group = button.closest("[data-repeat]");
  const list = group.querySelector(":scope > ol");
  const blank = group.querySelector(":scope > template[data-blank-row]");
  // Indices only have to differ and to grow: the server reads them in order.
  const next = 1 + Math.max(-1, ...[...list.children].map((row) => rowIndex(row, group.dataset.repeat)));
  const holder = document.createElement("ol");
  holder.innerHTML = blank.innerHTML.replaceAll(button.dataset.token, String(next));
  const row = holder.firstElementChild;
  list.append(row);
  number(list);
  row.querySelector("textarea, input").focus();
}

function rowIndex(row, name) {
  const field = row.querySelector(`[name^="${name}."]`);
  return field ? Number(field.name.slice(name.length + 1).split(".")[0]) : -1;
}

function remove(button) {
  const row = button.closest("[data-row]");
  const list = row.parentElement;
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number(list);
  (near ?? list.closest("[data-repeat]")).querySelector("textarea, input, [data-add]")?.focus();
}

form?.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-add]");
  const removing = event.target.closest("[data-remove]");
  if (adding) add(adding);
  if (removing) remove(removing);
  changed = changed || Boolean(adding || removing);
});
form?.addEventListener("input", () => (changed = true));
form?.addEventListener("submit", () => (changed = false));
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
