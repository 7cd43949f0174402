/**
 * A form whose answer takes a moment: `data-busy` is what its button says meanwhile. The button
 * cannot be pressed twice; a page that comes back from the browser's memory has it again.
 */
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button");
  const said = button.textContent;

  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.busy;
  });

  addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    button.textContent = said;
  });
}
