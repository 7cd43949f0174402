/** The linter's remarks beside the fields, counted at the top. */
import { send } from "./send.js";
import { text } from "./texts.js";

const ICONS = { fault: "bi-x-circle", gap: "bi-circle", hint: "bi-lightbulb" };

/** @param {{main: HTMLElement, form: HTMLFormElement}} parts */
export function setUpChecks({ main, form }) {
  const counts = document.querySelector("[data-counts]");
  const panel = document.getElementById("findings");
  const opener = document.querySelector('[data-command="findings"]');
  let turn = 0;
  let seen = [];
  let next = 0;

  async function check() {
    const mine = ++turn;
    const outcome = await send(main, main.dataset.checkUrl, new URLSearchParams(new FormData(form)));
    if (mine !== turn || outcome.kind !== "ok") return;
    show(outcome.body);
  }

  function show({ remarks, counts: found }) {
    clear(form);
    seen = inOrder(remarks.map((remark) => ({ ...remark, slot: slotOf(form, remark.field) })));
    for (const { slot, weight, message } of seen) slot?.append(line(weight, message));
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const { field, weight } of seen) {
      const target = form.elements.namedItem(field);
      if (weight === "fault" && target instanceof HTMLElement) target.setAttribute("aria-invalid", "true");
    }
    const words = remarks.length ? text("counts", found) : text("clean");
    if (counts.textContent !== words) counts.textContent = words;
    panel.querySelector("ul").replaceChildren(...seen.map(link));
    if (next >= seen.length) next = 0;
  }

  function link({ field, weight, message }) {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = "#group-1";
    anchor.append(icon(weight), ` ${nameOf(form, field)}: ${message}`);
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      focusOn(form, field);
    });
    item.dataset.weight = weight;
    item.append(anchor);
    return item;
  }

  return {
    check,
    toggle() {
      panel.hidden = !panel.hidden;
      opener.setAttribute("aria-expanded", String(!panel.hidden));
    },
    /** To the first thing that keeps the question from being saved. */
    goToFault() {
      const first = seen.find(({ weight }) => weight !== "hint");
      if (first) focusOn(form, first.field);
    },
    goToNext() {
      if (!seen.length) return;
      focusOn(form, seen[next].field);
      next = (next + 1) % seen.length;
    },
  };
}

/** From the top of the form to its end. */
function inOrder(remarks) {
  const isBefore = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return remarks.sort(({ slot: one }, { slot: other }) => {
    if (one === other) return 0;
    if (!one || !other) return one ? 1 : -1;
    return isBefore(one, other) ? -1 : 1;
  });
}

function clear(form) {
  for (const slot of form.querySelectorAll("[data-slot]")) slot.replaceChildren();
}

/** The nearest place for a remark: the field's own, else that of what it is in. */
function slotOf(form, field) {
  for (let name = field; name; name = name.slice(0, Math.max(name.lastIndexOf("."), 0))) {
    const slot = form.querySelector(`[data-slot="${CSS.escape(name)}"]`);
    if (slot) return slot;
  }
  return null;
}

function line(weight, message) {
  const item = document.createElement("li");
  item.dataset.weight = weight;
  const kind = document.createElement("span");
  kind.className = "visually-hidden";
  kind.textContent = `${text(weight)}: `;
  item.append(icon(weight), kind, message);
  return item;
}

function icon(weight) {
  const drawn = document.createElement("i");
  drawn.className = `bi ${ICONS[weight]}`;
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
}

function fieldFor(form, field) {
  const exact = field && form.elements.namedItem(field);
  if (exact instanceof HTMLElement) return exact;
  const inside = [...form.elements].find((element) => field && element.name?.startsWith(`${field}.`));
  return inside ?? slotOf(form, field)?.parentElement.querySelector("button, input, textarea, select");
}

function focusOn(form, field) {
  const target = fieldFor(form, field);
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target?.focus();
}

function nameOf(form, field) {
  const target = fieldFor(form, field);
  if (!target) return text("whole");
  const parts = [];
  for (let part = target.closest("[data-row]"); part; part = part.parentElement.closest("[data-row]")) {
    parts.unshift(part.querySelector("[data-row-number]").textContent);
  }
  const group = target.closest(".editor-group")?.querySelector("h2").textContent ?? "";
  const label = target.getAttribute("aria-label") ?? target.labels?.[0]?.textContent ?? "";
  return [group, ...parts, label].filter(Boolean).join(" › ");
}
