/** Speak a short text to screen readers, through #announcer (made here on pages without one). */

/** @param {string} text */
export function announce(text) {
  const region = document.getElementById("announcer") ?? makeRegion();
  // Emptied first, or the same text twice in a row is not spoken again.
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

function makeRegion() {
  const region = document.createElement("div");
  region.id = "announcer";
  region.className = "visually-hidden";
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}
