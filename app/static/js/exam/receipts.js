/** The dialog with the receipt of each answer: when it was stored, and the beginning of its proof. */
import { text } from "./texts.js";

/** So many of the 64 digits tell one receipt from another. */
const SHOWN_DIGITS = 12;

/** @typedef {{at: string, receipt: string, state: string}} Shown */

export class Receipts {
  /** The last receipt of each question. @type {Map<number, Shown>} */
  #last = new Map();
  #dialog = document.getElementById("receipts-dialog");
  #questions;
  #unsent;
  /** What the dialog shows, to touch it only when that changes. */
  #shown = "";

  /**
   * @param {object} parts
   * @param {() => {position: number, isAnswered: boolean}[]} parts.questions
   * @param {() => Set<number>} parts.unsent positions with a change that has no receipt
   */
  constructor({ questions, unsent }) {
    this.#questions = questions;
    this.#unsent = unsent;
    document.querySelector("[data-open-receipts]").addEventListener("click", () => {
      this.#shown = "";
      this.#fillIn();
      this.#dialog.showModal();
    });
    this.#dialog.querySelector("[data-close]").addEventListener("click", () => this.#dialog.close());
  }

  /** @param {number} position @param {Shown} receipt */
  note(position, receipt) {
    if (receipt.at && receipt.receipt) this.#last.set(position, receipt);
  }

  /** While the dialog is open it stays true. */
  refresh() {
    if (this.#dialog.open) this.#fillIn();
  }

  #fillIn() {
    const unsent = this.#unsent();
    const questions = this.#questions();
    const shown = JSON.stringify([[...unsent], [...this.#last]]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const rows = questions.map(({ position }) => this.#row(position, unsent.has(position)));
    this.#dialog.querySelector("[data-receipts]").replaceChildren(...rows);
    this.#dialog.querySelector("[data-receipts-summary]").textContent = text("receipts-summary", {
      stored: this.#last.size, all: questions.length, unsent: unsent.size,
    });
    this.#dialog.querySelector("[data-unsent-only]").hidden = !unsent.size;
  }

  #row(position, isUnsent) {
    const receipt = this.#last.get(position);
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = text("question", { number: position });
    const row = document.createElement("tr");
    row.append(
      head,
      cell("receipts-time", receipt ? timeOf(receipt.at) : "–"),
      cell("receipts-code", receipt ? codeOf(receipt.receipt) : "–"),
      cell("receipts-state", stateOf(receipt, isUnsent)),
    );
    return row;
  }
}

function stateOf(receipt, isUnsent) {
  if (isUnsent) return text("receipt-unsent");
  if (!receipt) return text("receipt-none");
  return text(receipt.state === "held" ? "receipt-held" : "receipt-stored");
}

const timeOf = (at) => new Date(at).toLocaleTimeString("en-GB");

function codeOf(receipt) {
  const code = document.createElement("code");
  code.textContent = receipt.slice(0, SHOWN_DIGITS);
  return code;
}

/** On a phone each cell carries its column's name. */
function cell(label, content) {
  const made = document.createElement("td");
  made.dataset.label = text(label);
  made.append(content);
  return made;
}
