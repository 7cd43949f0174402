/** Ticking candidates: all on the page, how many are ticked, and whom the acts are then for. */
import { text } from "./texts.js";

/** @returns {{update: () => void}} */
export function setUpSelection() {
  const all = document.querySelector("[data-select-all]");
  const option = document.querySelector("[data-chosen-option]");
  if (!all) return { update() {} };
  const boxes = () => [...document.querySelectorAll('#desk-body input[name="chosen"]')];

  function update() {
    const here = boxes();
    const count = here.filter((box) => box.checked).length;
    all.checked = count > 0 && count === here.length;
    all.indeterminate = count > 0 && count < here.length;
    option.textContent = text("chosen", { count });
  }

  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    update();
  });
  document.getElementById("desk-list").addEventListener("change", (event) => {
    if (event.target.name !== "chosen") return;
    // Whoever ticks somebody means them, and not everybody.
    document.getElementById("scope").value = "chosen";
    update();
  });
  document.querySelector("[data-all-box]").hidden = false;
  update();
  return { update };
}
