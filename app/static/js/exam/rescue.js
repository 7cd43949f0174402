/**
 * The line under the header that comes when answers have not reached the server for a while: what
 * to do now, and the answer file.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

const PATIENCE_MS = 20_000;

export class Rescue {
  #place = document.getElementById("rescue");
  #isPossible;
  #troubleSince = null;

  /** @param {boolean} isPossible whether there can be an answer file */
  constructor(isPossible) {
    this.#isPossible = isPossible;
  }

  /**
   * @param {object} state
   * @param {boolean} state.isTrouble nothing gets through
   * @param {number} state.unsent answers that have no receipt
   * @param {boolean} state.isTimeUp
   */
  update({ isTrouble, unsent, isTimeUp }) {
    const now = performance.now();
    this.#troubleSince = isTrouble ? (this.#troubleSince ?? now) : null;
    const isLong = isTrouble && now - this.#troubleSince >= PATIENCE_MS;
    const isNeeded = unsent > 0 && isTrouble && (isLong || isTimeUp);
    if (isNeeded) this.#say(isTimeUp);
    this.#place.hidden = !isNeeded;
  }

  #say(isTimeUp) {
    const name = isTimeUp ? "rescue-time-up" : "rescue";
    const words = text(this.#isPossible ? name : `${name}-without-file`);
    const line = this.#place.querySelector("[data-rescue-text]");
    if (line.textContent === words && !this.#place.hidden) return;
    line.textContent = words;
    announce(words);
  }
}
