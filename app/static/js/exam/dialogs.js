/** The dialogs that come by themselves: taken over by another tab, and answers left at the end. */
import { text } from "./texts.js";

/** @param {() => boolean} isTakenOver @param {() => void} onTakeOver */
export function setUpTakenOver(isTakenOver, onTakeOver) {
  const dialog = document.getElementById("taken-over-dialog");
  dialog.querySelector("[data-take-over]").addEventListener("click", onTakeOver);
  // Escape closes a dialog, but without it there would be no way to continue here.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => isTakenOver() && dialog.showModal());

  /** Make it so. */
  return () => {
    const isWanted = isTakenOver();
    if (isWanted && !dialog.open) dialog.showModal();
    if (!isWanted && dialog.open) dialog.close();
  };
}

/**
 * The exam is closed and some answers cannot be sent: said before the page is left.
 * @param {number} count
 * @param {boolean} isFilePossible
 * @param {() => void} onLeave
 */
export function showLeftOver(count, isFilePossible, onLeave) {
  const dialog = document.getElementById("left-over-dialog");
  const words = isFilePossible ? "left-over" : "left-over-without-file";
  dialog.querySelector("[data-left-over-text]").textContent = text(words, { count });
  dialog.querySelector("[data-leave]").addEventListener("click", onLeave);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
}
