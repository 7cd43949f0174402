/**
 * The forms of the acts in one dialog. Without this script they are pages of their own; the
 * server renders the same form for both, and a refused one comes back as it was filled in.
 */
import { announce } from "./announce.js";
import { text } from "./texts.js";

/** @param {() => unknown} onDone after an act was done */
export function setUpActs(onDone) {
  const dialog = document.getElementById("act-dialog");
  if (!dialog) return;
  let opener = null;

  document.getElementById("desk-form")?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const address = new URL(button.formAction, location.href);
    address.search = new URLSearchParams(new FormData(event.target, button)).toString();
    open(address, button);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-act-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(new URL(link.href), link);
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus());

  /** @param {URL} address @param {HTMLElement} from gets the focus back */
  async function open(address, from) {
    const menu = from.closest("details.menu");
    opener = menu?.querySelector("summary") ?? from;
    if (menu) menu.open = false;
    address.searchParams.set("fragment", "form");
    try {
      const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
      if (!show(await response.text())) notify(text("unopened"), "bad");
    } catch {
      notify(text("unopened"), "bad");
    }
  }

  /** @param {HTMLFormElement} form */
  async function send(form) {
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", cache: "no-store",
        headers: { Accept: "application/json" },
      });
      if (response.headers.get("Content-Type")?.startsWith("application/json")) {
        const { message } = await response.json();
        if (response.ok) {
          dialog.close();
          notify(message, "good");
          await onDone();
        } else {
          complain(form, message ?? text("unsent"));
        }
      } else if (!show(await response.text())) {
        complain(form, text("unsent"));
      }
    } catch {
      complain(form, text("unsent"));
    } finally {
      delete form.dataset.sending;
      button.disabled = false;
    }
  }

  /** @param {string} html @returns {boolean} whether it was one of our forms */
  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-act-form]");
    if (!fresh) return false;
    dialog.replaceChildren(document.importNode(fresh, true));
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("input:not([type=hidden]):not([type=checkbox]), select, textarea");
    (first ?? dialog.querySelector("#act-title")).focus();
    return true;
  }

  /** The form stays as it is; the sentence stands in it. */
  function complain(form, sentence) {
    form.querySelector('[role="alert"]')?.remove();
    form.querySelector("#act-title").after(makeNotice(sentence, "bad", "alert"));
  }
}

/** @param {string} sentence @param {"good" | "bad"} kind */
function notify(sentence, kind) {
  const place = document.getElementById("desk-notices");
  place.replaceChildren(makeNotice(sentence, kind, "note"));
  announce(sentence);
}

function makeNotice(sentence, kind, role) {
  const notice = document.createElement("div");
  notice.className = `notice notice-${kind}`;
  notice.setAttribute("role", role);
  const icon = document.createElement("i");
  icon.className = `bi bi-${kind === "good" ? "check-circle" : "x-circle"}`;
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("p");
  words.textContent = sentence;
  notice.append(icon, words);
  return notice;
}
