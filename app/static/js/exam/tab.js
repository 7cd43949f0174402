/** Which tab is the writing one: claiming it, losing it to another tab, taking it back. */
import { post } from "./api.js";
import { renewCsrf } from "./csrf.js";
import { pauseAfter } from "./sync.js";

const SIGNED_OUT_MS = 5000;
const PAUSED = "attempt-paused";

/** @typedef {import("./types.js").Claim} Claim */

export class Tab {
  /** @type {import("./sync.js").Trouble} */
  trouble = "fine";
  /** Why the server does not let this page in, as a sentence. */
  message = "";
  isReadOnly = false;
  #main;
  #sync;
  #queue;
  #onClaim;
  #onChange;
  #onPaused;
  #onOver;
  #channel;
  #isClaiming = false;
  /** Ends the pause between two tries. */
  #endPause = () => {};

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.main
   * @param {import("./sync.js").Sync} parts.sync
   * @param {import("./queue.js").Queue} parts.queue
   * @param {(claim: Claim, outcome: object) => Promise<void>} parts.onClaim
   * @param {() => void} parts.onChange
   * @param {() => void} parts.onPaused the clock stands still: nobody may claim it now
   * @param {() => void} parts.onOver the attempt is closed: nobody may claim it any more
   */
  constructor({ main, sync, queue, onClaim, onChange, onPaused, onOver }) {
    this.#main = main;
    this.#sync = sync;
    this.#queue = queue;
    this.#onClaim = onClaim;
    this.#onChange = onChange;
    this.#onPaused = onPaused;
    this.#onOver = onOver;
    if ("BroadcastChannel" in window) {
      this.#channel = new BroadcastChannel(`qijue-attempt-${main.dataset.attempt}`);
      this.#channel.onmessage = ({ data }) => {
        if (data.epoch > this.#queue.epoch || !this.#queue.isClaimed) this.loseTo();
      };
    }
  }

  /** Try until this is the writing tab, or another one became it meanwhile. */
  async claim() {
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    this.isReadOnly = false;
    for (let failures = 1; !this.isReadOnly; failures++) {
      const isDone = await this.#sync.exclusively(() => this.#tryClaim());
      this.#onChange();
      if (isDone) break;
      const isAway = this.trouble === "signed-out" || this.trouble === "stranger";
      await this.#pause(isAway ? SIGNED_OUT_MS : pauseAfter(failures));
    }
    this.#isClaiming = false;
  }

  /** The network or the session may be back: do not wait any longer. */
  retryNow() {
    this.#endPause();
  }

  /** Another tab writes now. */
  loseTo() {
    if (this.isReadOnly) return;
    this.isReadOnly = true;
    this.trouble = "fine";
    this.#endPause();
    this.#onChange();
  }

  /** @returns {Promise<boolean>} whether there is nothing more to try */
  async #tryClaim() {
    const { claimUrl } = this.#main.dataset;
    const ask = () => post(claimUrl, {}, { csrf: this.#main.dataset.csrf });
    let outcome = await ask();
    if (outcome.kind === "refused" || (outcome.kind === "server" && outcome.status === 403)) {
      await renewCsrf(this.#main);
      outcome = await ask();
    }
    if (outcome.kind === "conflict") {
      if (outcome.code === PAUSED) this.#onPaused();
      else this.#onOver();
      return true;
    }
    if (outcome.kind !== "ok" || typeof outcome.body.epoch !== "number") {
      const isAway = ["offline", "signed-out", "stranger"].includes(outcome.kind);
      this.trouble = isAway ? outcome.kind : "server";
      this.message = outcome.status < 500 ? outcome.message : "";
      return false;
    }
    this.trouble = "fine";
    this.message = "";
    await this.#onClaim(outcome.body, outcome);
    this.#channel?.postMessage({ epoch: outcome.body.epoch });
    return true;
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
