/** Requests of the editor and of the marking desk, and what became of them. */
import { setCsrf } from "../exam/csrf.js";

const PATIENCE_MS = 20_000;

/**
 * signed-out: nobody, or somebody else, is logged in. refused: the server says why not.
 * @typedef {{kind: "ok", body: any} | {kind: "refused", status: number, code: string, message: string, body: any}
 *   | {kind: "signed-out" | "offline"}} Outcome
 */

/**
 * Send a form, or a file as it is. A token that another log-in has replaced is renewed once.
 * @param {HTMLElement} main @param {string} url @param {URLSearchParams | Blob} body
 * @param {{keepalive?: boolean}} [options] @returns {Promise<Outcome>}
 */
export async function send(main, url, body, options = {}) {
  const first = await attempt(main, url, body, options);
  if (first.kind !== "refused" || first.code !== "form-expired") return first;
  if (!(await renewToken(main))) return { kind: "signed-out" };
  if (body instanceof URLSearchParams) body.set("csrf_token", main.dataset.csrf);
  return attempt(main, url, body, options);
}

/** @returns {Promise<Outcome>} */
export async function ask(url) {
  try {
    return await outcomeOf(await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" }));
  } catch {
    return { kind: "offline" };
  }
}

async function attempt(main, url, body, { keepalive = false }) {
  const headers = { Accept: "application/json", "X-CSRFToken": main.dataset.csrf };
  if (body instanceof Blob) headers["Content-Type"] = body.type || "application/octet-stream";
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      method: "POST", headers, body, keepalive, cache: "no-store", signal: abort.signal,
    });
    return await outcomeOf(response);
  } catch {
    return { kind: "offline" };
  } finally {
    clearTimeout(timeout);
  }
}

/** @returns {Promise<Outcome>} */
async function outcomeOf(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const body = isJson ? await response.json() : await response.text();
  if (response.status === 401 || response.redirected) return { kind: "signed-out" };
  if (response.ok) return { kind: "ok", body };
  const { code = "", message = String(response.status) } = isJson ? body : {};
  return { kind: "refused", status: response.status, code, message, body };
}

/** The server's current rendering of this page carries the token of whoever is logged in. */
async function renewToken(main) {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(`#${main.id}[data-user="${main.dataset.user}"]`)?.dataset.csrf;
    if (fresh) setCsrf(main, fresh);
    return Boolean(fresh);
  } catch {
    return false;
  }
}
