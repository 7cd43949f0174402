/** The flag of a question: its button is where the state lives. */

const buttonOf = (section) => section.querySelector("[data-flag]");

/** @param {HTMLElement} section */
export function isFlagged(section) {
  return buttonOf(section)?.getAttribute("aria-pressed") === "true";
}

/** @param {HTMLElement} section @param {boolean} flagged */
export function setFlagged(section, flagged) {
  const button = buttonOf(section);
  button?.setAttribute("aria-pressed", String(flagged));
  const icon = button?.querySelector("i");
  icon?.classList.toggle("bi-flag", !flagged);
  icon?.classList.toggle("bi-flag-fill", flagged);
}

/** @param {HTMLElement} section @param {() => void} onChange */
export function attachFlag(section, onChange) {
  buttonOf(section)?.addEventListener("click", () => {
    setFlagged(section, !isFlagged(section));
    onChange();
  });
}
