/** The exam page's IndexedDB: its stores, and how it is opened. */

const NAME = "qijue-exam";
const VERSION = 2;

/**
 * rows: changes without a receipt. sessions: the last token. answers: what the server had when
 * it last spoke. pages: how the exam stood then.
 */
const KEYS = {
  rows: ["user", "attempt", "epoch", "seq"],
  sessions: ["user", "attempt"],
  answers: ["user", "attempt", "position"],
  pages: ["user", "attempt"],
};

/** @returns {Promise<IDBDatabase>} */
export function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const [name, keyPath] of Object.entries(KEYS)) {
        if (!database.objectStoreNames.contains(name)) {
          database.createObjectStore(name, { keyPath });
        }
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Every key that begins with these. @param {number} user @param {number} attempt */
export function allOf(user, attempt) {
  return IDBKeyRange.bound([user, attempt], [user, attempt, []]); // an array is above any number
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
