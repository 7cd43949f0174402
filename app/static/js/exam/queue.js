/**
 * The changes without a receipt: numbered, merged, handed out in batches, removed on receipt.
 * Works in memory, so that a closing page can still send at once; every step is written to the
 * store as well. Knows neither the page nor the network.
 */

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Answer} Answer */

/** The epoch of changes made before any tab of this browser had a token. */
const UNCLAIMED = 0;

const keyOf = (row) => `${row.epoch}:${row.seq}`;
/** In the order they were made; the unclaimed ones belong to the page that is open now. */
const byAge = (a, b) => ageOf(a) - ageOf(b) || a.seq - b.seq;
const ageOf = (row) => (row.epoch === UNCLAIMED ? Number.MAX_SAFE_INTEGER : row.epoch);

export class Queue {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** May be at the server, so must not change. @type {Set<Row>} */
  #sent = new Set();
  /** Was in a batch that got an answer, receipt or not. @type {Set<Row>} */
  #offered = new Set();
  /** Goes alone, because a batch with it was refused. @type {Set<Row>} */
  #alone = new Set();
  #store;
  #owner;
  #session = { token: null, epoch: UNCLAIMED, nextSeq: 1 };
  /** Whether this page has claimed the attempt; nothing is sent before. */
  isClaimed = false;
  /** The attempt was over before this page could claim it: there is only the past to send. */
  isClosed = false;

  /**
   * @param {import("./store.js").Store} store
   * @param {{user: number, attempt: number}} owner
   */
  constructor(store, owner) {
    this.#store = store;
    this.#owner = owner;
  }

  get epoch() {
    return this.#session.epoch;
  }

  get token() {
    return this.#session.token;
  }

  /**
   * Number changes under a token of an earlier page until the claim works.
   * @param {{token: string | null, epoch: number, nextSeq: number}} session
   * @param {Row[]} stored what earlier pages left in the store
   */
  startUnclaimed(session, stored) {
    this.#session = session;
    this.#remember(stored);
  }

  /** Nobody may claim any more: whatever has a token is offered under it. @param {Row[]} stored */
  close(stored) {
    this.#session = { token: null, epoch: UNCLAIMED, nextSeq: 1 };
    this.isClosed = true;
    this.#remember(stored);
  }

  /** Whether there is anybody to send something for. */
  get maySend() {
    return this.isClaimed || this.isClosed;
  }

  /**
   * A change by the candidate.
   * @param {number} position
   * @param {{answer: Answer, flagged: boolean, spent_ms: number, blind: boolean}} change
   */
  record(position, change) {
    const row = {
      ...this.#owner, ...this.#nextKey(), position, ...change, refused: null,
    };
    const replaced = this.#ofSession().filter(
      (old) => old.position === position && (!this.#sent.has(old) || old.refused !== null),
    );
    for (const old of replaced) {
      row.spent_ms += old.spent_ms;
      row.blind ||= old.blind;
      this.#forget(old);
    }
    this.#rows.set(keyOf(row), row);
    this.#store.write({ put: [row], remove: replaced });
  }

