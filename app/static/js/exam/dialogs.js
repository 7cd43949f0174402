/** The two dialogs that come by themselves: taken over by another tab, and signed out. */

/** @param {() => boolean} isReadOnly @param {() => void} onTakeOver */
export function setUpDialogs(isReadOnly, onTakeOver) {
  const takenOver = document.getElementById("taken-over-dialog");
  const signedOut = document.getElementById("signed-out-dialog");
  let isSignedOutShown = false;

  takenOver.querySelector("[data-take-over]").addEventListener("click", onTakeOver);
  // Escape closes a dialog, but without it there would be no way to continue here.
  takenOver.addEventListener("cancel", (event) => event.preventDefault());
  takenOver.addEventListener("close", () => isReadOnly() && takenOver.showModal());

  return {
    /** @param {boolean} readOnly */
    setTakenOver(readOnly) {
      if (readOnly && !takenOver.open) takenOver.showModal();
      if (!readOnly && takenOver.open) takenOver.close();
    },
    /** Shown once per outage: whoever closes it goes on answering, kept in the browser. */
    setSignedOut(isSignedOut) {
      if (isSignedOut && !isSignedOutShown) signedOut.showModal();
      if (!isSignedOut && signedOut.open) signedOut.close();
      isSignedOutShown = isSignedOut;
    },
  };
}
