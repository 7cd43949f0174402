/**
 * Signing in again in another tab may give the session a new CSRF token; then the one in this
 * page no longer works. The server's current rendering of this very page carries the new one.
 */

/** @param {HTMLElement} main @returns {Promise<void>} */
export async function renewCsrf(main) {
  try {
    const response = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = fresh.querySelector(`#exam[data-user="${main.dataset.user}"]`)?.dataset.csrf;
    if (token) setCsrf(main, token);
  } catch {
    // Away from the network: whoever needs the token will ask again.
  }
}

/** @param {HTMLElement} main @param {string} token */
export function setCsrf(main, token) {
  main.dataset.csrf = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
}