  /**
   * The next rows to send, all of one token; older versions of a position are dropped here.
   * @param {"current" | "earlier"} which
   * @param {number} limit
   * @returns {Row[]}
   */
  takeBatch(which, limit) {
    if (!this.maySend) return [];
    if (which === "current" && this.isClaimed) this.#coalesce();
    const [first, ...others] = which === "current" ? this.#sendable() : this.#earlier();
    if (!first) return [];
    const batch = this.#alone.has(first)
      ? [first]
      : [first, ...others.filter((row) => row.token === first.token && !this.#alone.has(row))];
    return this.#markSent(batch.slice(0, limit));
  }

  /** What a closing page should send once more, newest first, whatever is under way. */
  peekCurrent() {
    return this.#sendable().filter((row) => !this.#alone.has(row)).reverse();
  }

  /** @param {Row[]} rows */
  markSent(rows) {
    this.#markSent(rows);
  }

  /**
   * @param {Row[]} batch
   * @param {import("./types.js").Receipt[]} receipts
   * @returns {boolean} whether every row of the batch has its receipt
   */
  settle(batch, receipts) {
    const has = (row) =>
      receipts.some((receipt) => receipt.position === row.position && receipt.seq === row.seq);
    const done = batch.filter(has);
    for (const row of done) this.#forget(row);
    this.#store.write({ remove: done });
    this.markOffered(batch);
    return done.length === batch.length;
  }

  /** @param {Row[]} batch */
  markOffered(batch) {
    for (const row of batch) this.#offered.add(row);
  }

  /** One of these is at fault: send each by itself. @param {Row[]} batch */
  sendAlone(batch) {
    for (const row of batch) this.#alone.add(row);
  }

  /** The server will never take this row; it stays in the browser. @param {Row} row */
  refuse(row, message) {
    if (!this.#rows.has(keyOf(row))) return;
    const isReplaced = this.#ofSession().some(
      ({ position, token, seq }) =>
        position === row.position && token === row.token && seq > row.seq,
    );
    if (isReplaced) {
      this.#forget(row);
      this.#store.write({ remove: [row] });
    } else {
      row.refused = message;
      this.#store.write({ put: [row] });
    }
  }

  /** @returns {Set<number>} where something has no receipt, of whatever tab */
  openPositions() {
    return new Set(this.unsentRows().map((row) => row.position));
  }

  /** Positions whose newest change the server has not got; refused ones are not among them. */
  unsentPositions() {
    return new Set(this.#current().map((row) => row.position));
  }

  /** @returns {Row[]} the refused rows that the candidate can still mend */
  refusedRows() {
    return this.isClaimed ? this.#ofSession().filter((row) => row.refused !== null) : [];
  }

  hasEarlier() {
    return this.#earlier().length > 0;
  }

  hasCurrent() {
    return this.#sendable().length > 0;
  }

  /** Whether each row was put before the server once, or cannot be. */
  isAllOffered() {
    return this.unsentRows().every(
      (row) => row.refused !== null || row.token === null || this.#offered.has(row),
    );
  }

  /** @returns {Row[]} everything without a receipt, what the server refused included */
  unsentRows() {
    return [...this.#rows.values()].sort(byAge);
  }

  /** @param {Row[]} rows @returns {Row[]} the newest row of each position, oldest first */
  newest(rows = this.unsentRows()) {
    return [...new Map([...rows].sort(byAge).map((row) => [row.position, row])).values()];
  }

  /**
   * Start again under a new token: changes newer than what the server has are numbered anew,
   * the others will be offered once as what they are.
   * @param {import("./types.js").Claim} claim
   * @param {Row[]} stored the rows in the store
   * @param {(position: number, mine: Answer, theirs: Answer) => Answer} merge
   * @returns {Map<number, {answer: Answer, flagged: boolean}>} what the page should show
   */
  adopt(claim, stored, merge) {
    const rows = new Map(stored.map((row) => [keyOf(row), row]));
    for (const [key, row] of this.#rows) rows.set(key, row);

    const perEpoch = new Map();
    for (const row of [...rows.values()].sort(byAge)) {
      perEpoch.set(`${row.position}:${row.epoch}`, row);
    }
    const kept = [...perEpoch.values()];
    const remove = [...rows.values()].filter((row) => !kept.includes(row));

    const ofThisEpoch = kept.filter((row) => row.epoch === claim.epoch);
    const highest = Math.max(0, ...ofThisEpoch.map((row) => row.seq));
    this.#session = {
      token: claim.token, epoch: claim.epoch, nextSeq: Math.max(claim.next_seq, highest + 1),
    };
    this.isClaimed = true;
    this.#rows = new Map(kept.map((row) => [keyOf(row), row]));
    // An earlier page may have sent them.
    for (const row of kept) this.#sent.add(row);

    const shown = new Map(
      Object.entries(claim.answers).map(([position, theirs]) => [Number(position), theirs]),
    );
    const put = [];
    for (const mine of this.newest(kept)) {
      const theirs = claim.answers[mine.position];
      if (theirs && !isNewer(mine, theirs)) continue;
      const row = {
        ...mine, ...this.#nextKey(), refused: null, blind: false,
        answer: mine.blind
          ? merge(mine.position, mine.answer, theirs?.answer ?? null)
          : mine.answer,
        flagged: mine.flagged || (mine.blind && Boolean(theirs?.flagged)),
      };
      this.#forget(mine);
      this.#rows.set(keyOf(row), row);
      put.push(row);
      remove.push(mine);
      shown.set(mine.position, row);
    }
    this.#store.write({ put, remove, session: this.#session });
    return shown;
  }

  /** Rows of earlier pages, which may have sent them. */
  #remember(stored) {
    for (const row of stored) {
      if (this.#rows.has(keyOf(row))) continue;
      this.#rows.set(keyOf(row), row);
      this.#sent.add(row);
    }
  }

  #nextKey() {
    const { token, epoch } = this.#session;
    return { token, epoch, seq: this.#session.nextSeq++ };
  }

  /** Drop what a later change of the same position replaces; nothing is under way now. */
  #coalesce() {
    const latest = new Map();
    for (const row of this.#current()) {
      const older = latest.get(row.position);
      latest.set(row.position, row);
      if (!older) continue;
      const remove = [older];
      this.#forget(older);
      if (this.#sent.has(row)) this.#store.write({ remove });
      else {
        row.spent_ms += older.spent_ms;
        this.#store.write({ put: [row], remove });
      }
    }
  }

  #markSent(rows) {
    for (const row of rows) this.#sent.add(row);
    return rows;
  }

  #forget(row) {
    this.#rows.delete(keyOf(row));
    this.#sent.delete(row);
    this.#offered.delete(row);
    this.#alone.delete(row);
  }

  #ofSession() {
    return [...this.#rows.values()].filter((row) => row.token === this.#session.token);
  }

  #current() {
    return this.#ofSession().filter((row) => row.refused === null);
  }

  /** Without a claim there is no tab to send for, and a closed queue has rows without a token. */
  #sendable() {
    return this.isClaimed ? this.#current() : [];
  }

  #earlier() {
    return [...this.#rows.values()].filter(
      (row) => row.token !== null && row.token !== this.#session.token && row.refused === null,
    );
  }
}

/**
 * Whether a stored row is later than what the server has for its position.
 * @param {Row} mine @param {import("./types.js").ServerAnswer} theirs
 */
export function isNewer(mine, theirs) {
  if (mine.epoch === UNCLAIMED) return true;
  return mine.epoch > theirs.epoch || (mine.epoch === theirs.epoch && mine.seq > theirs.seq);
}
