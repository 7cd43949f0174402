/** Handing in: the dialog with the counts, and the wait until everything has its receipt. */
import { text } from "./texts.js";

const PATIENCE_MS = 10_000;

/**
 * @param {object} parts
 * @param {() => {position: number, isAnswered: boolean, isFlagged: boolean}[]} parts.questions
 * @param {import("./sync.js").Sync} parts.sync
 * @param {import("./queue.js").Queue} parts.queue
 * @param {(position: number) => void} parts.goTo
 * @param {() => void} parts.onLeave just before the form is submitted
 */
export function setUpSubmit({ questions, sync, queue, goTo, onLeave }) {
  const dialog = document.getElementById("submit-dialog");
  const form = document.getElementById("submit-form");
  const problem = dialog.querySelector("[data-submit-problem]");
  const confirm = form.querySelector("button:not([type=button])");
  let isWaiting = false;

  const setProblem = (words) => {
    problem.hidden = !words;
    if (problem.textContent !== words) problem.textContent = words;
  };

  document.querySelector("[data-open-submit]").addEventListener("click", () => {
    fillIn(dialog, questions(), (position) => {
      dialog.close();
      goTo(position);
    });
    setProblem("");
    dialog.showModal();
    sync.now();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isWaiting) return;
    isWaiting = true;
    confirm.disabled = true;
    dialog.setAttribute("aria-busy", "true");
    const isDelivered = await sync.flush(PATIENCE_MS);
    confirm.disabled = false;
    dialog.removeAttribute("aria-busy");
    isWaiting = false;
    if (!dialog.open) return; // the candidate went back to the questions meanwhile
    if (isDelivered && !queue.refusedRows().length) {
      onLeave();
      form.submit();
      return;
    }
    setProblem(describeProblem(queue));
  });

  return {
    /** Keep the sentence about unsent answers true while they are being retried. */
    refresh() {
      if (!problem.hidden) setProblem(describeProblem(queue));
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
  const links = questions
    .filter((question) => !question.isAnswered)
    .flatMap(({ position }) => [linkTo(position, onChoose), " "]);
  dialog.querySelector("[data-blank-list]")?.replaceChildren(...links);
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
  const count = queue.isClaimed ? queue.unsentPositions().size : queue.unsentPositions().size || 1;
  return count ? text("unsent", { count }) : "";
}
