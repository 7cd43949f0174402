/** Keys: Alt+N / Alt+P next and previous, Alt+F flag, 1–9 the options of the current question. */

/**
 * @param {import("./navigator.js").Navigator} navigator
 * @param {() => HTMLElement | undefined} currentSection
 */
export function listenToKeys(navigator, currentSection) {
  // By code: with Alt, event.key is another character on some keyboards (Mac: Alt+N is a tilde).
  const shortcuts = {
    KeyN: () => navigator.step(1),
    KeyP: () => navigator.step(-1),
    KeyF: () => currentSection()?.querySelector("[data-flag]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.altKey) {
      const shortcut = shortcuts[event.code];
      if (!shortcut) return;
      event.preventDefault();
      if (!event.repeat) shortcut();
    } else if (/^[1-9]$/.test(event.key) && !event.repeat && !takesText(event.target)) {
      const options = currentSection()?.querySelectorAll(".options input") ?? [];
      const option = options[Number(event.key) - 1];
      if (!option) return;
      event.preventDefault();
      option.click();
    }
  });
}

/** A select counts too: typing chooses in it. */
function takesText(target) {
  return target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}
