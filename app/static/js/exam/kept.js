/**
 * What this browser knows of the attempt beside its unsent rows: the answers that the server
 * has, the time that was left, the notices that were read. A page that opens without a network
 * shows it. Losing it loses no answer, so nothing waits for it and no error counts.
 */
import { allOf, result } from "./database.js";

/** @typedef {import("./types.js").ServerAnswer} ServerAnswer */

export class Kept {
  #store;
  #owner;
  /** @type {{remaining: number | null, at: number, read: number[]}} at: by the wall clock */
  #page = { remaining: null, at: 0, read: [] };

  /**
   * @param {import("./store.js").Store} store
   * @param {{user: number, attempt: number}} owner
   */
  constructor(store, owner) {
    this.#store = store;
    this.#owner = owner;
  }

  /** @returns {Promise<Map<number, ServerAnswer>>} the answers by position */
  async load() {
    const { user, attempt } = this.#owner;
    try {
      const transaction = this.#transaction("readonly");
      const [page, answers] = await Promise.all([
        result(transaction.objectStore("pages").get([user, attempt])),
        result(transaction.objectStore("answers").getAll(allOf(user, attempt))),
      ]);
      this.#page = { ...this.#page, ...page };
      return new Map(answers.map((answer) => [answer.position, answer]));
    } catch {
      return new Map();
    }
  }

  /** Milliseconds that should be left by the server's last word; null when it has said none. */
  get remaining() {
    const { remaining, at } = this.#page;
    if (remaining === null) return null;
    // A wall clock that was put back gains nothing here, and nothing at all at the server.
    return Math.max(0, remaining - Math.max(0, Date.now() - at));
  }

  /** @param {number} remaining */
  keepTime(remaining) {
    if (!Number.isFinite(remaining)) return;
    this.#page.remaining = remaining;
    this.#page.at = Date.now();
    this.#putPage();
  }

  /** @param {number} notice */
  hasRead(notice) {
    return this.#page.read.includes(notice);
  }

  /** @param {number} notice */
  markRead(notice) {
    this.#page.read.push(notice);
    this.#putPage();
  }

  /** The server has these and no others. @param {Map<number, ServerAnswer>} answers */
  replaceAnswers(answers) {
    const { user, attempt } = this.#owner;
    this.#change((transaction) => {
      transaction.objectStore("answers").delete(allOf(user, attempt));
      this.#put(transaction, answers);
    });
  }

  /** The server has these as well. @param {Map<number, ServerAnswer>} answers */
  addAnswers(answers) {
    if (answers.size) this.#change((transaction) => this.#put(transaction, answers));
  }

  /** The attempt is over. */
  forget() {
    const { user, attempt } = this.#owner;
    this.#change((transaction) => {
      transaction.objectStore("answers").delete(allOf(user, attempt));
      transaction.objectStore("pages").delete([user, attempt]);
    });
  }

  /** Whoever sat here before has left; only what they have not sent stays. */
  forgetOthers() {
    const { user, attempt } = this.#owner;
    const isOther = (key) => key[0] !== user || key[1] !== attempt;
    this.#change((transaction) => {
      for (const name of ["answers", "pages"]) {
        const store = transaction.objectStore(name);
        store.getAllKeys().onsuccess = ({ target }) => {
          for (const key of target.result.filter(isOther)) store.delete(key);
        };
      }
    });
  }

  #put(transaction, answers) {
    const store = transaction.objectStore("answers");
    for (const [position, answer] of answers) store.put({ ...answer, ...this.#owner, position });
  }

  #putPage() {
    this.#change((transaction) => {
      transaction.objectStore("pages").put({ ...this.#page, ...this.#owner });
    });
  }

  #change(task) {
    try {
      task(this.#transaction("readwrite"));
    } catch {
      // Nothing to keep it in.
    }
  }

  #transaction(mode) {
    return this.#store.database.transaction(["answers", "pages"], mode);
  }
}
