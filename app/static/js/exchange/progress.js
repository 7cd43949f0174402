/**
 * Follows the work on an import: asks how far it is once a second, and shows the page anew when
 * there is nothing left to do. While the server does not answer, it asks less often.
 */
const panel = document.querySelector("[data-progress]");
const bar = panel.querySelector("[data-bar]");
const stage = panel.querySelector("[data-stage]");
const count = panel.querySelector("[data-count]");

const SOON = 1000;
const LATER = 5000;

async function look() {
  let wait = SOON;
  try {
    const response = await fetch(panel.dataset.progress, {
      headers: { Accept: "application/json" },
    });
    if (response.status === 401 || response.status === 404) {
      location.reload();
      return;
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    const told = await response.json();
    if (!told.working) {
      location.reload();
      return;
    }
    show(told);
  } catch {
    wait = LATER;
  }
  setTimeout(look, wait);
}

function show(told) {
  if (stage.textContent !== told.stage) stage.textContent = told.stage;
  if (told.total > 0) {
    bar.max = told.total;
    bar.value = told.done;
    count.textContent = `${told.done} / ${told.total}`;
  } else {
    bar.removeAttribute("value");
    count.textContent = "";
  }
}

setTimeout(look, SOON);
