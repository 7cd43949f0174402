/**
 * Keys and commands. Few keys of their own, so that none is taken from the browser or a screen
 * reader: everything else is one letter in the list that Ctrl+/ opens.
 */

/** @param {{form: HTMLFormElement, commands: Record<string, () => void>}} parts */
export function setUpKeyboard({ form, commands }) {
  const dialog = document.getElementById("help-dialog");
  const buttons = [...dialog.querySelectorAll("[data-run]")];
  const run = (name) => {
    if (dialog.open) dialog.close();
    commands[name]?.();
  };

  commands.help = () => dialog.showModal();
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  for (const button of buttons) button.addEventListener("click", () => run(button.dataset.run));
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = buttons.find((one) => one.querySelector("kbd").textContent === event.key.toUpperCase());
    if (!button) return;
    event.preventDefault();
    run(button.dataset.run);
  });
  for (const button of document.querySelectorAll(".editor-bar [data-command]")) {
    if (button.type !== "submit") button.addEventListener("click", () => run(button.dataset.command));
  }
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const name = nameOf(event, form);
    if (!name) return;
    event.preventDefault();
    run(name);
  });
}

/** @param {KeyboardEvent} event */
function nameOf(event, form) {
  if (event.key === "/") return "help";
  if (event.key === "Enter") return event.shiftKey ? "next" : "save";
  // An undo may have taken away what had the focus: then it is nowhere.
  if (!form.contains(event.target) && event.target !== document.body) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : null;
}
