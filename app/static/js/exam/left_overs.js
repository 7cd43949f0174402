/**
 * After the exam: answers that this browser could not send before it was closed are offered to
 * the server, which holds them for a proctor. What else the browser knew of the exam is forgotten.
 */
import { AnswerFile } from "./answer_file.js";
import { removeCopyOf } from "./copy.js";
import { EventLog } from "./events.js";
import { Kept } from "./kept.js";
import { Queue } from "./queue.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { text } from "./texts.js";

const place = document.getElementById("left-overs");
const owner = { user: Number(place.dataset.user), attempt: Number(place.dataset.attempt) };

removeCopyOf(owner.attempt);
const store = await openStore(owner.user, owner.attempt, () => {});
new Kept(store, owner).forget();
const queue = new Queue(store, owner);
queue.close(await store.load());
const found = queue.unsentRows().length;
const file = new AnswerFile({ owner, key: place.dataset.answerKey, store, queue });
const sync = new Sync({
  url: place.dataset.saveUrl, queue, events: new EventLog(), seenNotice: () => 0,
  onReceipts: () => {}, onResponse: () => {}, onChange: show,
});

function show() {
  const left = queue.unsentRows().length;
  const isStuck = left > 0 && queue.isAllOffered();
  if (isStuck || !left) sync.stop();
  let words = "left-over-sending";
  if (!left) words = "left-over-sent";
  else if (isStuck) words = file.isPossible ? "left-over" : "left-over-without-file";
  place.hidden = false;
  place.querySelector("[data-left-over-text]").textContent =
    text(words, { count: left || found });
  place.querySelector("[data-answer-file]").hidden = !left || !file.isPossible;
}

if (found) {
  file.attach();
  show();
  sync.now();
}
