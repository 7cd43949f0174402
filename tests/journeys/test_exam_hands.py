"""Every type by keyboard alone and by touch; larger text; nothing too small for a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import candidates, pages
from tests.journeys.answers import right
from tests.journeys.candidates import stored

pytestmark = pytest.mark.journey
TARGET = 44
"""Pixels that a finger needs."""

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    ".exam-question button, .exam-question select, .exam-question textarea, " +
    ".exam-question input:not([type=radio], [type=checkbox]), .exam-question label.option, " +
    ".exam-question .ordering-confirm, .exam-bar button, .navigator-grid a")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([html, box]) => `${html} ${box.width} × ${box.height}`)"""
FONT_SIZES = """() => [...document.querySelectorAll(
    ".question-stem, .option-text, .form-control, .form-select, .btn, .exam-timer-value, " +
    ".ordering-text, .matching-left, .part > span, h2")]
  .filter((element) => element.checkVisibility())
  .map((element) => parseFloat(getComputedStyle(element).fontSize))"""


@pytest.fixture(scope="module")
def sitting(house):
    return candidates.offer(house)


@pytest.fixture
def seated(house, sitting):
    return candidates.seat(house, sitting)


@pytest.fixture
def given(house, seated):
    return {p: right(question) for p, question in house.paper(seated.attempt_id).items()}


def test_every_type_is_answered_with_the_keyboard_alone(page, house, seated, given):
    pages.open_exam(page, seated)

    for position, wanted in given.items():
        section = pages.question(page, position)
        page.locator(f'[data-goto="{position}"]').press("Enter")
        expect(section).to_be_focused()
        by_keys(page, section, wanted)
        page.keyboard.press("Alt+n")
    pages.expect_saved(page)

    assert stored(house, seated) == given


def by_keys(page, section, wanted):
    """Tab through the question and press what a person without a mouse would press."""
    keyboard = page.keyboard
    match section.get_attribute("data-widget"):
        case "choice":
            keyboard.press("Tab")  # the mark button
            keyboard.press("Tab")  # the options
            options = values(section)
            keyboard.press("Space")
            for _ in range(options.index(wanted)):
                keyboard.press("ArrowDown")
        case "choices":
            keyboard.press("Tab")
            for value in values(section):
                keyboard.press("Tab")
                if value in wanted:
                    keyboard.press("Space")
        case "texts":
            keyboard.press("Tab")
            for line in wanted:
                keyboard.press("Tab")
                keyboard.insert_text(line)
        case "text":
            keyboard.press("Tab")
            keyboard.press("Tab")
            keyboard.insert_text(wanted)
        case "parts":
            keyboard.press("Tab")
            for line in wanted.values():
                keyboard.press("Tab")
                keyboard.insert_text(line)
        case "map":
            keyboard.press("Tab")
            for field in section.locator("select").all():
                keyboard.press("Tab")
                ids = field.locator("option").evaluate_all("all => all.map(one => one.value)")
                for _ in range(ids.index(wanted[field.get_attribute("data-left")])):
                    keyboard.press("ArrowDown")
        case "order":
            order_by_keys(page, section, wanted)


def values(section):
    return section.locator(".options input").evaluate_all("all => all.map(one => one.value)")


def order_by_keys(page, section, wanted):
    items = section.locator("[data-order] li")
    ids = "all => all.map(one => one.dataset.id)"
    if items.evaluate_all(ids) == wanted:
        section.locator("[data-order-confirm]").press("Space")
    for place, item in enumerate(wanted):
        while (at := items.evaluate_all(ids).index(item)) > place:
            items.nth(at).press("Alt+ArrowUp")


def test_every_type_is_answered_by_touch(windows, house, seated, given):
    page = windows.open(width=390, height=780, has_touch=True, is_mobile=True)
    pages.open_exam(page, seated)

    for position, wanted in given.items():
        by_touch(pages.question(page, position), wanted)
    pages.expect_saved(page)

    assert stored(house, seated) == given


