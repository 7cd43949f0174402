/**
 * The log-in has ended in the middle of the exam: the password is asked for in place, so that
 * the page stays as it is and sends everything afterwards.
 */
import { setCsrf } from "./csrf.js";
import { text } from "./texts.js";

/** @param {{main: HTMLElement, onSignedIn: () => void}} parts */
export function setUpSignIn({ main, onSignedIn }) {
  const dialog = document.getElementById("signed-out-dialog");
  const form = dialog.querySelector("form");
  const password = form.elements.password;
  const problem = dialog.querySelector("[data-problem]");
  const stranger = dialog.querySelector("[data-stranger]");
  const newPassword = dialog.querySelector("[data-new-password]");
  const button = form.querySelector("button:not([type=button])");
  let isShown = false;

  const setProblem = (words) => {
    problem.hidden = !words;
    problem.textContent = words;
  };

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    setProblem("");
    const { isSignedIn, mustChange, words } = await signIn(main, form);
    button.disabled = false;
    password.value = "";
    newPassword.hidden = !mustChange;
    if (isSignedIn && !mustChange) return onSignedIn();
    setProblem(words);
    password.focus();
  });

  return {
    /**
     * Shown once per outage: whoever closes it goes on answering, kept in the browser.
     * @param {"nobody" | "stranger" | null} who is logged in instead
     */
    ask(who) {
      stranger.hidden = who !== "stranger";
      if (who && !isShown) {
        setProblem("");
        dialog.showModal();
      }
      if (!who && dialog.open) dialog.close();
      isShown = who !== null;
    },
  };
}

/** @returns {Promise<{isSignedIn: boolean, mustChange?: boolean, words: string}>} */
async function signIn(main, form) {
  const { loginUrl, user } = main.dataset;
  try {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("user", user);
    fields.set("csrf_token", await freshToken(loginUrl));
    const response = await fetch(loginUrl, {
      method: "POST", body: fields, headers: { Accept: "application/json" },
      credentials: "same-origin", cache: "no-store",
    });
    const body = await response.json();
    if (!response.ok) return { isSignedIn: false, words: body.message ?? text("no-answer") };
    setCsrf(main, body.csrf);
    const mustChange = body.must_change_password;
    return { isSignedIn: true, mustChange, words: mustChange ? text("change-password") : "" };
  } catch {
    return { isSignedIn: false, words: text("sign-in-offline") };
  }
}

async function freshToken(loginUrl) {
  const response = await fetch(loginUrl, { credentials: "same-origin", cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector('input[name="csrf_token"]')?.value ?? "";
}
