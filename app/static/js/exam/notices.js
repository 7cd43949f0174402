/** What the server wants the candidate to read (time added, a message from the examiner). */
import { announce } from "./announce.js";

/** @param {{kind: string, text: string}[]} notices */
export function showNotices(notices) {
  for (const { kind, text } of notices) {
    const place = document.getElementById("notices") ?? makePlace();
    const isShown = [...place.children].some((other) => other.dataset.text === text);
    if (isShown) continue;
    place.append(makeNotice(kind, text));
    announce(text);
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

function makeNotice(kind, text) {
  const notice = document.createElement("div");
  notice.className = "notice notice-info exam-notice";
  notice.dataset.kind = kind;
  notice.dataset.text = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  const isEnglish = document.documentElement.lang.startsWith("en");
  close.setAttribute("aria-label", isEnglish ? "Close" : "关闭");
  close.addEventListener("click", () => notice.remove());
  notice.append(text, " ", close);
  return notice;
}
