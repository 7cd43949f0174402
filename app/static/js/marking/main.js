/** The marking desk: puts its parts together. Without it the form still marks. */
import { isForThePage, showKeys } from "../bank/keys.js";
import { setUpSignIn } from "../exam/sign_in.js";
import { send } from "../editor/send.js";
import { announce, text } from "../editor/texts.js";
import { setUpDraft } from "./draft.js";

const main = document.getElementById("desk");
const form = document.getElementById("mark-form");
const criteria = [...form.querySelectorAll("[data-criterion]")];
const signIn = setUpSignIn({ main, onSignedIn: signedIn });
const draft = setUpDraft({ main, form, onSignedOut: () => signIn.ask("nobody"), onPoints: showPoints });
let isSending = false;
let wanted = null;

function showPoints(points) {
  form.querySelector("[data-points]").textContent = points ?? "–";
}

async function signedIn() {
  signIn.ask(null);
  await draft.flush();
  if (wanted !== null) await finish(wanted);
}

/** @param {string} then */
async function finish(then) {
  if (isSending) return;
  isSending = true;
  wanted = null;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("then", then);
  const outcome = await send(main, main.dataset.target, fields);
  isSending = false;
  if (outcome.kind === "ok" && outcome.body.location) {
    draft.end();
    location.assign(outcome.body.location);
  } else if (outcome.kind === "signed-out") {
    wanted = then;
    draft.say(text("signed-out"), "bad");
    signIn.ask("nobody");
  } else if (outcome.kind === "refused") {
    draft.say(outcome.message, "bad");
    announce(outcome.message);
    criteria.find((one) => !one.querySelector(":checked"))?.focus();
  } else {
    draft.say(text("kept-here"), "bad");
  }
}

const at = () => criteria.findIndex((one) => one.contains(document.activeElement));

function move(by) {
  const here = at();
  const next = here < 0 ? (by > 0 ? 0 : criteria.length - 1) : here + by;
  const target = criteria[Math.min(Math.max(next, 0), criteria.length - 1)];
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/** A digit chooses in the criterion where one is, or in the first one that is still open. */
function choose(digit) {
  const here = at();
  const criterion = criteria[here] ?? criteria.find((one) => !one.querySelector(":checked")) ?? criteria[0];
  const field = criterion?.querySelector(`[data-digit="${digit}"]`);
  if (!field) return;
  field.click();
  if (field.type === "radio") {
    const next = criteria[criteria.indexOf(criterion) + 1];
    (next ?? criterion).focus();
    (next ?? criterion).scrollIntoView({ block: "nearest" });
  }
}

function suggest() {
  const button = form.querySelector("[data-suggest]");
  if (!button) return;
  const ticks = new Set(button.dataset.ticks.trim().split(/\s+/).filter(Boolean));
  for (const field of form.querySelectorAll('[name^="ticked."]')) field.checked = ticks.has(field.name.slice(7));
  form.elements.none.checked = false;
  draft.touch();
}

function toggleModels() {
  const models = [...form.querySelectorAll("[data-model]")];
  const isOpen = models.some((one) => one.open);
  for (const one of models) one.open = !isOpen;
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  c: () => form.elements.comment.focus(),
  m: toggleModels,
  o: () => form.elements.own?.focus(),
  s: suggest,
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Escape" && field.matches?.("#comment, #own")) return field.blur();
  if (event.key === "Enter" && field.form === form && (event.ctrlKey || field.matches("input"))) {
    event.preventDefault();
    return void finish("next");
  }
  if (!isForThePage(event)) return;
  if (event.key === "Enter") {
    if (field.matches?.("button, a, summary")) return;
    event.preventDefault();
    return void finish("next");
  }
  const act = /^[0-9]$/.test(event.key) ? () => choose(event.key) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

form.addEventListener("input", (event) => {
  const { name, checked } = event.target;
  if (name === "none" && checked) for (const field of form.querySelectorAll('[name^="ticked."]')) field.checked = false;
  if (name.startsWith("ticked.") && checked) form.elements.none.checked = false;
  draft.touch();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  finish(event.submitter?.value ?? "next");
});
form.querySelector("[data-suggest]")?.addEventListener("click", suggest);
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", () => {
    const words = button.closest("li").querySelector("[data-shared]").textContent;
    const { comment } = form.elements;
    comment.value = comment.value ? `${comment.value}\n${words}` : words;
    comment.focus();
    draft.touch();
  });
}
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
draft.bringBack();
main.dataset.ready = "true";
