/** What the browser tells of the page: network, focus, hiding, closing; and leaving on purpose. */

export class PageLife {
  #isLeaving = false;
  #sync;
  #tab;
  #store;

  /**
   * @param {object} parts
   * @param {import("./sync.js").Sync} parts.sync
   * @param {import("./tab.js").Tab} parts.tab
   * @param {import("./store.js").Store} parts.store
   * @param {import("./queue.js").Queue} parts.queue
   */
  constructor({ sync, tab, store, queue }) {
    this.#sync = sync;
    this.#tab = tab;
    this.#store = store;
    window.addEventListener("online", () => this.retry());
    // Believed only once a request fails: some machines report it with a working network.
    window.addEventListener("offline", () => sync.now());
    window.addEventListener("focus", () => {
      tab.retryNow();
      sync.retryNow();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#onHidden();
      else this.retry(); // the page may have been frozen, and what it knows may be stale
    });
    window.addEventListener("pagehide", () => this.#onHidden());
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      this.#isLeaving = false;
      sync.now();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.#isLeaving || !queue.unsentRows().length) return;
      event.preventDefault();
      event.returnValue = true; // what older browsers look at
    });
  }

  /** Something has changed for the better: speak to the server at once. */
  retry() {
    this.#tab.retryNow();
    this.#sync.now();
  }

  /** The page is about to go, and nothing has to stop it. */
  letGo() {
    this.#isLeaving = true;
  }

  /** @param {string} url */
  goTo(url) {
    this.letGo();
    location.assign(url);
  }

  #onHidden() {
    this.#store.hurry();
    this.#sync.farewell();
  }
}
