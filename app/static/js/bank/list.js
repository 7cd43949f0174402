/** The list of the bank by keyboard, its ticks, and its filters on a phone. */

import { isForThePage, showKeys } from "./keys.js";

const list = document.querySelector("[data-list]");
const rows = [...(list?.tBodies[0].rows ?? [])];
let current = -1;

function tickOf(row) {
  return row?.querySelector(".cell-pick input");
}

function moveTo(place) {
  if (!rows.length) return;
  rows[current]?.removeAttribute("data-current");
  current = Math.max(0, Math.min(rows.length - 1, place));
  rows[current].setAttribute("data-current", "");
  rows[current].querySelector("th a").focus();
  rows[current].scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = tickOf(rows[current]);
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const acts = {
  "/": () => document.getElementById("search").focus(),
  "?": showKeys,
  j: () => moveTo(current + 1),
  k: () => moveTo(current - 1),
  x: tick,
  Enter: () => rows[current]?.querySelector("th a").click(),
};

document.addEventListener("keydown", (event) => {
  if (!isForThePage(event) || !Object.hasOwn(acts, event.key)) return;
  // Enter on a link or a button is that one's own.
  if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
  event.preventDefault();
  acts[event.key]();
});

list?.addEventListener("focusin", (event) => {
  const place = rows.indexOf(event.target.closest("tbody tr"));
  if (place < 0 || place === current) return;
  rows[current]?.removeAttribute("data-current");
  current = place;
  rows[current].setAttribute("data-current", "");
});

const all = list?.querySelector("[data-tick-all]");
const ticked = document.querySelector("[data-ticked]");

function count() {
  const number = rows.filter((row) => tickOf(row)?.checked).length;
  if (ticked) ticked.textContent = number ? `(${number})` : "";
  if (all) {
    all.checked = number > 0 && number === rows.length;
    all.indeterminate = number > 0 && number < rows.length;
  }
}

list?.addEventListener("change", (event) => {
  if (event.target === all) rows.forEach((row) => (tickOf(row).checked = all.checked));
  count();
});
if (all) all.hidden = false;
addEventListener("pageshow", count); // the browser keeps ticks on the way back

const toggle = document.querySelector("[data-filter-toggle]");
toggle?.addEventListener("click", () => {
  const isOpen = toggle.getAttribute("aria-expanded") === "true";
  toggle.setAttribute("aria-expanded", String(!isOpen));
});
