/** How long each question was the current one while the page was visible, since its last save. */
export class SpentTime {
  #current = null;
  #since = null;
  /** @type {Map<number, number>} */
  #totals = new Map();

  constructor() {
    document.addEventListener("visibilitychange", () => this.#restart());
  }

  /** @param {number} position */
  setCurrent(position) {
    this.#stop();
    this.#current = position;
    this.#restart();
  }

  /** The milliseconds so far; the count of this question starts again. @param {number} position */
  take(position) {
    this.#restart();
    const total = Math.round(this.#totals.get(position) ?? 0);
    this.#totals.delete(position);
    return total;
  }

  #restart() {
    this.#stop();
    if (this.#current !== null && document.visibilityState === "visible") {
      this.#since = performance.now();
    }
  }

  #stop() {
    if (this.#since === null) return;
    const total = this.#totals.get(this.#current) ?? 0;
    this.#totals.set(this.#current, total + performance.now() - this.#since);
    this.#since = null;
  }
}
