/**
 * The remaining time: the server's, carried on by performance.now(), which a changed client
 * clock does not touch.
 */

const TICK_MS = 250;
/** When the candidate is told, in minutes before the end. */
const MARKS = [30, 5, 1];
const MINUTE_MS = 60_000;
const LOW_MS = 5 * MINUTE_MS;

export class Timer {
  #place;
  #onMark;
  #onZero;
  #endsAt;
  #previous = Infinity;
  #isOver = false;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.place
   * @param {number} parts.remaining in ms, by the best that is known now
   * @param {(minutes: number) => void} parts.onMark 30, 5 and 1 minutes before the end; or
   *   what is left then, when the time has jumped over one of these
   * @param {() => void} parts.onZero
   */
  constructor({ place, remaining, onMark, onZero }) {
    this.#place = place;
    this.#onMark = onMark;
    this.#onZero = onZero;
    this.#endsAt = performance.now() + remaining;
  }

  start() {
    this.#previous = this.remaining;
    setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  get remaining() {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** The server read its clock somewhere between our request and its answer. */
  sync(remaining, { sentAt, receivedAt }) {
    if (!Number.isFinite(remaining)) return;
    this.#endsAt = (sentAt + receivedAt) / 2 + remaining;
    if (this.remaining > 0) this.#isOver = false;
    this.tick();
  }

  /** Show the time, and tell what has come since the last time. */
  tick() {
    const { remaining } = this;
    const shown = clock(remaining);
    if (this.#place.textContent !== shown) this.#place.textContent = shown;
    this.#place.parentElement.dataset.left = remaining <= LOW_MS ? "low" : "enough";
    const hasPassed = (mark) => this.#previous > mark * MINUTE_MS && remaining <= mark * MINUTE_MS;
    const isTold = remaining > 0 && MARKS.some(hasPassed);
    this.#previous = remaining;
    if (isTold) this.#onMark(Math.ceil(remaining / MINUTE_MS));
    if (remaining === 0 && !this.#isOver) {
      this.#isOver = true;
      this.#onZero();
    }
  }
}

/** How long ago the server wrote the page that is open. @returns {number} ms */
export function sincePageWasSent() {
  const [navigation] = performance.getEntriesByType("navigation");
  return performance.now() - (navigation?.responseStart ?? 0);
}

/** mm:ss, or h:mm:ss from one hour on. @param {number} ms */
export function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
