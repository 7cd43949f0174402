/** Waits for what a candidate cannot do alone, such as being admitted, then shows the next step. */

const ASK_EVERY_MS = 5000;
const place = document.querySelector("[data-waiting]");

/** @returns {Promise<boolean>} whether the page would look different now */
async function hasChanged() {
  const response = await fetch(place.dataset.waiting, {
    headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
  });
  if (response.status === 401 || response.status === 404) return true;
  if (!response.ok) return false;
  const body = await response.json().catch(() => null);
  // A Wi-Fi sign-in page also answers 200: only our JSON counts.
  return typeof body?.mark === "string" && body.mark !== place.dataset.mark;
}

async function ask() {
  try {
    if (await hasChanged()) {
      location.replace(location.pathname);
      return;
    }
  } catch {
    // Away from the network: there is time to ask again.
  }
  setTimeout(ask, ASK_EVERY_MS);
}

if (place) setTimeout(ask, ASK_EVERY_MS);
