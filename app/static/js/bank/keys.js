/** Single keys that act: not while somebody types, and not together with Ctrl, Alt or Meta. */

/** @param {KeyboardEvent} event @returns {boolean} whether the key is meant for the page */
export function isForThePage(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  if (document.querySelector("dialog[open]")) return false;
  const at = event.target;
  const isTyped = at.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
  return !isTyped && !at.isContentEditable;
}
