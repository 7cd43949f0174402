/**
 * The ordering widget: move items by buttons, by Alt+ArrowUp/Down and by dragging.
 * The order counts as an answer once the candidate moved something or ticked the box.
 */
import { announce } from "./announce.js";
import { attachDragging } from "./dragging.js";

/** @type {WeakMap<Element, string[]>} the order in which the server rendered each list */
const firstOrder = new WeakMap();

const listOf = (section) => section.querySelector("[data-order]");
const boxOf = (section) => section.querySelector("[data-order-confirm]");
const idsOf = (list) => [...list.children].map((item) => item.dataset.id);

function rememberFirstOrder(list) {
  if (!firstOrder.has(list)) firstOrder.set(list, idsOf(list));
}

function setGiven(section, given) {
  listOf(section).dataset.given = String(given);
  const box = boxOf(section);
  if (box) box.checked = given;
}

/** @param {HTMLElement} section @returns {string[] | null} */
export function readOrdering(section) {
  const list = listOf(section);
  return list.dataset.given === "true" ? idsOf(list) : null;
}

/** @param {HTMLElement} section @param {string[] | null} answer */
export function writeOrdering(section, answer) {
  const list = listOf(section);
  rememberFirstOrder(list);
  const wanted = answer ?? firstOrder.get(list);
  if (wanted.join() !== idsOf(list).join()) {
    const items = new Map([...list.children].map((item) => [item.dataset.id, item]));
    for (const id of wanted) if (items.has(id)) list.append(items.get(id));
    for (const [id, item] of items) if (!wanted.includes(id)) list.append(item);
  }
  setGiven(section, answer !== null);
}

/** @param {HTMLElement} section @param {() => void} onChange */
export function attachOrdering(section, onChange) {
  const list = listOf(section);
  rememberFirstOrder(list);
  const isFrozen = () => section.dataset.frozen === "true";

  const moved = (item) => {
    setGiven(section, true);
    const place = [...list.children].indexOf(item) + 1;
    const words = item.querySelector(".ordering-text")?.textContent.trim() ?? "";
    announce(`${words} ${place} / ${list.children.length}`);
    onChange();
  };

  /** @param {HTMLElement} item @param {"up" | "down"} direction */
  const move = (item, direction) => {
    const neighbour = direction === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!neighbour || isFrozen()) return;
    // The neighbour is moved, not the item, so that the focus inside the item survives.
    if (direction === "up") item.after(neighbour);
    else item.before(neighbour);
    moved(item);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button.closest("li"), button.dataset.move);
  });

  list.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const item = event.target.closest("li");
    if (!direction || !item || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(item, direction);
  });

  boxOf(section)?.addEventListener("change", (event) => {
    setGiven(section, event.target.checked);
    onChange();
  });

  attachDragging(list, isFrozen, moved);
}
