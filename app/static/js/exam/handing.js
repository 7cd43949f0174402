/**
 * Dialogs that end something (the exam, a part of it, the time until a break): they count, wait
 * until everything has its receipt, and only then act.
 */
import { text } from "./texts.js";

const PATIENCE_MS = 10_000;

/**
 * @param {object} parts
 * @param {HTMLDialogElement} parts.dialog with a form inside
 * @param {HTMLButtonElement} parts.opener
 * @param {() => {position: number, isAnswered: boolean, isFlagged: boolean}[]} parts.questions
 * @param {(patience: number) => Promise<boolean>} parts.deliver
 * @param {import("./queue.js").Queue} parts.queue
 * @param {(position: number) => void} parts.goTo
 * @param {(form: HTMLFormElement) => Promise<string> | string} parts.act
 *   goes on from here, or returns what stood in the way
 */
export function setUpHanding({ dialog, opener, questions, deliver, queue, goTo, act }) {
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector("[data-problem]");
  const confirm = form.querySelector("button:not([type=button])");
  let isWaiting = false;
  let isOfAnswers = false;

  const setProblem = (words) => {
    problem.hidden = !words;
    if (problem.textContent !== words) problem.textContent = words;
  };
  const setWaiting = (waiting) => {
    isWaiting = waiting;
    confirm.disabled = waiting;
    dialog.setAttribute("aria-busy", String(waiting));
  };

  opener.addEventListener("click", () => {
    fillIn(dialog, questions(), (position) => {
      dialog.close();
      goTo(position);
    });
    setProblem("");
    dialog.showModal();
    deliver(0);
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isWaiting) return;
    setWaiting(true);
    const isDelivered = await deliver(PATIENCE_MS);
    // Unless the candidate went back to the questions meanwhile.
    if (dialog.open) {
      isOfAnswers = !isDelivered || queue.refusedRows().length > 0;
      setProblem(isOfAnswers ? describeProblem(queue) || text("no-answer") : await act(form));
    }
    setWaiting(false);
  });

  return {
    /** Keep the sentence about unsent answers true while they are being retried. */
    refresh() {
      if (!problem.hidden && isOfAnswers) setProblem(describeProblem(queue));
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
}

function fillIn(dialog, questions, onChoose) {
  const counts = {
    answered: questions.filter((question) => question.isAnswered).length,
    blank: questions.filter((question) => !question.isAnswered).length,
    flagged: questions.filter((question) => question.isFlagged).length,
  };
  for (const [name, count] of Object.entries(counts)) {
    const place = dialog.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = String(count);
  }
  const list = dialog.querySelector("[data-blank-list]");
  if (!list) return;
  const links = questions
    .filter((question) => !question.isAnswered)
    .flatMap(({ position }) => [linkTo(position, onChoose), " "]);
  list.replaceChildren(...links);
  list.parentElement.hidden = !counts.blank;
}

function linkTo(position, onChoose) {
  const link = document.createElement("a");
  link.href = `#q${position}`;
  link.textContent = text("question", { number: position });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    onChoose(position);
  });
  return link;
}

/** @returns {string} empty when there is none */
function describeProblem(queue) {
  const refused = queue.refusedRows()[0];
  if (refused) {
    const where = text("question", { number: refused.position });
    return `${where} ${text("failed", { message: refused.refused })}`;
  }
  const count = queue.unsentPositions().size || (queue.isClaimed ? 0 : 1);
  return count ? text("unsent", { count }) : "";
}
