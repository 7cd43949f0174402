/** Who else writes in this question, and whether somebody has saved a newer version. */
import { ask } from "./send.js";

const EVERY_MS = 30_000;

/** @param {HTMLElement} main */
export function setUpPresence(main) {
  const place = document.getElementById("presence");
  const newer = document.querySelector("[data-newer]");
  let shown = [...place.querySelectorAll("p")].map((line) => line.textContent.trim()).join("\n");

  function show({ others, current_version: version, newer: words }) {
    if (others.join("\n") !== shown) {
      shown = others.join("\n");
      place.replaceChildren(...others.map(line));
    }
    const isNewer = version > Number(main.dataset.version);
    if (isNewer) newer.querySelector("[data-newer-text]").textContent = words;
    newer.hidden = !isNewer;
  }

  if (main.dataset.presenceUrl) {
    setInterval(async () => {
      if (document.hidden) return;
      const outcome = await ask(main.dataset.presenceUrl);
      if (outcome.kind === "ok") show(outcome.body);
    }, EVERY_MS);
  }
  return show;
}

function line(words) {
  const paragraph = document.createElement("p");
  const icon = document.createElement("i");
  icon.className = "bi bi-people";
  icon.setAttribute("aria-hidden", "true");
  paragraph.append(icon, ` ${words}`);
  return paragraph;
}
