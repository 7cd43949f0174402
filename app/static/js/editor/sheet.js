/**
 * The form as a list of [name, value]: read, and written back with as many entries as it has.
 * Entries of a group are numbered from 0 without a gap, in the names of their fields.
 */

const NOT_CONTENT = new Set(["csrf_token", "from_version", "seq", "draft", "question", "type", "compared", "then"]);

/** @typedef {[string, string][]} Sheet */

/** @param {HTMLFormElement} form @returns {Sheet} boxes that are not ticked are left out */
export function readSheet(form) {
  return [...new FormData(form)].filter(([name]) => !NOT_CONTENT.has(name));
}

/** @param {HTMLFormElement} form @param {Sheet} sheet */
export function writeSheet(form, sheet) {
  const values = new Map(sheet);
  fitGroups(form, values);
  for (const field of form.elements) {
    if (!field.name || NOT_CONTENT.has(field.name) || field.type === "submit") continue;
    if (field.type === "checkbox") field.checked = values.has(field.name);
    else if (field.type === "radio") field.checked = values.get(field.name) === field.value;
    else if (field.value !== (values.get(field.name) ?? "")) field.value = values.get(field.name) ?? "";
  }
}

/** Every group gets as many entries as the values have, the outer ones first. */
function fitGroups(container, values) {
  for (const group of outermostGroups(container)) {
    const wanted = countOf(group.dataset.repeat, values);
    while (rowsOf(group).length > wanted) rowsOf(group).at(-1).remove();
    while (rowsOf(group).length < wanted) addRow(group);
    numberRows(group);
    for (const row of rowsOf(group)) fitGroups(row, values);
  }
}

function countOf(name, values) {
  let most = -1;
  for (const key of values.keys()) {
    if (key.startsWith(`${name}.`)) most = Math.max(most, parseInt(key.slice(name.length + 1), 10));
  }
  return most + 1;
}

function outermostGroups(container) {
  const groups = [...container.querySelectorAll("[data-repeat]")];
  return groups.filter((group) => !groups.some((other) => other !== group && other.contains(group)));
}

/** @returns {HTMLElement[]} */
export function rowsOf(group) {
  return [...group.querySelector(":scope > ol").children];
}

/** Add an empty entry. @param {HTMLElement} group @param {HTMLElement} [after] @returns {HTMLElement} */
export function addRow(group, after) {
  const name = group.dataset.repeat;
  const blank = group.querySelector(":scope > template[data-blank-row]");
  const holder = document.createElement("ol");
  holder.innerHTML = blank.innerHTML.replaceAll(`${name}.__new__`, `${name}.${rowsOf(group).length}`);
  const row = holder.firstElementChild;
  if (after) after.after(row);
  else group.querySelector(":scope > ol").append(row);
  numberAll(row);
  numberRows(group);
  return row;
}

/** Give the entries of a group their numbers, in their names and for people. */
export function numberRows(group) {
  const name = group.dataset.repeat;
  rowsOf(group).forEach((row, index) => {
    rename(row, `${name}.`, index);
    const number = row.querySelector(":scope > [data-row-number]");
    number.textContent = "letters" in group.dataset ? String.fromCharCode(65 + index) : String(index + 1);
  });
}

/** @param {ParentNode} container */
export function numberAll(container) {
  for (const group of container.querySelectorAll("[data-repeat]")) numberRows(group);
}

const NAMED = ["name", "id", "for", "aria-describedby", "data-slot", "data-repeat"];

/** All names in a row that begin with the group's get this number; also those in its templates. */
function rename(row, start, index) {
  const before = (text) => replaced(text, start, index);
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of NAMED) {
      const value = element.getAttribute(attribute);
      if (value !== null) {
        const fresh = value.split(" ").map(before).join(" ");
        if (fresh !== value) element.setAttribute(attribute, fresh);
      }
    }
    if (element instanceof HTMLTemplateElement) {
      const pattern = new RegExp(`(["\\s]|remarks-)${escaped(start)}\\d+\\.`, "g");
      element.innerHTML = element.innerHTML.replace(pattern, `$1${start}${index}.`);
    }
  }
}

function replaced(text, start, index) {
  const prefix = text.startsWith("remarks-") ? "remarks-" : "";
  const rest = text.slice(prefix.length);
  if (!rest.startsWith(start)) return text;
  return prefix + start + index + rest.slice(start.length).replace(/^(\d+|__new__)/, "");
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
