/** The exam page: puts the parts together. What each part does is told in its own file. */
import { markup } from "./markup.js"; // first, before anything changes the page
import { AnswerFile } from "./answer_file.js";
import { announce } from "./announce.js";
import { Copy } from "./copy.js";
import { renewCsrf } from "./csrf.js";
import { setUpTakenOver, showLeftOver } from "./dialogs.js";
import { Ending } from "./ending.js";
import { EventLog, watchPage } from "./events.js";
import { setUpHandings } from "./handings.js";
import { Kept } from "./kept.js";
import { listenToKeys } from "./keyboard.js";
import { Navigator } from "./navigator.js";
import { Notices } from "./notices.js";
import { PageLife } from "./page_life.js";
import { Pausing } from "./pausing.js";
import { startPulse } from "./pulse.js";
import { positionOf, Questions } from "./questions.js";
import { isNewer, Queue } from "./queue.js";
import { Receipts } from "./receipts.js";
import { Rescue } from "./rescue.js";
import { setUpSignIn } from "./sign_in.js";
import { SpentTime } from "./spent.js";
import { showStatus } from "./status.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { Tab } from "./tab.js";
import { text } from "./texts.js";
import { sincePageWasSent, Timer } from "./timer.js";

const main = document.getElementById("exam");
const owner = { user: Number(main.dataset.user), attempt: Number(main.dataset.attempt) };

let savedAt;
let wasAway = false;
let isTokenFresh = false;
/** Until all parts exist, there is nothing to show. */
let render = () => {};

const store = await openStore(owner.user, owner.attempt, () => render());
const kept = new Kept(store, owner);
const stored = await kept.load();
const queue = new Queue(store, owner);
queue.startUnclaimed(await store.reserve(), await store.load());

const copy = new Copy(main, markup);
const events = new EventLog();
const spent = new SpentTime();
const notices = new Notices(kept);
const questions = new Questions({
  main, onChange: record, onShow: (...state) => navigation.show(...state),
});
const navigation = new Navigator(questions.sections, (position) => spent.setCurrent(position));
const receipts = new Receipts({
  questions: () => questions.summary(), unsent: () => queue.openPositions(),
});
const file = new AnswerFile({ owner, key: main.dataset.answerKey, store, queue });
const rescue = new Rescue(file.isPossible);

const timer = new Timer({
  place: document.querySelector("[data-timer]"),
  remaining: remainingAtFirst(),
  onMark: (minutes) => notices.warn(minutes),
  onZero: () => {
    noteAbsences();
    ending.timeUp();
  },
});
const sync = new Sync({
  url: main.dataset.saveUrl, queue, events, seenNotice: () => notices.seen,
  onReceipts, onResponse, onChange: onRequest,
});
const tab = new Tab({
  main, sync, queue, onClaim, onChange: () => render(),
  onPaused: () => pausing.begin(false), onOver: onClosed,
});
const ending = new Ending({ sync, queue, leave, onStuck, onChange: () => render() });
const life = new PageLife({ sync, tab, store, queue });
const pausing = new Pausing({ main, copy, deliver, onLeave: () => life.letGo() });
const isTakenOver = () => tab.isReadOnly && !ending.reason && !pausing.hasBegun;
const showTakenOver = setUpTakenOver(isTakenOver, () => tab.claim());
const signIn = setUpSignIn({ main, onSignedIn });
const handings = setUpHandings({
  main, queue, copy, deliver,
  questions: () => questions.summary(),
  goTo: (position) => navigation.goTo(position),
  onLeave: () => life.letGo(),
});
const noteAbsences = watchPage(events, (target) => positionOf(target.closest?.("[data-position]")));

// ── what the candidate does ─────────────────────────────────────────────────────────────────

/** The candidate changed something in this question. */
function record(position, change) {
  queue.record(position, { ...change, spent_ms: spent.take(position) });
  sync.changed();
  render();
}

/** Send everything; whether it worked in time. @param {number} patience in ms */
function deliver(patience) {
  noteAbsences();
  return sync.flush(patience);
}

function onSignedIn() {
  isTokenFresh = true;
  life.retry();
}

// ── what the server says ────────────────────────────────────────────────────────────────────

/** @param {import("./types.js").Claim} claim */
async function onClaim(claim, outcome) {
  await store.settled();
  const left = await store.load();
  // From here to the end without a pause: no change can come between reading and writing.
  const shown = queue.adopt(claim, left, (...parts) => questions.merge(...parts));
  const answers = new Map(Object.entries(claim.answers).map(([key, value]) => [Number(key), value]));
  for (const [position, answer] of answers) receipts.note(position, answer);
  kept.replaceAnswers(answers);
  kept.forgetOthers();
  if (claim.section !== Number(main.dataset.section)) return openAgain();
  questions.showAll(shown);
  savedAt = new Date();
  hear(claim, outcome);
  copy.renew(claim.remaining_ms);
}

