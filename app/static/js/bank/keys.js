/** Single keys that act: not while somebody types, and not together with Ctrl, Alt or Meta. */

const dialog = document.getElementById("keys");
const line = document.querySelector("[data-keys-line]");

/** @param {KeyboardEvent} event @returns {boolean} whether the key is meant for the page */
export function isForThePage(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  if (document.querySelector("dialog[open]")) return false;
  const at = event.target;
  const isTyped = at.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
  return !isTyped && !at.isContentEditable;
}

/** Shows which keys the page knows. */
export function showKeys() {
  dialog.showModal();
}

if (line) {
  line.hidden = false;
  line.querySelector("[data-open-keys]").addEventListener("click", showKeys);
}
