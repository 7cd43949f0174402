/** Speak a short text to screen readers, through #announcer (made here on pages without one). */

const PAUSE_MS = 50;

/** @type {string[]} what is said together, so that no text takes another one's place */
const waiting = [];

/** @param {string} text */
export function announce(text) {
  const region = document.getElementById("announcer") ?? makeRegion();
  waiting.push(text);
  if (waiting.length > 1) return;
  // Emptied first, or the same text twice in a row is not spoken again.
  region.textContent = "";
  setTimeout(() => (region.textContent = waiting.splice(0).join(" ")), PAUSE_MS);
}

function makeRegion() {
  const region = document.createElement("div");
  region.id = "announcer";
  region.className = "visually-hidden";
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}
