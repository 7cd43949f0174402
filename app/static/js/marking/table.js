/** Asks for the figures a few times a minute, as long as somebody looks at them. */
const EVERY_MS = 10_000;

const line = document.getElementById("table-live");
let shownAt = line?.dataset.at ?? "";

async function ask() {
  if (document.visibilityState !== "visible") return;
  try {
    const response = await fetch(line.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    const found = await response.json();
    for (const place of document.querySelectorAll("[data-live]")) place.textContent = String(found[place.dataset.live]);
    const figures = document.getElementById("figures");
    if (!figures.contains(document.activeElement)) figures.innerHTML = found.html;
    shownAt = found.at;
    say(line.dataset.fresh, "broadcast");
  } catch {
    say(line.dataset.lost, "wifi-off");
  }
}

function say(pattern, icon) {
  line.querySelector("[data-live-text]").textContent = pattern.replace("{time}", shownAt);
  line.querySelector(".bi").className = `bi bi-${icon}`;
}

if (line) {
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}
