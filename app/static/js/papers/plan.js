/** Adds the plan up while somebody types. Without it, the button "Add up" does. */
const form = document.querySelector("[data-plan]");

function number(field) {
  const value = Number(field.value.trim() || "0");
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

function put(name, sums) {
  for (const [key, value] of sums) {
    const selector = key === null ? `[data-${name}]` : `[data-${name}="${key}"]`;
    for (const place of form.querySelectorAll(selector)) {
      place.textContent = String(Math.round(value * 10) / 10);
    }
  }
}

function addTo(sums, key, value) {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function addUp() {
  const worth = new Map();
  for (const field of form.querySelectorAll("[data-points]")) {
    worth.set(field.dataset.points, number(field));
  }
  const questions = { row: new Map(), column: new Map(), all: new Map([[null, 0]]) };
  const points = { row: new Map(), column: new Map(), all: new Map([[null, 0]]) };
  for (const field of form.querySelectorAll("[data-count]")) {
    const [row, column] = field.dataset.count.split("-");
    const count = Math.floor(number(field));
    const of = { row, column, all: null };
    for (const kind of Object.keys(of)) {
      addTo(questions[kind], of[kind], count);
      addTo(points[kind], of[kind], count * worth.get(column));
    }
  }
  for (const kind of Object.keys(questions)) {
    put(`${kind}-questions`, questions[kind]);
    put(`${kind}-points`, points[kind]);
  }
  const verdict = form.querySelector("[data-verdict]");
  const fits = Math.abs(points.all.get(null) - Number(form.dataset.total)) < 0.005;
  verdict.textContent = fits ? verdict.dataset.good : verdict.dataset.bad;
  verdict.toggleAttribute("data-is-bad", !fits);
}

form.addEventListener("input", addUp);
addUp();
