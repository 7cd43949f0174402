/** What the server wants the candidate to read (time added, a message from the examiner). */
import { announce } from "./announce.js";
import { text } from "./texts.js";

/** @param {{kind: string, text: string}[]} notices */
export function showNotices(notices) {
  for (const { kind, text: message } of notices) {
    const place = document.getElementById("notices") ?? makePlace();
    const isShown = [...place.children].some((other) => other.dataset.text === message);
    if (isShown) continue;
    place.append(makeNotice(kind, message));
    announce(message);
  }
}

/** In the sticky header, where it is seen from every question. */
function makePlace() {
  const place = document.createElement("div");
  place.id = "notices";
  place.className = "exam-notices";
  document.querySelector(".exam-bar").append(place);
  return place;
}

function makeNotice(kind, message) {
  const notice = document.createElement("div");
  notice.className = "notice notice-info exam-notice";
  notice.dataset.kind = kind;
  notice.dataset.text = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", text("close"));
  close.addEventListener("click", () => notice.remove());
  notice.append(message, " ", close);
  return notice;
}
