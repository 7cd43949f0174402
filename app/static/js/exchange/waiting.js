/** Looks whether the export is written, and shows the page anew when it no longer waits. */
const SOON = 2000;
const LATER = 5000;

async function look() {
  let wait = SOON;
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.status < 500 && !page.querySelector("[data-waiting]")) {
      location.reload();
      return;
    }
  } catch {
    wait = LATER;
  }
  setTimeout(look, wait);
}

setTimeout(look, SOON);
