/**
 * When to send what: soon after a change, regularly as a heartbeat, with growing pauses while it
 * fails, at once when asked. One request at a time, except for a closing page.
 */
import { post } from "./api.js";

const QUIET_MS = 800; // after the last change …
const LATEST_MS = 1800; // … but at most this long after the first unsent one (2 s are promised)
const HEARTBEAT_MS = 14_000; // 15 s are promised
const SIGNED_OUT_MS = 5000;
const LONGEST_PAUSE_MS = 30_000;
const BATCH = 50;
/** Browsers refuse keepalive bodies above 64 KiB in total. */
const KEEPALIVE_BYTES = 60_000;

/** 1, 2, 4 … 30 s. @param {number} failures */
export const pauseAfter = (failures) => Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE_MS);

/** @typedef {"fine" | "offline" | "server" | "signed-out" | "stranger"} Trouble */

export class Sync {
  /** @type {Trouble} */
  trouble = "fine";
  #url;
  #queue;
  #events;
  #seenNotice;
  #onReceipts;
  #onResponse;
  #onChange;
  #busy = false;
  #stopped = false;
  #timer = 0;
  #failures = 0;
  #retryAt = 0;
  /** Rows of earlier tokens have their own pauses, so that they never hold up today's answers. */
  #earlierFailures = 0;
  #earlierRetryAt = 0;
  #firstChangeAt = Infinity;
  #lastChangeAt = 0;
  #lastRequestAt = 0;
  #urgent = false;
  /** @type {(() => void)[]} */
  #idleWaiters = [];

  /**
   * @param {object} parts
   * @param {string} parts.url
   * @param {import("./queue.js").Queue} parts.queue
   * @param {import("./events.js").EventLog} parts.events
   * @param {() => number} parts.seenNotice the last notice that the page has
   * @param {(rows: import("./types.js").Row[], receipts: import("./types.js").Receipt[]) => void}
   *   parts.onReceipts before the rows leave the queue
   * @param {(body: import("./types.js").SaveResponse, token: string,
   *   outcome: {sentAt: number, receivedAt: number}) => void} parts.onResponse
   * @param {() => void} parts.onChange after everything that the page may want to show
   */
  constructor({ url, queue, events, seenNotice, onReceipts, onResponse, onChange }) {
    this.#url = url;
    this.#queue = queue;
    this.#events = events;
    this.#seenNotice = seenNotice;
    this.#onReceipts = onReceipts;
    this.#onResponse = onResponse;
    this.#onChange = onChange;
  }

  /** The queue has a new row. */
  changed() {
    this.#lastChangeAt = performance.now();
    this.#firstChangeAt = Math.min(this.#firstChangeAt, this.#lastChangeAt);
    this.#plan();
  }

  /** Send now whatever there is, were it only a heartbeat, and forget the pauses. */
  now() {
    this.#urgent = true;
    this.#retryAt = this.#earlierRetryAt = 0;
    this.#plan();
  }

  /** Do what is due, where the browser lets the page's own timers sleep. */
  beat() {
    if (this.#isIdle() && performance.now() >= this.#nextAt(performance.now())) this.#send();
  }

  /** As `now`, but only if something went wrong before. */
  retryNow() {
    if (this.trouble !== "fine") this.now();
  }

  /**
   * Run something that must not overlap with a request.
   * @template T @param {() => Promise<T>} task @returns {Promise<T>}
   */
  async exclusively(task) {
    while (this.#busy) await new Promise((resolve) => this.#idleWaiters.push(resolve));
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      return await task();
    } finally {
      this.#setIdle();
      this.#plan();
    }
  }

  /**
   * Send until nothing is left.
   * @param {number} patience in ms
   * @returns {Promise<boolean>} whether it worked in time
   */
  async flush(patience) {
    const until = performance.now() + patience;
    this.now();
    while (!this.#isDrained() && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (!this.#busy && this.trouble === "fine") this.now();
    }
    return this.#isDrained();
  }

  /** Rows of earlier tokens that the server would not take just now do not count. */
  #isDrained() {
    const isEarlierDone = !this.#queue.hasEarlier() || this.#earlierFailures > 0;
    const isAllSent = !this.#queue.unsentPositions().size && this.#events.isEmpty;
    return this.#queue.isClaimed && isAllSent && isEarlierDone;
  }

