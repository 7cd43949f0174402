/** Pictures, pasted or chosen: sent as they are, and put where the cursor is, with their words. */
import { send } from "./send.js";
import { announce, text } from "./texts.js";

const LARGEST = 2 * 1024 * 1024;

/** @param {{main: HTMLElement, form: HTMLFormElement, onChange: (field: HTMLElement) => void}} parts */
export function setUpPictures({ main, form, onChange }) {
  const dialog = document.getElementById("picture-dialog");
  const picker = document.getElementById("picture-file");
  const alt = document.getElementById("picture-alt");
  const problem = dialog.querySelector("[data-problem]");
  const named = dialog.querySelector("[data-picture-name]");
  const button = dialog.querySelector("button[value=insert]");
  let target = form.querySelector("[data-markdown]");
  let pasted = null;
  let cursor = [0, 0];

  form.addEventListener("focusin", (event) => {
    if ("markdown" in event.target.dataset) target = event.target;
  });
  form.addEventListener("paste", (event) => take(event, event.clipboardData));
  form.addEventListener("drop", (event) => take(event, event.dataTransfer));

  function take(event, data) {
    if (!("markdown" in event.target.dataset)) return;
    const file = [...(data?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    target = event.target;
    open(file);
  }

  function open(file = null) {
    if (!target.isConnected) target = form.querySelector("[data-markdown]");
    // Taken now: a dialog that closes puts the focus back, and the cursor to the beginning.
    cursor = [target.selectionStart, target.selectionEnd];
    pasted = file;
    picker.value = "";
    picker.parentElement.hidden = Boolean(file);
    named.hidden = !file;
    named.textContent = file ? `${text("pasted")} (${Math.ceil(file.size / 1024)} KB)` : "";
    alt.value = "";
    alt.lang = target.lang;
    complain("");
    dialog.showModal();
    (file ? alt : picker).focus();
  }

  function complain(words) {
    problem.hidden = !words;
    problem.textContent = words;
  }

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = pasted ?? picker.files[0];
    if (!file) return complain(text("choose-picture"));
    if (file.size > LARGEST) return complain(text("too-large"));
    button.disabled = true;
    complain("");
    announce(text("uploading"));
    const outcome = await send(main, main.dataset.pictureUrl, file);
    button.disabled = false;
    if (outcome.kind !== "ok") return complain(outcome.message ?? text("no-answer"));
    dialog.close();
    insert(`![${wordsOf(alt.value)}](medium:${outcome.body.name})`);
    announce(outcome.body.said);
  });

  function insert(markdown) {
    target.focus();
    target.setRangeText(markdown, ...cursor, "end");
    onChange(target);
  }

  return { open };
}

/** What would end the words of a picture early is left out. */
const wordsOf = (typed) => typed.replace(/[[\]\n\r]/g, " ").trim();
