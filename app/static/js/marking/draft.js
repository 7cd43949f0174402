/**
 * Keeps a mark as it is made: at once in this browser, soon on the server. An older draft never
 * replaces a newer one (seq counts the changes). Counts the seconds in which somebody looks.
 */
import { readSheet, writeSheet } from "../editor/sheet.js";
import { send } from "../editor/send.js";
import { announce, text } from "../editor/texts.js";

const SOON_MS = 500;
const AGAIN_MS = 8000;
const NOT_KEPT = new Set(["seconds"]);

/**
 * @param {{main: HTMLElement, form: HTMLFormElement, onSignedOut: () => void,
 *   onPoints: (points: string | null) => void}} parts
 */
export function setUpDraft({ main, form, onSignedOut, onPoints }) {
  const shown = document.getElementById("saved");
  const key = `qijue-marking-${main.dataset.user}-${main.dataset.number}`;
  const { seq, seconds } = form.elements;
  const isDraft = main.dataset.state === "taken";
  let stored = Number(seq.value);
  let spent = Number(seconds.dataset.spent);
  let timer = null;
  let running = null;
  let isOver = false;

  setInterval(() => {
    if (document.visibilityState === "visible") seconds.value = String(++spent);
  }, 1000);

  const say = (words, state = "") => {
    shown.textContent = words;
    shown.parentElement.dataset.state = state;
  };

  function keep() {
    try {
      const sheet = readSheet(form).filter(([name]) => !NOT_KEPT.has(name));
      localStorage.setItem(key, JSON.stringify({ seq: Number(seq.value), sheet }));
    } catch {
      say(text("kept-nowhere", { message: text("no-answer") }), "bad");
    }
  }

  function forget(upTo) {
    const kept = read();
    if (kept && kept.seq <= upTo) localStorage.removeItem(key);
  }

  function read() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  async function store() {
    const mine = Number(seq.value);
    if (isOver || mine <= stored) return;
    say(text("saving"));
    const fields = new URLSearchParams(new FormData(form));
    const outcome = await send(main, main.dataset.draftUrl, fields, { keepalive: document.hidden });
    if (isOver) return;
    if (outcome.kind === "ok") {
      onPoints(outcome.body.points);
      if (!isDraft) return say(text("changed"));
      if (!outcome.body.is_stored) return say(text("elsewhere"), "bad");
      stored = Math.max(stored, mine);
      forget(mine);
      say(text("saved-at", { time: outcome.body.saved_at }));
      if (Number(seq.value) > stored) later(SOON_MS);
    } else if (outcome.kind === "signed-out") {
      say(text("signed-out"), "bad");
      onSignedOut();
    } else {
      say(outcome.kind === "offline" ? text("kept-here") : text("kept-nowhere", outcome), "bad");
      later(AGAIN_MS);
    }
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  }

  /** Send now what is not stored yet. @returns {Promise<void>} */
  async function flush() {
    clearTimeout(timer);
    await running;
    running = store().finally(() => (running = null));
    await running;
  }

  document.addEventListener("visibilitychange", () => document.hidden && flush());
  window.addEventListener("pagehide", () => flush());
  window.addEventListener("online", () => flush());

  return {
    /** The form has changed. */
    touch() {
      seq.value = String(Number(seq.value) + 1);
      keep();
      say(text("changed"));
      later(SOON_MS);
    },
    flush,
    say,
    /** What had not reached the server when this browser last had the answer open. */
    bringBack() {
      const kept = read();
      if (!kept || kept.seq <= stored) return forget(stored);
      writeSheet(form, [...kept.sheet, ["seconds", seconds.value]]);
      seq.value = String(kept.seq);
      say(text("from-here"));
      announce(text("from-here"));
      later(SOON_MS);
    },
    /** The mark is given: nothing is kept here any more. */
    end() {
      isOver = true;
      clearTimeout(timer);
      localStorage.removeItem(key);
    },
  };
}
