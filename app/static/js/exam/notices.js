/**
 * What the candidate is told while working: messages, time added, the end of a pause, and how
 * little time is left. Each is spoken once, and stays until it is closed.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

/** @typedef {import("./types.js").Notice} Notice */

const ICONS = {
  message: "bi-chat-left-text",
  time_added: "bi-clock-history",
  resume: "bi-play-circle",
  time: "bi-hourglass-split",
};
const KIND_OF_TIME = "time";

export class Notices {
  /** The last notice that this page has: the server sends later ones only. */
  seen = 0;
  #kept;
  #place = document.getElementById("notices");

  /** @param {import("./kept.js").Kept} kept */
  constructor(kept) {
    this.#kept = kept;
  }

  /** @param {Notice[]} notices oldest first; those that the page has already are passed over */
  hear(notices) {
    const fresh = notices.filter(({ id }) => id > this.seen);
    if (!fresh.length) return;
    this.seen = Math.max(...fresh.map(({ id }) => id));
    const lastEnd = fresh.filter(({ kind }) => kind === "resume").at(-1);
    for (const notice of fresh) {
      // Of a pause the page itself tells; of several that ended, the last is news.
      if (notice.kind === "resume" && notice !== lastEnd) continue;
      const words = wordsFor(notice);
      if (words && !this.#kept.hasRead(notice.id)) this.#show(notice, words);
    }
  }

  /** So many minutes are left. @param {number} minutes */
  warn(minutes) {
    this.takeBackWarning();
    const words = minutes === 1 ? text("left-1") : text("left", { minutes });
    this.#show({ id: null, kind: KIND_OF_TIME, at: new Date() }, words);
  }

  /** Time was added, or the next warning comes. */
  takeBackWarning() {
    this.#place.querySelector(`[data-kind="${KIND_OF_TIME}"]`)?.remove();
  }

  #show({ id, kind, at }, words) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "icon-button";
    close.setAttribute("aria-label", text("close"));
    close.append(icon("bi-x-lg"));
    const notice = document.createElement("div");
    notice.className = `notice notice-${kind === KIND_OF_TIME ? "warn" : "info"} exam-notice`;
    notice.dataset.kind = kind;
    notice.append(icon(ICONS[kind]), lineOf(at, words), close);
    close.addEventListener("click", () => {
      notice.remove();
      if (id !== null) this.#kept.markRead(id);
    });
    this.#place.prepend(notice);
    announce(words);
  }
}

/** @param {Notice} notice @returns {string} empty for what is not shown */
function wordsFor({ kind, text: message, minutes }) {
  if (kind === "message") return text("message", { message });
  if (kind === "time_added") return text("time-added", { minutes });
  return kind === "resume" ? text("resumed") : "";
}

function lineOf(at, words) {
  const time = document.createElement("time");
  const moment = new Date(at);
  time.dateTime = moment.toISOString();
  time.textContent = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const line = document.createElement("p");
  line.append(time, " ", words);
  const box = document.createElement("div");
  box.append(line);
  return box;
}

function icon(name) {
  const sign = document.createElement("i");
  sign.className = `bi ${name}`;
  sign.setAttribute("aria-hidden", "true");
  return sign;
}
