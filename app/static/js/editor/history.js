/** Undo and redo of everything in the form: what was typed, ticked, added, removed, moved. */
import { readSheet, writeSheet } from "./sheet.js";

const MOST = 300;
const PAUSE_MS = 1000;

export class History {
  #form;
  #states;
  #at = 0;
  #lastField = null;
  #lastTime = 0;
  #onMove;

  /** @param {HTMLFormElement} form @param {() => void} onMove after an undo or redo, and after every change */
  constructor(form, onMove) {
    this.#form = form;
    this.#states = [{ sheet: readSheet(form), field: null }];
    this.#onMove = onMove;
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#states.length - 1;
  }

  /** Something has changed. What is typed into one field without a pause is one step. */
  note(field = null) {
    const sheet = readSheet(this.#form);
    if (JSON.stringify(sheet) === JSON.stringify(this.#states[this.#at].sheet)) return false;
    const now = performance.now();
    const goesOn = field && field === this.#lastField && now - this.#lastTime < PAUSE_MS && this.#at > 0;
    this.#states.length = this.#at + 1;
    if (goesOn) this.#states[this.#at] = { sheet, field };
    else this.#states.push({ sheet, field });
    if (this.#states.length > MOST) this.#states.shift();
    this.#at = this.#states.length - 1;
    this.#lastField = field;
    this.#lastTime = now;
    this.#onMove();
    return true;
  }

  undo() {
    if (!this.canUndo) return false;
    const { field } = this.#states[this.#at];
    return this.#go(this.#at - 1, field);
  }

  redo() {
    if (!this.canRedo) return false;
    return this.#go(this.#at + 1, this.#states[this.#at + 1].field);
  }

  #go(at, field) {
    this.#at = at;
    this.#lastField = null;
    writeSheet(this.#form, this.#states[at].sheet);
    const target = field && this.#form.elements.namedItem(field);
    if (target instanceof HTMLElement) target.focus();
    this.#onMove();
    return true;
  }
}
