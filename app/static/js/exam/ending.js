/**
 * The end that the candidate does not choose: time is up, or the server says that the attempt is
 * over. The page leaves once every unsent row was put before the server; where the server would
 * not take one, the candidate is told first.
 */

/** Less than this is the difference between two clocks, not time that was added. */
const CLOCK_DIFFERENCE_MS = 1500;
/** Between two questions whether the server has closed the attempt. */
const GRACE_STEP_MS = 2000;

export class Ending {
  /** @type {null | "time-up" | "over"} */
  reason = null;
  #isDone = false;
  #sync;
  #queue;
  #leave;
  #onStuck;
  #onChange;

  /**
   * @param {object} parts
   * @param {import("./sync.js").Sync} parts.sync
   * @param {import("./queue.js").Queue} parts.queue
   * @param {() => void} parts.leave
   * @param {() => void} parts.onStuck some rows can never be sent
   * @param {() => void} parts.onChange
   */
  constructor({ sync, queue, leave, onStuck, onChange }) {
    this.#sync = sync;
    this.#queue = queue;
    this.#leave = leave;
    this.#onStuck = onStuck;
    this.#onChange = onChange;
  }

  timeUp() {
    if (this.reason) return;
    this.reason = "time-up";
    this.#onChange();
    this.#sync.now();
  }

  /** Every answer of the server. @param {string} attempt @param {number} remaining */
  hear(attempt, remaining) {
    if (attempt !== "in_progress") this.over();
    else if (this.reason === "time-up") {
      if (remaining > CLOCK_DIFFERENCE_MS) this.#goOn();
      else if (remaining > 0) setTimeout(() => this.#sync.now(), remaining + 100);
      // Its grace is left for what still travels, perhaps from another tab: ask until it is over.
      else setTimeout(() => this.#sync.now(), GRACE_STEP_MS);
    }
  }

  /** The server has nothing more to wait for: offer what is left, then go. */
  over() {
    if (this.reason !== "over") {
      this.reason = "over";
      this.#onChange();
    }
    if (this.#queue.isAllOffered()) this.check();
    else this.#sync.now();
  }

  /** After every request: whether there is nothing left to wait for. */
  check() {
    if (this.reason !== "over" || this.#isDone || !this.#queue.isAllOffered()) return;
    this.#isDone = true;
    this.#sync.stop();
    if (this.#queue.unsentRows().length) this.#onStuck();
    else this.#leave();
  }

  /** The proctor added time at the last moment. */
  #goOn() {
    this.reason = null;
    this.#onChange();
  }
}