  /** The page may be closing: one request that outlives it, beside the one under way. */
  farewell() {
    const rows = fitting(this.#queue.peekCurrent());
    if (!rows.length || this.#stopped) return;
    this.#queue.markSent(rows);
    const { token } = this.#queue;
    const body = this.#bodyOf(this.#queue, rows, []);
    post(this.#url, body, { keepalive: true }).then((outcome) => {
      if (outcome.kind !== "ok") return;
      this.#settle(rows, outcome.body.receipts);
      this.#onResponse(outcome.body, token, outcome);
      this.#onChange();
    });
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Set the one timer to the earliest reason for a request. */
  #plan() {
    clearTimeout(this.#timer);
    if (!this.#isIdle()) return;
    const now = performance.now();
    this.#timer = setTimeout(() => this.#send(), Math.max(0, this.#nextAt(now) - now));
  }

  /** Whether a request may begin; a closed attempt gets none that brings nothing. */
  #isIdle() {
    if (this.#busy || this.#stopped || !this.#queue.maySend) return false;
    return this.#queue.isClaimed || this.#queue.hasEarlier();
  }

  #nextAt(now) {
    if (this.#urgent) return now;
    if (this.trouble !== "fine") return this.#retryAt;
    if (this.#queue.isClosed) return this.#earlierRetryAt;
    let at = this.#lastRequestAt + HEARTBEAT_MS;
    if (this.#queue.hasCurrent()) {
      const first = Math.min(this.#firstChangeAt, now);
      at = Math.min(at, this.#lastChangeAt + QUIET_MS, first + LATEST_MS);
    }
    if (this.#queue.hasEarlier()) at = Math.min(at, Math.max(this.#earlierRetryAt, now));
    return at;
  }

  async #send() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const which = this.#isEarliersTurn(now) ? "earlier" : "current";
    this.#urgent = false;
    this.#busy = true;
    this.#firstChangeAt = Infinity;
    this.#lastRequestAt = now;

    const batch = this.#queue.takeBatch(which, BATCH);
    const { token, epoch } = batch[0] ?? this.#queue;
    const events = which === "current" ? this.#events.take(batch.length > 0) : [];
    const outcome = await post(this.#url, this.#bodyOf({ token, epoch }, batch, events));

    this.#setIdle();
    this.#digest(which, token, batch, events, outcome);
    this.#onChange();
    this.#plan();
  }

  /** Today's answers go first. */
  #isEarliersTurn(now) {
    if (this.#queue.isClosed) return true;
    return this.#queue.hasEarlier() && !this.#queue.hasCurrent() && now >= this.#earlierRetryAt;
  }

  #digest(which, token, batch, events, outcome) {
    const wasRefused = outcome.kind === "refused";
    if (outcome.kind !== "ok") this.#events.putBack(events, wasRefused, batch.length > 0);
    if (outcome.kind === "refused" && batch.length) {
      const mayBeAnother = batch.length > 1 || events.length > 0;
      if (mayBeAnother) this.#queue.sendAlone(batch);
      else {
        this.#queue.refuse(batch[0], outcome.message);
        this.#queue.markOffered(batch);
      }
      this.#succeed(which);
      this.#urgent ||= this.#queue.hasCurrent();
      return;
    }
    if (outcome.kind !== "ok") {
      const isAnswered = ["refused", "conflict", "server"].includes(outcome.kind);
      if (isAnswered && outcome.status < 500) this.#queue.markOffered(batch);
      this.#fail(which, isAnswered ? "server" : outcome.kind);
      return;
    }
    if (this.#settle(batch, outcome.body.receipts ?? [])) this.#succeed(which);
    else this.#fail(which, "server");
    // What was changed or left over meanwhile is already overdue.
    this.#urgent ||= batch.length === BATCH && this.trouble === "fine";
    this.#onResponse(outcome.body, token, outcome);
  }

  /** @returns {boolean} whether every row has its receipt */
  #settle(rows, receipts) {
    this.#onReceipts(rows, receipts);
    return this.#queue.settle(rows, receipts);
  }

  #succeed(which) {
    if (which === "earlier") this.#earlierFailures = this.#earlierRetryAt = 0;
    this.#failures = 0;
    this.trouble = "fine";
  }

  /** @param {Trouble} trouble */
  #fail(which, trouble) {
    const now = performance.now();
    if (which === "earlier" && trouble === "server") {
      this.#earlierRetryAt = now + pauseAfter(++this.#earlierFailures);
      return;
    }
    this.#failures += 1;
    this.trouble = trouble;
    const isAway = trouble === "signed-out" || trouble === "stranger";
    this.#retryAt = now + (isAway ? SIGNED_OUT_MS : pauseAfter(this.#failures));
  }

  #setIdle() {
    this.#busy = false;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #bodyOf({ token, epoch }, rows, events) {
    const saves = rows.map(({ position, seq, answer, flagged, spent_ms }) => ({
      position, seq, answer, flagged, spent_ms,
    }));
    return { token, epoch, saves, events, seen_notice: this.#seenNotice() };
  }
}

/** As many rows as a keepalive request may carry. */
function fitting(rows) {
  const encoder = new TextEncoder();
  let bytes = 500;
  const fits = rows.filter((row) => {
    const size = encoder.encode(JSON.stringify(row)).length;
    if (bytes + size > KEEPALIVE_BYTES) return false;
    bytes += size;
    return true;
  });
  return fits.slice(0, BATCH);
}
