/* Theme: auto, light or dark. Loaded in <head> without defer, so that the first paint is right. */
(function () {
  "use strict";

  var ORDER = ["auto", "light", "dark"];
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    var theme = root.getAttribute("data-theme");
    return ORDER.indexOf(theme) < 0 ? "auto" : theme;
  }

  function paint() {
    var theme = chosen();
    var dark = theme === "dark" || (theme === "auto" && system.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  }

  function label(button) {
    var text = button.getAttribute("data-label-" + chosen());
    if (!text) return;
    var place = button.querySelector("[data-theme-label]");
    if (place) place.textContent = text;
    else button.setAttribute("aria-label", text);
    button.title = text;
  }

  function labelAll() {
    document.querySelectorAll("[data-theme-switch]").forEach(label);
  }

  function remember(theme) {
    var secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = "theme=" + theme + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
  }

  paint();
  system.addEventListener("change", paint);
  document.addEventListener("DOMContentLoaded", labelAll);
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest("[data-theme-switch]")) return;
    var next = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
    root.setAttribute("data-theme", next);
    remember(next);
    paint();
    labelAll();
  });
})();
