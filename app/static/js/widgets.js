/**
 * The seven answer widgets, by `data-widget`: reading, writing, clearing, listening, freezing.
 * Used by the exam page, by practice pages and wherever a given answer is shown again.
 */
import { attachOrdering, readOrdering, writeOrdering } from "./exam/ordering.js";

/** @typedef {import("./exam/types.js").Answer} Answer */
/** @typedef {{read(section: Element): Answer, write(section: Element, answer: any): void}} Widget */

const all = (section, selector) => [...section.querySelectorAll(selector)];
const one = (section, selector) => section.querySelector(selector);
const isEmpty = (line) => line.trim() === "";

const inputs = (section) => all(section, ".options input");

/** @type {Record<string, Widget>} */
const WIDGETS = {
  choice: {
    read: (section) => inputs(section).find((input) => input.checked)?.value ?? null,
    write(section, answer) {
      for (const input of inputs(section)) input.checked = input.value === String(answer);
    },
  },
  choices: {
    read(section) {
      const chosen = inputs(section).filter((input) => input.checked);
      return chosen.length ? chosen.map((input) => input.value) : null;
    },
    write(section, answer) {
      for (const input of inputs(section)) input.checked = (answer ?? []).includes(input.value);
    },
  },
  texts: {
    read(section) {
      const lines = all(section, "[data-blank]").map((input) => input.value);
      return lines.every(isEmpty) ? null : lines;
    },
    write(section, answer) {
      all(section, "[data-blank]").forEach((input, index) => setText(input, answer?.[index]));
    },
  },
  text: {
    read(section) {
      const line = one(section, "[data-text]").value;
      return isEmpty(line) ? null : line;
    },
    write: (section, answer) => setText(one(section, "[data-text]"), answer),
  },
  map: {
    read(section) {
      const chosen = all(section, "select[data-left]").filter((select) => select.value !== "");
      return chosen.length
        ? Object.fromEntries(chosen.map((select) => [select.dataset.left, select.value]))
        : null;
    },
    write(section, answer) {
      for (const select of all(section, "select[data-left]")) {
        select.value = answer?.[select.dataset.left] ?? "";
      }
    },
  },
  order: { read: readOrdering, write: writeOrdering },
  parts: {
    read(section) {
      const parts = all(section, "[data-part]");
      return parts.every((part) => isEmpty(part.value))
        ? null
        : Object.fromEntries(parts.map((part) => [part.dataset.part, part.value]));
    },
    write(section, answer) {
      for (const part of all(section, "[data-part]")) setText(part, answer?.[part.dataset.part]);
    },
  },
};

/** Writing an equal value would move the caret to the end while the candidate types. */
function setText(input, line) {
  const value = line ?? "";
  if (input.value !== value) input.value = value;
}

const widgetOf = (section) => WIDGETS[section.dataset.widget];

/**
 * The answer as it stands on the page; null when there is none.
 * @param {HTMLElement} section
 * @returns {Answer}
 */
export function read(section) {
  return widgetOf(section).read(section);
}

/**
 * Show this answer; null shows the untouched question.
 * @param {HTMLElement} section
 * @param {Answer} answer
 */
export function write(section, answer) {
  widgetOf(section).write(section, answer);
}

/** @param {HTMLElement} section */
export function clear(section) {
  write(section, null);
}

/**
 * Make the widget work and hear of every change the candidate makes in it.
 * @param {HTMLElement} section
 * @param {() => void} onChange
 */
export function attach(section, onChange) {
  if (section.dataset.widget === "order") {
    attachOrdering(section, onChange);
    return;
  }
  // Text fields report each keystroke by `input`; `change` catches what autofill leaves out.
  section.addEventListener("input", onChange);
  section.addEventListener("change", onChange);
}

/**
 * Text stays selectable (read-only), everything else is disabled; moving on stays possible.
 * @param {HTMLElement} section
 * @param {boolean} frozen
 */
export function setFrozen(section, frozen) {
  section.dataset.frozen = String(frozen);
  for (const control of all(section, "input, textarea, select, button")) {
    if (control.matches("[data-next], [data-previous], [type=hidden]")) continue;
    const isText = control.matches("[data-blank], [data-text], [data-part]");
    control[isText ? "readOnly" : "disabled"] = frozen;
  }
}

/**
 * Join an answer given before the page knew the server's one: what the candidate left empty
 * was never seen by them, so the server's part stays.
 * @param {HTMLElement} section
 * @param {Answer} mine
 * @param {Answer} theirs
 * @returns {Answer}
 */
export function merge(section, mine, theirs) {
  if (mine === null || theirs === null) return mine ?? theirs;
  switch (section.dataset.widget) {
    case "texts":
      return mine.map((line, index) => (isEmpty(line) ? (theirs[index] ?? "") : line));
    case "map":
      return { ...theirs, ...mine };
    case "parts": {
      const written = Object.entries(mine).filter(([, text]) => !isEmpty(text));
      return { ...mine, ...theirs, ...Object.fromEntries(written) };
    }
    default:
      return mine;
  }
}
