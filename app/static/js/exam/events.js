/** What else the exam's rules want to know: leaving the window, pasting. Never blocks anything. */

/** @typedef {{kind: string, at_ms: number, detail: object}} PageEvent */

const MOST = 200;
const SHORTEST_ABSENCE_MS = 1000;

export class EventLog {
  /** @type {PageEvent[]} */
  #events = [];
  /** A request with events was refused: they travel alone, so that no answer suffers. */
  #isSuspect = false;

  /** @param {string} kind @param {object} detail */
  add(kind, detail) {
    if (this.#events.length < MOST) {
      this.#events.push({ kind, at_ms: Math.round(performance.now()), detail });
    }
  }

  get isEmpty() {
    return !this.#events.length;
  }

  /** @param {boolean} withSaves @returns {PageEvent[]} the events for the next request */
  take(withSaves) {
    if (this.#isSuspect && withSaves) return [];
    return this.#events.splice(0);
  }

  /** The request did not work. */
  putBack(events, wasRefused, hadSaves) {
    if (!events.length) return;
    // Refused all by themselves: the fault is theirs, and no answer is lost with them.
    if (wasRefused && !hadSaves) return;
    if (wasRefused) this.#isSuspect = true;
    this.#events.unshift(...events);
  }
}

/**
 * @param {EventLog} log
 * @param {(target: Element) => number | null} positionOf
 * @returns {() => void} note what is still going on, because the exam is being left
 */
export function watchPage(log, positionOf) {
  const away = new Absence((seconds) => log.add("window_left", { seconds }));
  const small = new Absence((seconds) => log.add("fullscreen_left", { seconds }));
  const look = () => away.set(document.visibilityState === "hidden" || !document.hasFocus());
  document.addEventListener("visibilitychange", look);
  window.addEventListener("blur", look);
  window.addEventListener("focus", look);

  // By F11 or by a kiosk, of which the Fullscreen API knows nothing; never asked for, only noted.
  const fullscreen = matchMedia("(display-mode: fullscreen)");
  fullscreen.addEventListener("change", () => small.set(!fullscreen.matches));

  document.addEventListener("paste", (event) => {
    const position = positionOf(event.target);
    if (position !== null) log.add("paste", { position });
  });
  return () => {
    away.set(false);
    small.set(false);
  };
}

/** One state that begins and ends, noted at its end with its seconds. */
class Absence {
  #since = null;
  #onEnd;

  /** @param {(seconds: number) => void} onEnd */
  constructor(onEnd) {
    this.#onEnd = onEnd;
  }

  /** @param {boolean} isAway */
  set(isAway) {
    if (isAway) {
      this.#since ??= performance.now();
      return;
    }
    if (this.#since === null) return;
    const lasted = performance.now() - this.#since;
    this.#since = null;
    // A window that blinks is no departure.
    if (lasted >= SHORTEST_ABSENCE_MS) this.#onEnd(Math.round(lasted / 1000));
  }
}
