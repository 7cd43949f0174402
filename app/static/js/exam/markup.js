/**
 * The page as the server sent it, taken when this module runs, before anything in it has changed.
 * It is marked as a copy, so that a page that opens from it knows that it is one.
 */
export const markup = takeMarkup();

function takeMarkup() {
  const root = document.documentElement.cloneNode(true);
  root.querySelector("#exam").setAttribute("data-copy", "");
  return `<!doctype html>\n${root.outerHTML}`;
}