function onResponse(body, token, outcome) {
  // An answer to rows of an earlier token says nothing about this tab.
  if (body.tab === "read_only" && token === queue.token) tab.loseTo();
  hear(body, outcome);
}

/** What every answer of the server tells. */
function hear({ attempt, remaining_ms: remaining, notices: news = [] }, outcome) {
  if (news.some(({ id, kind }) => kind === "time_added" && id > notices.seen)) {
    notices.takeBackWarning();
  }
  timer.sync(remaining, outcome);
  kept.keepTime(remaining);
  notices.hear(news);
  if (attempt === "paused") pausing.begin(queue.isClaimed);
  else ending.hear(attempt, remaining);
}

/** Before the rows leave the queue, so that at no moment they are nowhere. */
function onReceipts(rows, given) {
  const answers = new Map();
  for (const receipt of given) {
    const row = rows.find(({ position, seq }) => position === receipt.position && seq === receipt.seq);
    if (!row || receipt.state === "superseded") continue;
    savedAt = new Date(receipt.at);
    receipts.note(row.position, receipt);
    if (receipt.state !== "accepted") continue;
    const { answer, flagged, epoch, seq } = row;
    answers.set(row.position, { answer, flagged, epoch, seq, at: receipt.at, receipt: receipt.receipt });
  }
  kept.addAnswers(answers);
}

function onRequest() {
  ending.check();
  render();
}

/** The attempt was over before this page could claim it: what is left is offered, then it goes. */
async function onClosed() {
  await store.settled();
  queue.close(await store.load());
  ending.over();
}

// ── leaving ─────────────────────────────────────────────────────────────────────────────────

function leave() {
  kept.forget();
  copy.remove();
  life.goTo(main.dataset.doneUrl);
}

/** Another part of the exam is open than the one on this page. */
async function openAgain() {
  await copy.remove();
  life.goTo(main.dataset.pageUrl);
}

function onStuck() {
  showLeftOver(queue.unsentRows().length, file.isPossible, leave);
}

// ── what this browser still holds ───────────────────────────────────────────────────────────

/** The server's last word before this page; a page from the copy is older than that. */
function remainingAtFirst() {
  const asSent = Number(main.dataset.remainingMs) - sincePageWasSent();
  return copy.isOpen ? (kept.remaining ?? asSent) : asSent;
}

/** Until the first claim works, the page shows what this browser knows. */
function showWhatIsKept() {
  const shown = new Map(stored);
  for (const row of queue.newest()) {
    const theirs = stored.get(row.position);
    if (!theirs || isNewer(row, theirs)) shown.set(row.position, row);
  }
  for (const [position, state] of shown) questions.show(position, state);
  for (const [position, answer] of stored) receipts.note(position, { ...answer, state: "accepted" });
}

// ── showing the state ───────────────────────────────────────────────────────────────────────

render = function renderNow() {
  const troubles = [tab.trouble, sync.trouble];
  const isAway = troubles.includes("signed-out") || troubles.includes("stranger");
  const isTrouble = troubles.some((trouble) => trouble !== "fine");
  const refused = queue.refusedRows()[0];
  const unsent = queue.openPositions().size;
  const reason = text(isAway ? "logged-out" : "no-server");
  const details = {
    at: savedAt, message: refused?.refused || tab.message || reason, isDurable: store.isDurable,
  };
  if (ending.reason) details.words = text(isTrouble && unsent ? "time-up-unsent" : "time-up");

  let state = "saved";
  if (tab.isReadOnly) state = "read-only";
  else if (refused || troubles.includes("server") || isAway) state = "failed";
  else if (troubles.includes("offline")) state = "offline";
  else if (!queue.isClaimed || queue.unsentPositions().size) state = "saving";
  showStatus(state, details);

  freeze(tab.isReadOnly || ending.reason !== null || pausing.hasBegun);
  showTakenOver();
  signIn.ask(troubles.includes("stranger") ? "stranger" : isAway ? "nobody" : null);
  wasAway ||= isAway;
  if (wasAway && !isTrouble) onBack();
  // Another language is another page, and there is none to be had now.
  for (const button of document.querySelectorAll(".exam-bar [name=language]")) {
    button.disabled = isTrouble;
  }
  handings.refresh();
  receipts.refresh();
  rescue.update({ isTrouble, unsent, isTimeUp: ending.reason !== null });
};

/** Logged in again, here or in another window. */
function onBack() {
  if (!isTokenFresh) renewCsrf(main);
  wasAway = isTokenFresh = false;
  copy.renew(timer.remaining); // whoever logs in removes it
}

function freeze(frozen) {
  if (frozen === questions.isFrozen) return;
  questions.freeze(frozen);
  handings.freeze(frozen);
  if (ending.reason) announce(text("time-up"));
}

questions.attach();
showWhatIsKept();
file.attach();
listenToKeys(navigation, () => questions.at(navigation.current));
startPulse(() => {
  timer.tick();
  sync.beat();
  render();
});
timer.start();
render();
tab.claim();
