/** Practice pages: every `<form data-practice>` holds one widget and is submitted natively. */
import { SpentTime } from "./exam/spent.js";
import { attach, read, setFrozen, write } from "./widgets.js";

for (const form of document.querySelectorAll("form[data-practice]")) setUp(form);

/** @param {HTMLFormElement} form */
function setUp(form) {
  const section = form.querySelector("[data-widget]");
  const missing = form.querySelector("[data-answer-missing]");
  if (!section) return;

  if (section.dataset.answered !== undefined) {
    write(section, JSON.parse(section.dataset.answered || "null"));
    setFrozen(section, true);
    return;
  }

  const spent = new SpentTime();
  spent.setCurrent(1);
  attach(section, () => missing && (missing.hidden = true));
  form.addEventListener("submit", (event) => {
    const answer = read(section);
    if (answer === null) {
      event.preventDefault();
      if (missing) missing.hidden = false;
      return;
    }
    form.elements.namedItem("answer").value = JSON.stringify(answer);
    const spentField = form.elements.namedItem("spent_ms");
    if (spentField) spentField.value = String(spent.take(1));
  });
}
