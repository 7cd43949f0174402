/** The exam page: puts the parts together. What each part does is told in its own file. */
import * as widgets from "../widgets.js";
import { announce } from "./announce.js";
import { renewCsrf } from "./csrf.js";
import { setUpDialogs } from "./dialogs.js";
import { Ending } from "./ending.js";
import { EventLog, watchPage } from "./events.js";
import { attachFlag, isFlagged, setFlagged } from "./flags.js";
import { listenToKeys } from "./keyboard.js";
import { Navigator } from "./navigator.js";
import { showNotices } from "./notices.js";
import { Queue } from "./queue.js";
import { SpentTime } from "./spent.js";
import { showStatus } from "./status.js";
import { openStore } from "./store.js";
import { setUpSubmit } from "./submit.js";
import { Sync } from "./sync.js";
import { Tab } from "./tab.js";
import { text } from "./texts.js";
import { Timer } from "./timer.js";

const main = document.getElementById("exam");
const sections = [...main.querySelectorAll("[data-position]")];
const positionOf = (section) => Number(section.dataset.position);
const sectionAt = (position) => sections.find((section) => positionOf(section) === position);
const stateOf = (section) => ({ answer: widgets.read(section), flagged: isFlagged(section) });

/** What was last recorded or written of each question, as JSON. @type {Map<number, string>} */
const known = new Map();
for (const section of sections) known.set(positionOf(section), JSON.stringify(stateOf(section)));
/** Questions whose answer at the server this page has not seen yet. */
const blind = new Set(known.keys());

let savedAt;
let isFrozen = false;
let isLeaving = false;
let wasSignedOut = false;
/** Until all parts exist, there is nothing to show. */
let render = () => {};

const owner = { user: Number(main.dataset.user), attempt: Number(main.dataset.attempt) };
const store = await openStore(owner.user, owner.attempt, () => render());
const queue = new Queue(store, owner);
queue.startUnclaimed(await store.reserve());
const events = new EventLog();
const spent = new SpentTime();
const navigation = new Navigator(sections, (position) => spent.setCurrent(position));

const timer = new Timer(
  document.querySelector("[data-timer]"), Number(main.dataset.remainingMs), () => ending.timeUp(),
);
const sync = new Sync({
  url: main.dataset.saveUrl, queue, events, onResponse, onChange: () => render(),
});
const tab = new Tab({ main, sync, queue, onClaim, onChange: () => render(), onOver: leave });
const ending = new Ending({ sync, queue, leave, onChange: () => render() });
const dialogs = setUpDialogs(() => tab.isReadOnly, () => tab.claim());
const submit = setUpSubmit({
  questions: () => sections.map((section) => ({
    position: positionOf(section),
    isAnswered: widgets.read(section) !== null,
    isFlagged: isFlagged(section),
  })),
  sync, queue, goTo: (position) => navigation.goTo(position), onLeave: () => (isLeaving = true),
});

/** The candidate changed something in this question. */
function record(section) {
  const position = positionOf(section);
  const state = stateOf(section);
  const json = JSON.stringify(state);
  // One change may be reported twice, by `input` and by `change`.
  if (isFrozen || known.get(position) === json) return;
  known.set(position, json);
  navigation.show(position, state.answer !== null, state.flagged);
  queue.record(position, { ...state, spent_ms: spent.take(position), blind: blind.has(position) });
  sync.changed();
  render();
}

/** Show a state that does not come from the candidate's hand. */
function show(section, { answer, flagged }) {
  const position = positionOf(section);
  widgets.write(section, answer);
  setFlagged(section, flagged);
  known.set(position, JSON.stringify(stateOf(section)));
  blind.delete(position);
  navigation.show(position, answer !== null, flagged);
}

async function onClaim(claim, outcome) {
  await store.settled();
  const stored = await store.load();
  // From here to the end without a pause: no change can come between reading and writing.
  const merge = (position, mine, theirs) => {
    const section = sectionAt(position);
    return section ? widgets.merge(section, mine, theirs) : mine;
  };
  const shown = queue.adopt(claim, stored, merge);
  for (const section of sections) {
    show(section, shown.get(positionOf(section)) ?? { answer: null, flagged: false });
  }
  savedAt = new Date();
  timer.sync(claim.remaining_ms, outcome);
  ending.hear(claim.attempt, claim.remaining_ms);
}

