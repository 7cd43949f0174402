/** What the server does not have yet, kept in this browser for its author alone. */

export class LocalCopy {
  #main;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#main = main;
  }

  /** A new question has a name of its own once it is saved. */
  get #key() {
    const { user, question, draft } = this.#main.dataset;
    return `qijue-editor-${user}-${question || draft}`;
  }

  /** @returns {{seq: number, sheet: [string, string][], version: number} | null} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key));
    } catch {
      return null;
    }
  }

  /** @returns {boolean} whether there was room for it */
  keep(seq, sheet, version) {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ seq, sheet, version }));
      return true;
    } catch {
      return false;
    }
  }

  /** The server has everything up to this one. */
  forget(seq) {
    const kept = this.read();
    if (kept && kept.seq > seq) return;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // This browser keeps nothing anyway.
    }
  }
}
