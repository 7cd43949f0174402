/** Entries of groups: add, remove and move them, by buttons and by keys. */
import { addRow, numberRows, rowsOf } from "./sheet.js";
import { announce, text } from "./texts.js";

/** @param {HTMLFormElement} form @param {() => void} onChange */
export function setUpRows(form, onChange) {
  const done = (words) => {
    onChange();
    announce(text(words));
  };
  const add = (group, after) => {
    focusIn(addRow(group, after));
    done("added");
  };
  const remove = (row) => {
    const group = groupOf(row);
    if (isFixed(row)) return;
    const near = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    numberRows(group);
    if (near) focusIn(near);
    else group.querySelector(":scope > [data-add]").focus();
    done("removed");
  };
  const move = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other || isFixed(row) || isFixed(other)) return;
    const held = document.activeElement;
    if (by < 0) other.before(row);
    else other.after(row);
    numberRows(groupOf(row));
    if (row.contains(held)) held.focus();
    done("moved");
  };

  // Where one option alone may be right, the new one takes the place of the old one.
  form.addEventListener("input", ({ target }) => {
    if (!("oneRight" in form.dataset) || !isRight(target) || !target.checked) return;
    for (const other of groupOf(target).querySelectorAll("input")) {
      if (isRight(other) && other !== target) other.checked = false;
    }
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest("[data-row]");
    if ("add" in button.dataset) add(button.closest("[data-repeat]"));
    if ("remove" in button.dataset) remove(row);
    if ("move" in button.dataset) move(row, button.dataset.move === "up" ? -1 : 1);
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const act = {
      ArrowUp: () => move(row, -1),
      ArrowDown: () => move(row, 1),
      Enter: () => add(groupOf(row), row),
      Delete: () => remove(row),
    }[event.key];
    // Alt+Down opens a list of choices: that key is the list's.
    if (!act || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    act();
  });
}

const isRight = (field) => field.type === "checkbox" && field.name.endsWith(".right");
const groupOf = (row) => row.closest("[data-repeat]");
const focusIn = (row) => (row.querySelector("textarea, input, select") ?? row).focus();

/** The main point of a question that exists stays where it is. */
function isFixed(row) {
  const group = groupOf(row);
  return "firstStays" in group.dataset && rowsOf(group)[0] === row && !row.querySelector("[data-remove]");
}
