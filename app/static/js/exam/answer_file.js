/** The way out when the network never returns: everything unsent, as a file for the proctor. */
import { encrypt } from "./jwe.js";

const FORMAT = "qijue-answers/1";
const KIND = "application/octet-stream";

export class AnswerFile {
  #owner;
  #key;
  #store;
  #queue;

  /**
   * @param {object} parts
   * @param {{user: number, attempt: number}} parts.owner
   * @param {string | undefined} parts.key the server's public key as JSON
   * @param {import("./store.js").Store} parts.store
   * @param {import("./queue.js").Queue} parts.queue
   */
  constructor({ owner, key, store, queue }) {
    this.#owner = owner;
    this.#key = key;
    this.#store = store;
    this.#queue = queue;
  }

  /** Browsers encrypt only on pages that came encrypted themselves, or from this machine. */
  get isPossible() {
    return Boolean(this.#key && window.crypto?.subtle);
  }

  /** Every button that asks for the file; whatever else it says is up to the page. */
  attach() {
    for (const button of document.querySelectorAll("[data-answer-file]")) {
      button.hidden = !this.isPossible;
      button.addEventListener("click", () => this.#download());
    }
  }

  async #download() {
    const { user, attempt } = this.#owner;
    const rows = (await this.#rows()).map(
      ({ token, epoch, position, seq, answer, flagged, spent_ms }) =>
        ({ token, epoch, position, seq, answer, flagged, spent_ms }),
    );
    const made = { format: FORMAT, attempt, user, made_at: new Date().toISOString(), rows };
    const sealed = await encrypt(JSON.stringify(made), JSON.parse(this.#key));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([sealed], { type: KIND }));
    link.download = `qijue-${attempt}-${user}.qijue`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** Everything unsent, what other tabs and earlier pages left in the store included. */
  async #rows() {
    await this.#store.settled();
    const rows = [...(await this.#store.load()), ...this.#queue.unsentRows()];
    return [...new Map(rows.map((row) => [`${row.epoch}:${row.seq}`, row])).values()];
  }
}
