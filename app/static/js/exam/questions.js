/** The questions on the page: what stands in them, what the candidate changes, freezing them. */
import * as widgets from "../widgets.js";
import { attachFlag, isFlagged, setFlagged } from "./flags.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {{answer: Answer, flagged: boolean}} State */

/** As the server sends a question. What was typed before this script came is a change to it. */
const UNTOUCHED = JSON.stringify({ answer: null, flagged: false });

export class Questions {
  /** @type {HTMLElement[]} */
  sections;
  isFrozen = false;
  #onChange;
  #onShow;
  /** What was last recorded or written of each question, as JSON. @type {Map<number, string>} */
  #known = new Map();
  /** Questions whose answer at the server this page has not seen yet. @type {Set<number>} */
  #blind = new Set();

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.main
   * @param {(position: number, state: State & {blind: boolean}) => void} parts.onChange
   *   the candidate changed something
   * @param {(position: number, isAnswered: boolean, isFlagged: boolean) => void} parts.onShow
   */
  constructor({ main, onChange, onShow }) {
    this.sections = [...main.querySelectorAll("[data-position]")];
    this.#onChange = onChange;
    this.#onShow = onShow;
    for (const section of this.sections) {
      this.#known.set(positionOf(section), UNTOUCHED);
      this.#blind.add(positionOf(section));
    }
  }

  /** Begin to listen; what was typed before counts as well. */
  attach() {
    for (const section of this.sections) {
      // Or the browser fills in, after a reload, what stood there before the claim.
      const fields = section.querySelectorAll("input, textarea, select");
      for (const field of fields) field.autocomplete = "off";
      const onChange = () => this.#record(section);
      widgets.attach(section, onChange);
      attachFlag(section, onChange);
      section.querySelector("[data-clear]")?.addEventListener("click", () => {
        widgets.clear(section);
        onChange();
      });
      onChange();
    }
  }

  /** @param {number} position */
  at(position) {
    return this.sections.find((section) => positionOf(section) === position);
  }

  /** For counting. @returns {{position: number, isAnswered: boolean, isFlagged: boolean}[]} */
  summary() {
    return this.sections.map((section) => ({
      position: positionOf(section),
      isAnswered: widgets.read(section) !== null,
      isFlagged: isFlagged(section),
    }));
  }

  /** Show a state that does not come from the candidate's hand. @param {State} state */
  show(position, { answer, flagged }) {
    const section = this.at(position);
    if (!section) return;
    widgets.write(section, answer);
    setFlagged(section, flagged);
    this.#known.set(position, JSON.stringify(stateOf(section)));
    this.#blind.delete(position);
    this.#onShow(position, answer !== null, flagged);
  }

  /** Show what the server has, the untouched question where it has nothing. */
  showAll(states) {
    for (const section of this.sections) {
      const position = positionOf(section);
      this.show(position, states.get(position) ?? { answer: null, flagged: false });
    }
  }

  /** @param {number} position @param {Answer} mine @param {Answer} theirs @returns {Answer} */
  merge(position, mine, theirs) {
    const section = this.at(position);
    return section ? widgets.merge(section, mine, theirs) : mine;
  }

  /** @param {boolean} frozen */
  freeze(frozen) {
    this.isFrozen = frozen;
    for (const section of this.sections) widgets.setFrozen(section, frozen);
  }

  #record(section) {
    const position = positionOf(section);
    const state = stateOf(section);
    const json = JSON.stringify(state);
    // One change may be reported twice, by `input` and by `change`.
    if (this.isFrozen || this.#known.get(position) === json) return;
    this.#known.set(position, json);
    this.#onShow(position, state.answer !== null, state.flagged);
    this.#onChange(position, { ...state, blind: this.#blind.has(position) });
  }
}

/** @param {Element | null} section @returns {number | null} */
export function positionOf(section) {
  return section ? Number(section.dataset.position) : null;
}

const stateOf = (section) => ({ answer: widgets.read(section), flagged: isFlagged(section) });