function onResponse(body, token, outcome) {
  timer.sync(body.remaining_ms, outcome);
  const last = body.receipts?.at(-1);
  if (last) savedAt = new Date(last.at);
  // An answer to rows of an earlier token says nothing about this tab.
  if (body.tab === "read_only" && token === queue.token) tab.loseTo();
  showNotices(body.notices ?? []);
  ending.hear(body.attempt, body.remaining_ms);
}

function leave() {
  isLeaving = true;
  location.assign(main.dataset.doneUrl);
}

render = function renderNow() {
  const troubles = [tab.trouble, sync.trouble];
  const isSignedOut = troubles.includes("signed-out");
  const refused = queue.refusedRows()[0];
  const details = { at: savedAt, message: refused?.refused, isDurable: store.isDurable };
  if (ending.reason) details.words = text("time-up");

  let state = "saved";
  if (tab.isReadOnly) state = "read-only";
  else if (refused || troubles.includes("server") || isSignedOut) state = "failed";
  else if (troubles.includes("offline")) state = "offline";
  else if (!queue.isClaimed || queue.unsentPositions().size) state = "saving";
  showStatus(state, details);

  freeze(tab.isReadOnly || ending.reason !== null);
  dialogs.setTakenOver(tab.isReadOnly && !ending.reason);
  dialogs.setSignedOut(isSignedOut);
  wasSignedOut ||= isSignedOut;
  if (wasSignedOut && troubles.every((trouble) => trouble === "fine")) {
    wasSignedOut = false;
    renewCsrf(main);
  }
  submit.refresh();
};

function freeze(frozen) {
  if (frozen === isFrozen) return;
  isFrozen = frozen;
  for (const section of sections) widgets.setFrozen(section, frozen);
  document.querySelector("[data-open-submit]").disabled = frozen;
  if (ending.reason) {
    document.getElementById("submit-dialog").close();
    announce(text("time-up"));
  }
}

function retryNow() {
  tab.retryNow();
  sync.retryNow();
}

function onHidden() {
  store.hurry();
  sync.farewell();
}

for (const section of sections) {
  // Or the browser fills in, after a reload, what stood there before the claim.
  const fields = section.querySelectorAll("input, textarea, select");
  for (const field of fields) field.autocomplete = "off";
  const onChange = () => record(section);
  widgets.attach(section, onChange);
  attachFlag(section, onChange);
  section.querySelector("[data-clear]")?.addEventListener("click", () => {
    widgets.clear(section);
    record(section);
  });
  record(section); // what was typed while the store was being opened
}

listenToKeys(navigation, () => sectionAt(navigation.current));
watchPage(events, (target) => {
  const section = target.closest?.("[data-position]");
  return section ? positionOf(section) : null;
});
window.addEventListener("online", () => {
  tab.retryNow();
  sync.now();
});
// Believed only once a request fails: some machines report it with a working network.
window.addEventListener("offline", () => sync.now());
window.addEventListener("focus", retryNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") return onHidden();
  tab.retryNow();
  sync.now(); // timers sleep in hidden tabs, so the clock and the tab's state may be stale
});
window.addEventListener("pagehide", onHidden);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  isLeaving = false;
  sync.now();
});
window.addEventListener("beforeunload", (event) => {
  const isUnsent = queue.unsentPositions().size > 0 || queue.refusedRows().length > 0;
  if (!isUnsent || isLeaving) return;
  event.preventDefault();
  event.returnValue = true; // what older browsers look at
});

timer.start();
render();
tab.claim();
// While the first claim fails, the page at least shows what this browser still holds.
setTimeout(async () => {
  if (queue.isClaimed) return;
  const stored = await store.load();
  if (queue.isClaimed) return;
  for (const row of queue.newest(stored)) {
    const section = sectionAt(row.position);
    if (section && !queue.unsentPositions().has(row.position)) show(section, row);
  }
}, 1000);
