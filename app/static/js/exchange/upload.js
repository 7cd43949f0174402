/**
 * A file that is too large is told before it is sent: a server that refuses it half-way through
 * would only break the connection. The server decides all the same.
 */
const form = document.querySelector("form[data-largest]");
const file = form.querySelector('input[type="file"]');

const message = document.createElement("div");
message.className = "invalid-feedback d-block";
message.id = "file-too-large";
message.setAttribute("role", "alert");

function check() {
  const chosen = file.files[0];
  const isTooLarge = chosen !== undefined && chosen.size > Number(form.dataset.largest);
  file.classList.toggle("is-invalid", isTooLarge);
  file.toggleAttribute("aria-invalid", isTooLarge);
  if (isTooLarge) {
    message.textContent = form.dataset.tooLarge;
    file.after(message);
  } else {
    message.remove();
  }
  return !isTooLarge;
}

file.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  if (check()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  file.focus();
});
