/** One JSON POST, and what became of it in the five ways that the page tells apart. */

const PATIENCE_MS = 20_000;

/**
 * @typedef {{kind: "ok", body: any, sentAt: number, receivedAt: number}
 *   | {kind: "refused", status: number, message: string}
 *   | {kind: "signed-out"}
 *   | {kind: "server", status: number}
 *   | {kind: "offline"}} Outcome
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
  if (status === 400 || status === 413) {
    return { kind: "refused", status, message: body?.message ?? String(status) };
  }
  if (!response.ok) return { kind: "server", status };
  // A Wi-Fi sign-in page also answers 200: only our JSON counts.
  if (body === null || typeof body.attempt !== "string") return { kind: "offline" };
  return { kind: "ok", body, sentAt, receivedAt: performance.now() };
}
