/** The editor of a question: puts its parts together. Without it the form still saves. */
import { setUpSignIn } from "../exam/sign_in.js";
import { setUpAutosave } from "./autosave.js";
import { setUpChecks } from "./checks.js";
import { History } from "./history.js";
import { setUpKeyboard } from "./keyboard.js";
import { LocalCopy } from "./local_copy.js";
import { setUpPictures } from "./pictures.js";
import { setUpPresence } from "./presence.js";
import { setUpPreview, setUpSimilar, setUpTrying } from "./preview.js";
import { setUpRows } from "./rows.js";
import { send } from "./send.js";
import { numberAll, writeSheet } from "./sheet.js";
import { announce, text } from "./texts.js";

const CHECK_AFTER_MS = 600;
const SIMILAR_AFTER_MS = 2500;

const main = document.getElementById("editor");
const form = document.getElementById("question-form");
const copy = new LocalCopy(main);
const showPresence = setUpPresence(main);
const checks = setUpChecks({ main, form });
const preview = setUpPreview({ main, form });
const showSimilar = setUpSimilar({ main, form });
const tryOut = setUpTrying({ main, form });
const signIn = setUpSignIn({ main, onSignedIn: signedIn });
const autosave = setUpAutosave({
  main, form, copy,
  onSignedOut: () => signIn.ask("nobody"),
  onSaved: (body) => main.dataset.question && showPresence(body),
});
const steps = new History(form, changed);
const pictures = setUpPictures({ main, form, onChange: (field) => steps.note(field.name) });
let checkTimer = null;
let similarTimer = null;
let isSaving = false;

function changed() {
  for (const [name, may] of [["undo", steps.canUndo], ["redo", steps.canRedo]]) {
    document.querySelector(`.editor-bar [data-command="${name}"]`).disabled = !may;
  }
  autosave.touch();
  lookAgain();
}

function lookAgain() {
  clearTimeout(checkTimer);
  clearTimeout(similarTimer);
  checkTimer = setTimeout(() => {
    checks.check();
    preview.show();
    tryOut();
  }, CHECK_AFTER_MS);
  similarTimer = setTimeout(showSimilar, SIMILAR_AFTER_MS);
}

async function signedIn() {
  signIn.ask(null);
  await autosave.flush();
  lookAgain();
}

/** @param {"" | "next"} then */
async function save(then) {
  if (isSaving) return;
  isSaving = true;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("then", then);
  const seq = Number(fields.get("seq"));
  const outcome = await send(main, main.dataset.target, fields);
  isSaving = false;
  if (outcome.kind === "ok" && outcome.body.location) {
    await saved(outcome.body, seq);
  } else if (outcome.kind === "signed-out") {
    signIn.ask("nobody");
  } else if (outcome.code === "edited-meanwhile") {
    // The page of the draft shows what is different.
    await autosave.flush();
    location.reload();
  } else if (outcome.kind === "refused") {
    autosave.say(outcome.message, "bad");
    announce(outcome.message);
    await checks.check();
    if (outcome.code === "unfinished") checks.goToFault();
  } else {
    autosave.say(text("kept-here"), "bad");
  }
}

/** Leave, unless something was written while the save was on its way. */
async function saved(body, seq) {
  form.elements.from_version.value = String(body.version);
  main.dataset.version = String(body.version);
  if (Number(form.elements.seq.value) === seq) {
    autosave.end(seq);
    location.assign(body.location);
    return;
  }
  if (!main.dataset.question) becomes(body);
  await autosave.goOn(seq);
  const words = text("saved-but", { version: body.version });
  autosave.say(words);
  announce(words);
}

/** The new question exists: from now on the form edits it. */
function becomes({ question, edit }) {
  const { seq, sheet } = copy.read() ?? {};
  copy.forget(Infinity);
  main.dataset.question = question;
  main.dataset.target = edit;
  form.elements.question.value = question;
  form.action = edit;
  if (sheet) copy.keep(seq, sheet, Number(form.elements.from_version.value));
  history.replaceState(null, "", edit);
}

const commands = {
  save: () => save(""),
  next: () => save("next"),
  new: () => leaveTo(main.dataset.newUrl),
  duplicate: () => leaveTo(main.dataset.duplicateUrl),
  undo: () => steps.undo() && announce(text("undone")),
  redo: () => steps.redo() && announce(text("redone")),
  picture: () => pictures.open(),
  preview: () => preview.toggle(),
  language: () => preview.otherLanguage(),
  width: () => preview.otherWidth(),
  findings: () => checks.toggle(),
  finding: () => checks.goToNext(),
};
for (const number of [1, 2, 3, 4, 5]) {
  commands[`group-${number}`] = () => {
    const group = document.getElementById(`group-${number}`);
    (group.querySelector("textarea, input:not([type=hidden]), select") ?? group).focus();
  };
}

async function leaveTo(url) {
  if (!url) return;
  await autosave.flush();
  location.assign(url);
}

/** What had not reached the server when this browser last had the question open. */
function bringBack() {
  const kept = copy.read();
  if (!kept) return;
  if (kept.seq <= Number(form.elements.seq.value)) {
    copy.forget(kept.seq); // the parting page had still sent it
    return;
  }
  writeSheet(form, kept.sheet);
  form.elements.seq.value = String(kept.seq);
  form.elements.from_version.value = String(kept.version);
  if (steps.note()) announce(text("from-here"));
}

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
numberAll(form);
setUpRows(form, () => steps.note());
setUpKeyboard({ form, commands });
form.addEventListener("input", (event) => steps.note(event.target.name));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(event.submitter?.value ?? "");
});
document.querySelector("[data-discard]")?.addEventListener("submit", (event) => {
  event.target.elements.seq.value = form.elements.seq.value;
  autosave.end();
});
document.addEventListener("visibilitychange", () => document.hidden && autosave.flush());
window.addEventListener("pagehide", () => autosave.flush());
window.addEventListener("online", () => autosave.flush());
window.addEventListener("beforeunload", (event) => {
  if (!autosave.isStored && !autosave.isKept) event.preventDefault();
});
bringBack();
if ("merged" in main.dataset) {
  history.replaceState(null, "", main.dataset.target);
  autosave.touch();
}
lookAgain();
main.dataset.ready = "true";
