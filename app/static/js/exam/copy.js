/**
 * The copy of this page with which it opens again while there is no network. The page makes it
 * and deletes it; `offline_worker.js` serves it. Where the browser allows no such thing (plain
 * http), the page works without.
 */
import { PULSE_FILES } from "./pulse.js";

const PREFIX = "qijue-exam-";
const KEPT_AFTER_END_MS = 12 * 3600_000;
/** How the browser names what a page loads by itself, unlike what it asks for by script. */
const LOADED_BY = new Set(["link", "script", "css", "img", "image", "other"]);

export class Copy {
  #main;
  #markup;
  #name;
  #workerUrl;

  /** @param {HTMLElement} main @param {string} markup of the whole page */
  constructor(main, markup) {
    const { user, attempt, workerUrl } = main.dataset;
    this.#main = main;
    this.#markup = markup;
    this.#name = `${PREFIX}${user}-${attempt}`;
    this.#workerUrl = workerUrl;
  }

  /** Whether this page itself was opened from the copy. */
  get isOpen() {
    return "copy" in this.#main.dataset;
  }

  /** Make the copy, and leave no one else's beside it. @param {number} remaining in ms */
  async renew(remaining) {
    if (!this.#workerUrl || !("serviceWorker" in navigator) || !("caches" in window)) return;
    try {
      await navigator.serviceWorker.register(this.#workerUrl, { updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      await removeCopies((name) => name !== this.#name);
      const cache = await caches.open(this.#name);
      const isMade = this.isOpen && (await cache.match(location.pathname));
      if (!isMade) {
        await Promise.all(filesOfPage().map((url) => cache.add(url)));
        await cache.put(location.pathname, this.#page(remaining));
      }
      this.#main.dataset.copied = "true";
    } catch {
      // No network, no room, or not allowed: as before, the page only opens with a network.
    }
  }

  /** @returns {Promise<void>} */
  async remove() {
    delete this.#main.dataset.copied;
    try {
      await caches.delete(this.#name);
    } catch {
      // There are no copies in this browser.
    }
  }

  /** @returns {Response} as the server sends the page: with its policy, not to be kept */
  #page(remaining) {
    return new Response(this.#markup, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": this.#main.dataset.policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "X-Copy-Until": String(Date.now() + remaining + KEPT_AFTER_END_MS),
      },
    });
  }
}

/**
 * Remove copies of exam pages.
 * @param {(name: string) => boolean} [isMeant] all of them in this browser without it
 */
export async function removeCopies(isMeant = () => true) {
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && isMeant(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** @param {number} attempt */
export function removeCopyOf(attempt) {
  return removeCopies((name) => name.endsWith(`-${attempt}`));
}

/**
 * Everything of this site that the page has loaded to show itself; the pictures of its questions
 * also where they are still on their way. @returns {string[]}
 */
function filesOfPage() {
  const loaded = performance
    .getEntriesByType("resource")
    .filter((entry) => LOADED_BY.has(entry.initiatorType))
    .map((entry) => entry.name);
  const tags = document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src], #exam img[src]');
  const named = [...tags].map((tag) => tag.href ?? tag.src);
  const isOurs = (url) => new URL(url).origin === location.origin;
  return [...new Set([...named, ...loaded, ...PULSE_FILES])].filter(isOurs);
}
