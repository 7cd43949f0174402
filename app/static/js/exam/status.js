/** The saving state in the header (#saved): a word, an icon and an attribute for the style. */
import { text } from "./texts.js";

/** @typedef {"saved" | "saving" | "offline" | "failed" | "read-only"} State */

const ICONS = {
  saved: "bi-cloud-check",
  saving: "bi-arrow-repeat",
  offline: "bi-cloud-slash",
  failed: "bi-exclamation-triangle",
  "read-only": "bi-lock",
};

/**
 * @param {State} state
 * @param {{at?: Date, message?: string, words?: string, isDurable: boolean}} details
 */
export function showStatus(state, { at, message, words, isDurable }) {
  const box = document.getElementById("saved");
  if (!box) return;
  box.dataset.state = state;
  box.dataset.storage = isDurable ? "browser" : "memory";
  const icon = box.querySelector("i");
  if (icon) icon.className = `bi ${ICONS[state]}`;
  const line = words ?? wordsFor(state, at, message);
  const shown = isDurable ? line : `${line} · ⚠ ${text("memory-only")}`;
  const place = box.querySelector("[data-saved-text]");
  if (place && place.textContent !== shown) place.textContent = shown;
}

function wordsFor(state, at, message) {
  if (state === "saved") {
    return text("saved-at", { time: (at ?? new Date()).toLocaleTimeString("en-GB") });
  }
  if (state !== "failed" || !message) return text(state);
  const words = text("failed", { message });
  return words.includes(message) ? words : `${words} ${message}`;
}
