/**
 * Asks for the same page's fragment every few seconds, as long as somebody looks at it, and says
 * plainly how fresh the page is. The server's clock alone is shown.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

const EVERY_MS = 5000;
const PATIENCE_MS = 10_000;

/**
 * @param {(fresh: Document) => void} onFresh
 * @returns {() => Promise<void>} asks at once
 */
export function keepFresh(onFresh) {
  const line = document.getElementById("desk-live");
  let timer = 0;
  let running = null;
  let shownAt = "";

  /** @param {"live" | "lost" | "signed-out"} state */
  function show(state) {
    const before = line.dataset.state;
    line.dataset.state = state;
    line.querySelector(".bi").className = `bi bi-${state === "live" ? "broadcast" : "wifi-off"}`;
    line.querySelector("[data-live-text]").textContent = text(state, { time: shownAt || "–" });
    if (state === before) return;
    announce(state === "live" ? text("back") : text(state, { time: shownAt || "–" }));
  }

  async function ask() {
    clearTimeout(timer);
    running?.abort();
    const mine = (running = new AbortController());
    const impatient = setTimeout(() => mine.abort(), PATIENCE_MS);
    try {
      const response = await fetch(fragmentAddress(), {
        credentials: "same-origin", cache: "no-store", signal: mine.signal,
      });
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      const desk = fresh.querySelector("[data-desk]");
      if (desk) {
        shownAt = desk.dataset.at;
        onFresh(fresh);
        show("live");
      } else {
        show(response.redirected ? "signed-out" : "lost");
      }
    } catch {
      if (running !== mine) return; // a newer question took this one's place
      show("lost");
    } finally {
      clearTimeout(impatient);
    }
    if (running === mine) plan();
  }

  function plan() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(ask, EVERY_MS);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
    else clearTimeout(timer);
  });
  line.querySelector("[data-refresh]").addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
  shownAt = line.dataset.at ?? "";
  plan();
  return ask;
}

function fragmentAddress() {
  const address = new URL(location.href);
  address.searchParams.set("fragment", "rows");
  return address;
}
