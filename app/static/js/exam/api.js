/** One JSON POST, and what became of it in the ways that the page tells apart. */

const PATIENCE_MS = 20_000;
/** What the server says to somebody whose exam this is not. */
const OF_STRANGERS = new Set(["attempt-missing", "forbidden"]);

/**
 * refused: the content is at fault. conflict: the attempt is in no state for it. stranger:
 * somebody else has logged in. server: any other fault over there. offline: no answer of ours.
 * @typedef {{kind: "ok", body: any, sentAt: number, receivedAt: number}
 *   | {kind: "refused" | "conflict" | "server", status: number, code: string, message: string}
 *   | {kind: "signed-out" | "stranger" | "offline"}} Outcome
 */

/**
 * @param {string} url
 * @param {object} body
 * @param {{csrf?: string, keepalive?: boolean}} [options]
 * @returns {Promise<Outcome>}
 */
export async function post(url, body, { csrf, keepalive = false } = {}) {
  const sentAt = performance.now();
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (csrf) headers["X-CSRFToken"] = csrf;
  // setTimeout and not AbortSignal.timeout, which older Safari lacks.
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      method: "POST", headers, body: JSON.stringify(body), keepalive,
      credentials: "same-origin", cache: "no-store", signal: abort.signal,
    });
    return await outcomeOf(response, sentAt);
  } catch {
    return { kind: "offline" };
  } finally {
    clearTimeout(timeout);
  }
}

/** @returns {Promise<Outcome>} */
async function outcomeOf(response, sentAt) {
  const { status } = response;
  const body = await response.json().catch(() => null);
  if (status === 401) return { kind: "signed-out" };
  if (!response.ok) {
    const code = body?.code ?? "";
    if (OF_STRANGERS.has(code)) return { kind: "stranger" };
    const kind = { 400: "refused", 413: "refused", 409: "conflict" }[status] ?? "server";
    return { kind, status, code, message: body?.message ?? String(status) };
  }
  // Sent on to another page of ours: something has to be done there first, as a new password.
  const isSentOn = response.redirected && new URL(response.url).origin === location.origin;
  if (body === null && isSentOn) return { kind: "signed-out" };
  // A Wi-Fi sign-in page also answers 200: only our JSON counts.
  if (body === null || typeof body.attempt !== "string") return { kind: "offline" };
  return { kind: "ok", body, sentAt, receivedAt: performance.now() };
}
