/** Tells a screen reader what a proctor must hear: who went offline, and who has new signals. */
import { announce } from "./announce.js";
import { named } from "./texts.js";

/** @param {Document} fresh compared with the page as it is, before it is brought up to date */
export function announceChanges(fresh) {
  const offline = [];
  const signals = [];
  for (const row of fresh.querySelectorAll("#desk-body > tr")) {
    const known = document.getElementById(row.id);
    if (!known) continue;
    const { name, presence, signals: count } = row.dataset;
    if (presence === "offline" && known.dataset.presence !== "offline") offline.push(name);
    if (Number(count) > Number(known.dataset.signals)) signals.push(name);
  }
  if (offline.length) announce(named(offline, "offline", "offline-more"));
  if (signals.length) announce(named(signals, "signals", "signals-more"));
}
