/**
 * Keeps what is written: at once in this browser, soon on the server. An answer that gets lost
 * is asked for again; an older draft never replaces a newer one (seq counts the changes).
 */
import { readSheet } from "./sheet.js";
import { send } from "./send.js";
import { text } from "./texts.js";

const SOON_MS = 1200;
const AGAIN_MS = 8000;
/** What a browser still sends while the page is being left; more than that stays in the copy. */
const LARGEST_PARTING = 60_000;

/**
 * @param {{main: HTMLElement, form: HTMLFormElement, copy: import("./local_copy.js").LocalCopy,
 *   onSignedOut: () => void, onSaved: (body: any) => void}} parts
 */
export function setUpAutosave({ main, form, copy, onSignedOut, onSaved }) {
  const shown = document.getElementById("saved");
  const { seq: seqField } = form.elements;
  let stored = Number(seqField.value);
  let timer = null;
  let running = null;
  let isOver = false;
  let isKept = true;

  const say = (words, state = "") => {
    shown.textContent = words;
    shown.parentElement.dataset.state = state;
  };

  async function store() {
    const seq = Number(seqField.value);
    if (isOver || seq <= stored) return;
    say(text("saving"));
    const fields = new URLSearchParams(new FormData(form));
    const keepalive = document.hidden && fields.toString().length < LARGEST_PARTING;
    const outcome = await send(main, main.dataset.autosaveUrl, fields, { keepalive });
    if (outcome.kind === "ok" && outcome.body.is_stored) {
      stored = Math.max(stored, seq);
      copy.forget(seq);
      if (!main.dataset.question) stayHere(outcome.body.draft);
      say(text("saved-at", { time: outcome.body.saved_at }));
      onSaved(outcome.body);
    } else if (outcome.kind === "ok") {
      isOver = true;
      say(text("elsewhere"), "bad");
    } else if (outcome.kind === "signed-out") {
      say(text("signed-out"), "bad");
      onSignedOut();
    } else {
      const words = outcome.kind === "offline" ? text("kept-here") : text("kept-nowhere", outcome);
      say(words, "bad");
      later(AGAIN_MS);
    }
    if (outcome.kind === "ok" && Number(seqField.value) > stored) later(SOON_MS);
  }

  /** A reload of a new question finds its draft again. */
  function stayHere(draft) {
    const address = new URL(main.dataset.draftUrl, location.href);
    address.searchParams.set("draft", draft);
    if (location.href !== address.href) history.replaceState(null, "", address);
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  }

  /** Send now what is not stored yet. @returns {Promise<void>} */
  async function flush() {
    clearTimeout(timer);
    await running;
    running = store().finally(() => (running = null));
    await running;
  }

  return {
    /** The form has changed. */
    touch() {
      seqField.value = String(Number(seqField.value) + 1);
      const version = Number(form.elements.from_version.value);
      isKept = copy.keep(Number(seqField.value), readSheet(form), version);
      say(text("changed"));
      later(SOON_MS);
    },
    flush,
    get isStored() {
      return isOver || Number(seqField.value) <= stored;
    },
    /** Whether this browser has it, should the page be left before the server does. */
    get isKept() {
      return isKept;
    },
    /**
     * Saved as a version up to seq, or thrown away: nothing is sent from here any more. What was
     * written after it stays in the copy.
     */
    end(seq = Infinity) {
      isOver = true;
      clearTimeout(timer);
      copy.forget(seq);
    },
    /** Saved as a version up to seq, while more was written: that is sent from now on. */
    async goOn(seq) {
      clearTimeout(timer);
      await running;
      isOver = false;
      stored = Math.max(stored, seq);
      this.touch();
    },
    say,
  };
}
