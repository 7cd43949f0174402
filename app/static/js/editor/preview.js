/** The unsaved question as candidates see it, similar questions, and answers that are tried out. */
import { send } from "./send.js";

/** @param {{main: HTMLElement, form: HTMLFormElement}} parts */
export function setUpPreview({ main, form }) {
  const side = document.getElementById("side");
  const place = document.getElementById("preview");
  const toggle = document.querySelector('[data-command="preview"]');
  const chosen = (name) => side.querySelector(`input[name="${name}"]:checked`).value;
  let draw = 0;
  let turn = 0;

  async function show() {
    if (side.hidden) return;
    const mine = ++turn;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("preview_language", chosen("preview_language"));
    fields.set("draw", String(draw));
    const outcome = await send(main, main.dataset.previewUrl, fields);
    if (mine === turn && outcome.kind === "ok") place.innerHTML = outcome.body;
  }

  function flip(name) {
    const other = side.querySelector(`input[name="${name}"]:not(:checked)`);
    other.checked = true;
    apply();
  }

  function apply() {
    place.dataset.width = chosen("preview_width");
    show();
  }

  side.addEventListener("change", (event) => {
    if (event.target.name?.startsWith("preview_")) apply();
  });
  side.querySelector("[data-draw]").addEventListener("click", () => {
    draw += 1;
    show();
  });
  return {
    show,
    otherLanguage: () => flip("preview_language"),
    otherWidth: () => flip("preview_width"),
    toggle() {
      side.hidden = !side.hidden;
      toggle.setAttribute("aria-pressed", String(!side.hidden));
      show();
    },
  };
}

/** @param {{main: HTMLElement, form: HTMLFormElement}} parts */
export function setUpSimilar({ main, form }) {
  const place = document.getElementById("similar");
  let asked = "";

  place.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-show-stem]");
    if (!button) return;
    button.disabled = true;
    const outcome = await send(main, button.dataset.showStem, new URLSearchParams({ csrf_token: main.dataset.csrf }));
    button.disabled = false;
    if (outcome.kind !== "ok") return;
    const isChinese = document.documentElement.lang.startsWith("zh");
    button.closest("[data-stem]").textContent = isChinese ? outcome.body.zh : outcome.body.en;
  });
  return async function show() {
    const fields = new URLSearchParams(new FormData(form));
    const about = [...fields].filter(([name]) => name.endsWith(".zh") || name === "pool").join("\n");
    if (about === asked || !fields.get("stem.zh").trim()) return;
    asked = about;
    const outcome = await send(main, main.dataset.similarUrl, fields);
    if (outcome.kind === "ok") place.innerHTML = outcome.body;
  };
}

/** @param {{main: HTMLElement, form: HTMLFormElement}} parts */
export function setUpTrying({ main, form }) {
  const typed = document.getElementById("tried");
  const result = document.getElementById("tried-result");
  async function show() {
    if (!typed?.value.trim()) return;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("tried", typed.value);
    const outcome = await send(main, main.dataset.tryUrl, fields);
    if (outcome.kind === "ok") result.innerHTML = outcome.body;
  }
  let timer = null;
  typed?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 500);
  });
  return show;
}
