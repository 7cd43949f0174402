/** Waits for the end of a pause, then opens the exam again. The server decides when that is. */
import { announce } from "./announce.js";
import { removeCopies } from "./copy.js";
import { text } from "./texts.js";
import { clock, sincePageWasSent } from "./timer.js";

const ASK_EVERY_MS = 9000;
/** A whole room that was paused at once does not ask at once. */
const SPREAD_MS = 3000;
const ASK_AGAIN_MS = 3000;
const TICK_MS = 500;
const WARNING_MS = 60_000;

const place = document.querySelector("[data-paused]");
const { stateUrl, pageUrl, pauseMs, remainingMs } = place.dataset;
const left = place.querySelector("[data-pause-left]");
const noNetwork = place.querySelector("[data-no-network]");
let endsAt = performance.now() + Number(pauseMs) - sincePageWasSent();
let previous = endsAt - performance.now();
let asking = 0;

/** @returns {Promise<{attempt: string, pause_ms: number | null} | null>} null without an answer */
async function stateNow() {
  try {
    const response = await fetch(stateUrl, {
      headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
    });
    if (response.status === 401) return { attempt: "signed-out", pause_ms: null };
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

async function ask() {
  clearTimeout(asking);
  const state = await stateNow();
  noNetwork.hidden = state !== null;
  if (state === null) {
    asking = setTimeout(ask, ASK_AGAIN_MS);
    return;
  }
  if (state.attempt !== "paused") return goOn(state.attempt);
  endsAt = performance.now() + state.pause_ms;
  asking = setTimeout(ask, ASK_EVERY_MS + Math.random() * SPREAD_MS);
}

function goOn(attempt) {
  if (attempt === "in_progress") announce(text(left ? "break-over" : "resumed"));
  // A moment, so that it can be heard before the page changes.
  setTimeout(() => location.replace(pageUrl), 400);
}

/** Of a break the end is known, and counted quietly. */
function tick() {
  const remaining = Math.max(0, endsAt - performance.now());
  const shown = clock(remaining);
  if (left.textContent !== shown) left.textContent = shown;
  if (previous > WARNING_MS && remaining <= WARNING_MS) announce(text("break-1"));
  if (previous > 0 && remaining === 0) ask();
  previous = remaining;
}

removeCopies();
place.querySelector("[data-remaining]").textContent = clock(Number(remainingMs));
if (left) setInterval(tick, TICK_MS);
window.addEventListener("online", ask);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") ask();
});
asking = setTimeout(ask, ASK_EVERY_MS + Math.random() * SPREAD_MS);