def by_touch(section, wanted):
    match section.get_attribute("data-widget"):
        case "choice" | "choices":
            for value in wanted if isinstance(wanted, list) else [wanted]:
                section.locator(f'label.option:has(input[value="{value}"])').tap()
        case "order":
            section.locator(".ordering-confirm").tap()
            items = section.locator("[data-order] li")
            for place, item in enumerate(wanted):
                ids = items.evaluate_all("all => all.map(one => one.dataset.id)")
                for _ in range(ids.index(item) - place):
                    section.locator(f'li[data-id="{item}"] [data-move="up"]').tap()
        case "map":
            for field in section.locator("select").all():
                field.tap()
                field.select_option(wanted[field.get_attribute("data-left")])
        case _:
            fields = section.locator("[data-blank], [data-text], [data-part]").all()
            lines = [wanted] if isinstance(wanted, str) else list(wanted)
            lines = list(wanted.values()) if isinstance(wanted, dict) else lines
            for field, line in zip(fields, lines, strict=True):
                field.tap()
                field.fill(line)


def test_nothing_on_a_touch_screen_is_too_small_for_a_finger(windows, house, sitting):
    seated = candidates.seat(house, sitting, break_seconds=600)
    page = windows.open(width=390, height=780, has_touch=True, is_mobile=True)
    pages.open_exam(page, seated)
    candidates.message(house, seated, "请注意时间。")
    pages.question(page, 8).locator("[data-text]").fill("倾听")
    pages.expect_notice(page, "message")

    assert page.evaluate(SMALL_TARGETS, TARGET) == []


def test_larger_text_is_a_third_larger_and_fits_a_phone(windows, house, seated, sitting, serious):
    page = windows.open(width=360, height=740)
    pages.open_exam(page, seated)
    usual = page.evaluate(FONT_SIZES)
    pages.open_summary(page)
    pages.hand_in(page)
    pages.log_out(page)
    other = candidates.seat(house, sitting, larger_text=True, break_seconds=600)
    pages.open_exam(page, other)

    larger = page.evaluate(FONT_SIZES)

    ratios = [after / before for before, after in zip(usual, larger, strict=True)]
    assert all(1.3 < ratio < 1.37 for ratio in ratios), ratios
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert serious(page) == []


FULL_SCREEN = """
const screen_ = Object.assign(new EventTarget(), { matches: true });
const usual = window.matchMedia.bind(window);
window.matchMedia = (query) => (query.includes("display-mode") ? screen_ : usual(query));
window.setFullScreen = (matches) => {
  screen_.matches = matches;
  screen_.dispatchEvent(new Event("change"));
};
Document.prototype.hasFocus = () => !window.isElsewhere;
window.setElsewhere = (isElsewhere) => {
  window.isElsewhere = isElsewhere;
  window.dispatchEvent(new Event(isElsewhere ? "blur" : "focus"));
};
"""


def test_the_signals_of_the_window_come_with_their_seconds(page, house, seated):
    page.add_init_script(FULL_SCREEN)
    pages.open_exam(page, seated)
    field = pages.question(page, 8).locator("[data-text]")
    page.evaluate("setElsewhere(true); setFullScreen(false)")
    page.wait_for_timeout(2100)
    page.evaluate("setElsewhere(false); setFullScreen(true)")
    page.evaluate("setElsewhere(true); setElsewhere(false)")  # no departure: a blink
    field.dispatch_event("paste")
    field.fill("倾听")
    pages.expect_saved(page)

    for kind in ("window_left", "fullscreen_left"):
        (left,) = candidates.events(house, seated, kind)
        assert 2 <= left["seconds"] <= 20
    (pasted,) = candidates.events(house, seated, "paste")
    assert pasted["position"] == 8


def test_handing_in_tells_of_a_full_screen_that_was_left_for_good(page, house, seated):
    page.add_init_script(FULL_SCREEN)
    pages.open_exam(page, seated)
    page.evaluate("setFullScreen(false)")
    page.wait_for_timeout(1200)

    pages.open_summary(page)
    pages.hand_in(page)

    (left,) = candidates.events(house, seated, "fullscreen_left")
    assert left["seconds"] >= 1
