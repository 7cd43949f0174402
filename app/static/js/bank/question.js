/** The page of a question by keyboard: j and k to the neighbours, e to the editor, u to the list. */

import { isForThePage, showKeys } from "./keys.js";

document.addEventListener("keydown", (event) => {
  if (!isForThePage(event) || !/^[a-z?]$/.test(event.key)) return;
  if (event.key === "?") {
    event.preventDefault();
    showKeys();
    return;
  }
  const link = document.querySelector(`a[data-key="${event.key}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
