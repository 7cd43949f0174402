/**
 * The unsent rows in IndexedDB, where they survive a crash or a reload of the browser.
 * Without IndexedDB nothing is kept here (the queue still holds the rows in memory) and
 * `isDurable` is false, which the page shows.
 */
import { allOf, openDatabase, result } from "./database.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Session} Session */

const OPENING_MS = 3000;
/** More changes than one page can make before its first claim. */
const BLOCK = 1_000_000;

const keyOf = (row) => [row.user, row.attempt, row.epoch, row.seq];

/**
 * @param {number} user
 * @param {number} attempt
 * @param {() => void} onDurability called whenever `isDurable` changes
 */
export async function openStore(user, attempt, onDurability) {
  const store = new Store(user, attempt, onDurability);
  const opening = openDatabase().then((database) => store.use(database), () => {});
  // Some browsers never answer when their storage is damaged: the exam goes on without it.
  await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, OPENING_MS))]);
  return store;
}

export class Store {
  isDurable = false;
  #user;
  #attempt;
  #onDurability;
  /** @type {IDBDatabase | null} */
  #database = null;
  /** What to write next, by key; a row, or null to remove it. @type {Map<string, object>} */
  #pending = new Map();
  /** @type {Session | null} */
  #pendingSession = null;
  /** Transactions under way. */
  #running = 0;
  /** @type {(() => void)[]} */
  #waiting = [];

  constructor(user, attempt, onDurability) {
    this.#user = user;
    this.#attempt = attempt;
    this.#onDurability = onDurability;
  }

  /** @param {IDBDatabase} database */
  use(database) {
    this.#database = database;
    database.onclose = () => this.#lose();
    database.onversionchange = () => {
      database.close();
      this.#lose();
    };
    this.#setDurable(true);
    this.#write();
  }

  /** For what else is kept beside the rows; null while there is none. */
  get database() {
    return this.#database;
  }

  /** All rows of this user and attempt. @returns {Promise<Row[]>} */
  async load() {
    if (!this.#database) return [];
    const range = allOf(this.#user, this.#attempt);
    try {
      return await result(this.#transaction("readonly").objectStore("rows").getAll(range));
    } catch {
      this.#setDurable(false);
      return [];
    }
  }

  /**
   * For a page that cannot claim yet: the last known token, and a block of seq that no other
   * tab of this browser uses under it.
   * @returns {Promise<{token: string | null, epoch: number, nextSeq: number}>}
   */
  async reserve() {
    const unknown = { token: null, epoch: 0, nextSeq: 1 };
    if (!this.#database) return unknown;
    try {
      const sessions = this.#transaction("readwrite").objectStore("sessions");
      const known = (await result(sessions.get([this.#user, this.#attempt]))) ?? {
        user: this.#user, attempt: this.#attempt, token: null, epoch: 0, blocks: 0,
      };
      known.blocks += 1;
      await result(sessions.put(known));
      return { token: known.token, epoch: known.epoch, nextSeq: known.blocks * BLOCK };
    } catch {
      return unknown;
    }
  }

  /**
   * Everything in one call lands in one transaction.
   * @param {{put?: Row[], remove?: Row[], session?: {token: string, epoch: number}}} change
   */
  write({ put = [], remove = [], session }) {
    const plan = (key, row) => this.#pending.set(key.join(":"), { key, row });
    for (const row of remove) plan(keyOf(row), null);
    for (const row of put) plan(keyOf(row), { ...row });
    if (session) {
      const { token, epoch } = session;
      this.#pendingSession = { user: this.#user, attempt: this.#attempt, token, epoch, blocks: 0 };
    }
    // While a transaction runs, further changes gather for the next: a slow disk is not flooded.
    if (!this.#running) this.#write();
  }

  /** The page may go away now: do not wait for the transaction under way. */
  hurry() {
    this.#write();
  }

  /** When everything so far is on disk, or cannot be brought there. @returns {Promise<void>} */
  settled() {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #write() {
    if (!this.#database || (!this.#pending.size && !this.#pendingSession)) return;
    const [pending, session] = [this.#pending, this.#pendingSession];
    this.#pending = new Map();
    this.#pendingSession = null;
    const failed = () => this.#restore(pending, session);
    let transaction;
    try {
      transaction = this.#transaction("readwrite");
    } catch {
      failed();
      this.#setDurable(false);
      return;
    }
    this.#running += 1;
    transaction.oncomplete = () => this.#finish(true);
    transaction.onabort = () => {
      failed();
      this.#finish(false);
    };
    try {
      const rows = transaction.objectStore("rows");
      for (const { key, row } of pending.values()) row ? rows.put(row) : rows.delete(key);
      if (session) transaction.objectStore("sessions").put(session);
      transaction.commit?.();
    } catch {
      transaction.abort(); // all or nothing
    }
  }

  #finish(succeeded) {
    this.#running -= 1;
    this.#setDurable(succeeded);
    // After a failure the next change tries again; trying at once would only spin.
    if (succeeded && !this.#running) this.#write();
    if (this.#running) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Put back what could not be written, unless something newer has taken its place. */
  #restore(pending, session) {
    for (const [key, entry] of pending) if (!this.#pending.has(key)) this.#pending.set(key, entry);
    this.#pendingSession ??= session;
  }

  #transaction(mode) {
    // "strict": on the disk itself, so that even a power cut takes nothing.
    return this.#database.transaction(["rows", "sessions"], mode, { durability: "strict" });
  }

  #lose() {
    this.#database = null;
    this.#setDurable(false);
  }

  #setDurable(durable) {
    if (this.isDurable === durable) return;
    this.isDurable = durable;
    this.#onDurability();
  }
}
