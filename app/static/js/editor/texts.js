/** The page's sentences, which the server wrote in the reader's language. */
export { text } from "../exam/texts.js";

/** Said to who listens, without moving the focus. @param {string} words */
export function announce(words) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  setTimeout(() => (place.textContent = words), 50);
}
