/**
 * Dragging the items of an ordering list with mouse, pen or finger.
 * Nothing moves by accident: a mouse must travel a little first, a finger must rest first
 * (otherwise it scrolls the page), and Escape or an interrupted gesture puts everything back.
 */

const MOUSE_TRAVEL_PX = 8;
const FINGER_REST_MS = 350;
const FINGER_SLIP_PX = 10;

/**
 * @param {HTMLElement} list
 * @param {() => boolean} isFrozen
 * @param {(item: HTMLElement) => void} onDrop called only if the item ends in another place
 */
export function attachDragging(list, isFrozen, onDrop) {
  /** @type {null | {item: HTMLElement, id: number, x: number, y: number, touch: boolean,
   *   lifted: boolean, before: Element[], rest?: number}} */
  let drag = null;

  const lift = () => {
    drag.lifted = true;
    drag.item.dataset.dragging = "true";
    document.documentElement.dataset.dragging = "true";
    // Through the style object, which the CSP allows, unlike style attributes.
    document.body.style.userSelect = "none";
  };

  const end = (keep) => {
    if (!drag) return;
    const { item, before, lifted, rest } = drag;
    clearTimeout(rest);
    drag = null;
    window.removeEventListener("pointermove", follow);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", giveUp);
    window.removeEventListener("keydown", escape, true);
    if (!lifted) return;
    delete item.dataset.dragging;
    delete document.documentElement.dataset.dragging;
    document.body.style.userSelect = "";
    const moved = before.some((old, place) => old !== list.children[place]);
    if (moved && !keep) list.append(...before);
    item.focus({ preventScroll: true });
    if (moved && keep) onDrop(item);
  };

  const follow = (event) => {
    if (event.pointerId !== drag?.id) return;
    const travel = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (!drag.lifted) {
      if (drag.touch && travel > FINGER_SLIP_PX) return end(false);
      if (drag.touch || travel < MOUSE_TRAVEL_PX) return;
      lift();
    }
    event.preventDefault();
    placeAt(list, drag.item, event.clientY);
  };
  const drop = (event) => event.pointerId === drag?.id && end(!isFrozen());
  const giveUp = (event) => event.pointerId === drag?.id && end(false);
  const escape = (event) => {
    if (event.key !== "Escape" || !drag?.lifted) return;
    event.preventDefault();
    end(false);
  };

  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    if (drag || !item || event.button !== 0 || !event.isPrimary || isFrozen()) return;
    if (event.target.closest("button, input, a")) return;
    const touch = event.pointerType === "touch";
    drag = {
      item, touch, id: event.pointerId, x: event.clientX, y: event.clientY,
      lifted: false, before: [...list.children],
      rest: touch ? setTimeout(lift, FINGER_REST_MS) : undefined,
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", giveUp);
    window.addEventListener("keydown", escape, true);
  });

  // Once lifted, the finger drags the item and must not scroll the page as well.
  list.addEventListener("touchmove", (event) => drag?.lifted && event.preventDefault(), {
    passive: false,
  });
  list.addEventListener("contextmenu", (event) => drag?.touch && event.preventDefault());
  list.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Put the item where the pointer is, by the middles of the other items. */
function placeAt(list, item, y) {
  const others = [...list.children].filter((other) => other !== item);
  const next = others.find((other) => {
    const box = other.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if (next ? item.nextElementSibling !== next : list.lastElementChild !== item) {
    list.insertBefore(item, next ?? null);
  }
}
