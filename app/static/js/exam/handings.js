/** The three dialogs of the exam page that end something: the exam, a part of it, the work. */
import { post } from "./api.js";
import { renewCsrf } from "./csrf.js";
import { setUpHanding } from "./handing.js";
import { text } from "./texts.js";

/**
 * @param {object} parts
 * @param {HTMLElement} parts.main
 * @param {import("./queue.js").Queue} parts.queue
 * @param {import("./copy.js").Copy} parts.copy
 * @param {(patience: number) => Promise<boolean>} parts.deliver
 * @param {() => {position: number, isAnswered: boolean, isFlagged: boolean}[]} parts.questions
 * @param {(position: number) => void} parts.goTo
 * @param {() => void} parts.onLeave just before the page goes
 */
export function setUpHandings({ main, queue, copy, deliver, questions, goTo, onLeave }) {
  const send = (form) => {
    onLeave();
    form.submit();
    return "";
  };
  const acts = {
    submit: send,
    // The copy shows the questions, and a break hides them.
    break: (form) => copy.remove().then(() => send(form)),
    section: () => finishSection({ main, queue, copy, onLeave }),
  };
  const openers = [...document.querySelectorAll("[data-open-handing]")];
  const handings = openers.map((opener) => {
    const name = opener.dataset.openHanding;
    const dialog = document.getElementById(`${name}-dialog`);
    return setUpHanding({ dialog, opener, questions, deliver, queue, goTo, act: acts[name] });
  });

  return {
    refresh() {
      for (const handing of handings) handing.refresh();
    },
    /** @param {boolean} frozen */
    freeze(frozen) {
      for (const opener of openers) opener.disabled = frozen;
      if (frozen) for (const handing of handings) handing.close();
    },
  };
}

/** @returns {Promise<string>} what stood in the way */
async function finishSection({ main, queue, copy, onLeave }) {
  const { sectionUrl, section, pageUrl } = main.dataset;
  const body = { section: Number(section), epoch: queue.epoch };
  const ask = () => post(sectionUrl, body, { csrf: main.dataset.csrf });
  let outcome = await ask();
  if (outcome.kind === "refused") {
    await renewCsrf(main);
    outcome = await ask();
  }
  // A conflict: it was closed already, or the exam is no longer there. The server knows.
  if (outcome.kind !== "ok" && outcome.kind !== "conflict") return text("no-answer");
  await copy.remove();
  onLeave();
  location.assign(pageUrl);
  return "";
}
