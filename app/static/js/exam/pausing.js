/**
 * A pause, as soon as the page hears of it: the questions disappear, what was answered before is
 * sent, and the server's page takes over, which waits for the end.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

/** What arrives within ten seconds of the pause counts as made before it. */
const FLUSH_MS = 8000;
const ASK_EVERY_MS = 2000;

export class Pausing {
  hasBegun = false;
  #main;
  #copy;
  #deliver;
  #onLeave;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.main
   * @param {import("./copy.js").Copy} parts.copy
   * @param {(patience: number) => Promise<boolean>} parts.deliver
   * @param {() => void} parts.onLeave just before the page goes
   */
  constructor({ main, copy, deliver, onLeave }) {
    this.#main = main;
    this.#copy = copy;
    this.#deliver = deliver;
    this.#onLeave = onLeave;
  }

  /** @param {boolean} isClaimed without a claim there is nothing that could be sent */
  async begin(isClaimed) {
    if (this.hasBegun) return;
    this.hasBegun = true;
    hideQuestions();
    announce(text("paused"));
    const removed = this.#copy.remove();
    if (isClaimed) await this.#deliver(FLUSH_MS);
    await removed;
    await this.#untilServerAnswers();
    this.#onLeave();
    location.replace(this.#main.dataset.pageUrl);
  }

  /** Without a network the browser would show its own error page instead of ours. */
  async #untilServerAnswers() {
    for (;;) {
      try {
        const response = await fetch(this.#main.dataset.stateUrl, {
          headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
        });
        if (response.status < 500) return;
      } catch {
        // Ask again.
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  }
}

function hideQuestions() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.querySelector(".exam-body").hidden = true;
  document.getElementById("pause-curtain").hidden = false;
}
