/** What else the exam's rules want to know: leaving the window, pasting. Never blocks anything. */

/** @typedef {{kind: string, at_ms: number, detail: object}} PageEvent */

const MOST = 200;

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

/** @param {EventLog} log @param {(target: Element) => number | null} positionOf */
export function watchPage(log, positionOf) {
  let leftAt = null;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leftAt = performance.now();
    else if (leftAt !== null) {
      log.add("window_left", { seconds: Math.round((performance.now() - leftAt) / 1000) });
      leftAt = null;
    }
  });
  document.addEventListener("paste", (event) => {
    const position = positionOf(event.target);
    if (position !== null) log.add("paste", { position });
  });
}
