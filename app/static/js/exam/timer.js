/**
 * The remaining time: the server's, carried on by performance.now(), which a changed client
 * clock does not touch.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

const TICK_MS = 250;
const ANNOUNCED_MINUTES = [30, 5, 1];

export class Timer {
  #place;
  #onZero;
  #endsAt;
  #previous = Infinity;
  #isOver = false;

  /**
   * @param {HTMLElement} place
   * @param {number} remaining in ms, as the server said when it sent the page
   * @param {() => void} onZero
   */
  constructor(place, remaining, onZero) {
    this.#place = place;
    this.#onZero = onZero;
    const [navigation] = performance.getEntriesByType("navigation");
    this.#endsAt = (navigation?.responseStart ?? 0) + remaining;
  }

  start() {
    this.#previous = this.remaining;
    setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  get remaining() {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** The server read its clock somewhere between our request and its answer. */
  sync(remaining, { sentAt, receivedAt }) {
    if (!Number.isFinite(remaining)) return;
    this.#endsAt = (sentAt + receivedAt) / 2 + remaining;
    if (this.remaining > 0) this.#isOver = false;
    this.#tick();
  }

  #tick() {
    const { remaining } = this;
    const shown = clock(remaining);
    if (this.#place.textContent !== shown) this.#place.textContent = shown;
    for (const minutes of ANNOUNCED_MINUTES) {
      const mark = minutes * 60_000;
      if (this.#previous > mark && remaining <= mark) announce(text(`left-${minutes}`));
    }
    this.#previous = remaining;
    if (remaining === 0 && !this.#isOver) {
      this.#isOver = true;
      this.#onZero();
    }
  }
}

/** mm:ss, or h:mm:ss from one hour on. @param {number} ms */
function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
