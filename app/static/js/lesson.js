/** Tells the server how long the lesson was in view: once when opened, then when it is left. */

const layout = document.querySelector("[data-lesson-time]");
let since = document.visibilityState === "visible" ? performance.now() : null;

function send(seconds) {
  const form = new FormData();
  form.append("csrf_token", layout.dataset.csrf);
  form.append("seconds", String(seconds));
  // keepalive: the page may be closing
  fetch(layout.dataset.lessonTime, { method: "POST", body: form, keepalive: true });
}

function pause() {
  if (since === null) return;
  const seconds = Math.round((performance.now() - since) / 1000);
  since = null;
  if (seconds > 0) send(seconds);
}

if (layout) {
  send(0);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
    else pause();
  });
  window.addEventListener("pagehide", pause);
}
