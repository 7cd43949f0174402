/** Speaks to screen readers, politely: sentences wait for each other and are not repeated. */
let region = null;

/** @param {string} sentence */
export function announce(sentence) {
  region ??= makeRegion();
  const line = document.createElement("p");
  line.textContent = sentence;
  region.append(line);
  setTimeout(() => line.remove(), 10_000);
}

function makeRegion() {
  const made = document.createElement("div");
  made.className = "visually-hidden";
  made.setAttribute("aria-live", "polite");
  made.setAttribute("aria-relevant", "additions");
  document.body.append(made);
  return made;
}
