/** Tick boxes of a long list: all, none, and how many there are. */

for (const group of document.querySelectorAll("[data-ticks]")) {
  const tools = group.querySelector("[data-tick-tools]");
  if (!tools) continue;
  const boxes = [...group.querySelectorAll('input[type="checkbox"]')];
  const count = group.querySelector("[data-ticked]");

  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = count.dataset.text.replace("{count}", String(ticked));
  };
  group.addEventListener("change", update);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick]");
    if (!button) return;
    for (const box of boxes) box.checked = button.dataset.tick === "all";
    update();
  });
  tools.hidden = false;
  update();
}
