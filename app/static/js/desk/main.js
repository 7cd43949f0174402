/** The proctor's desk: refreshes itself, and opens the forms of its acts in a dialog. */
import { setUpActs } from "./acts.js";
import { announceChanges } from "./changes.js";
import { keepFresh } from "./refresh.js";
import { replaceRows } from "./rows.js";
import { setUpSelection } from "./selection.js";

const list = document.getElementById("desk-list");

if (list) {
  const selection = setUpSelection();
  const refresh = keepFresh((fresh) => {
    announceChanges(fresh);
    replaceRows(fresh);
    selection.update();
  });
  setUpActs(refresh);
} else {
  // One candidate's page: what an act changed is all over it.
  setUpActs(() => location.reload());
}

/** A menu closes when something else is opened or pressed, or with Escape. */
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.desk-menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

/** @param {Element | null | undefined} kept */
function closeMenus(kept) {
  for (const menu of document.querySelectorAll("details.desk-menu[open]")) {
    if (menu !== kept) menu.open = false;
  }
}
