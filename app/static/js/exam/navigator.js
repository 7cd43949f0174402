/** The question grid beside the page, the current question, and going from one to another. */

const HALF = 0.5;
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20);

export class Navigator {
  /** @type {number | null} */
  current = null;
  #sections;
  #onCurrent;
  /** How much of each section is in view. @type {Map<Element, IntersectionObserverEntry>} */
  #visible = new Map();

  /**
   * @param {HTMLElement[]} sections
   * @param {(position: number) => void} onCurrent
   */
  constructor(sections, onCurrent) {
    this.#sections = sections;
    this.#onCurrent = onCurrent;
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) this.#visible.set(entry.target, entry);
      this.#choose();
    }, { threshold: STEPS });
    for (const section of sections) {
      observer.observe(section);
      section.addEventListener("focusin", () => this.#setCurrent(positionOf(section)));
      const onClick = (selector, action) =>
        section.querySelector(selector)?.addEventListener("click", action);
      onClick("[data-previous]", () => this.step(-1, section));
      onClick("[data-next]", () => this.step(1, section));
    }
    for (const link of document.querySelectorAll("[data-goto]")) {
      link.addEventListener("click", (event) => {
        // Not by the address: each jump would become a step of the browser's back button.
        event.preventDefault();
        this.goTo(Number(link.dataset.goto));
      });
    }
    if (sections.length) this.#setCurrent(positionOf(sections[0]));
    followBar();
  }

  /** @param {number} position */
  goTo(position) {
    const section = this.#sections.find((other) => positionOf(other) === position);
    if (!section) return;
    section.focus({ preventScroll: true });
    section.scrollIntoView({ block: "start" });
    this.#setCurrent(position);
  }

  /** @param {1 | -1} by */
  step(by, from = this.#sections.find((section) => positionOf(section) === this.current)) {
    const next = this.#sections[this.#sections.indexOf(from) + by];
    if (next) this.goTo(positionOf(next));
  }

  /** @param {number} position @param {boolean} isAnswered @param {boolean} isFlagged */
  show(position, isAnswered, isFlagged) {
    const link = linkTo(position);
    if (!link) return;
    link.dataset.state = isAnswered ? "answered" : "blank";
    link.dataset.flagged = String(isFlagged);
  }

  /** The question with the focus while half of it is in view, else the one most in view. */
  #choose() {
    const focused = document.activeElement?.closest("[data-position]");
    const share = this.#visible.get(focused)?.intersectionRatio ?? 0;
    if (focused && share >= HALF) return this.#setCurrent(positionOf(focused));
    const height = (section) => this.#visible.get(section)?.intersectionRect.height ?? 0;
    const most = this.#sections.reduce((best, next) => (height(next) > height(best) ? next : best));
    if (height(most) > 0) this.#setCurrent(positionOf(most));
  }

  #setCurrent(position) {
    if (position === this.current) return;
    linkTo(this.current)?.removeAttribute("aria-current");
    const link = linkTo(position);
    link?.setAttribute("aria-current", "true");
    // On a phone the numbers are a strip that scrolls sideways.
    const strip = link?.closest(".exam-navigator");
    strip?.scrollTo({ left: link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2 });
    this.current = position;
    this.#onCurrent(position);
  }
}

/** Questions scroll to below the bar, which is higher while there is something to tell. */
function followBar() {
  const bar = document.querySelector(".exam-bar");
  new ResizeObserver(() => {
    const top = Number.parseFloat(getComputedStyle(bar).top) || 0; // a part of it may scroll away
    document.body.style.setProperty("--exam-bar", `${bar.offsetHeight + top}px`);
  }).observe(bar);
}

const positionOf = (section) => Number(section.dataset.position);
const linkTo = (position) => document.querySelector(`.exam-navigator [data-goto="${position}"]`);
