"""A one-way exam: each part by itself, and no way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.attempts import AttemptState
from app.domain.saves import SaveState
from tests.journeys import candidates, pages
from tests.journeys.answers import right
from tests.journeys.candidates import stored

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def sitting(house):
    return candidates.offer(house, candidates.IN_PARTS, sections=candidates.PARTS)


@pytest.fixture
def seated(house, sitting):
    return candidates.seat(house, sitting)


@pytest.fixture
def given(house, seated):
    return {p: right(question) for p, question in house.paper(seated.attempt_id).items()}


def answer(page, given, *positions):
    for position in positions:
        pages.answer(pages.question(page, position), given[position])


def finish_part(page):
    page.click('[data-open-handing="section"]')
    page.click("#section-dialog .dialog-actions .btn-primary")


def test_the_parts_of_an_exam_are_worked_through_one_way(page, house, seated, given):
    pages.open_exam(page, seated)
    expect(page.locator(".exam-part")).to_contain_text("基础知识")
    expect(page.locator(".exam-navigator [data-goto]")).to_have_text(["1", "2"])
    answer(page, given, 1)

    page.click('[data-open-handing="section"]')
    counts = page.locator("#section-dialog [data-count]")
    expect(counts.nth(0)).to_have_text("1")
    expect(counts.nth(1)).to_have_text("1")
    expect(page.locator("#section-dialog [data-blank-list] a")).to_have_count(1)
    page.click("#section-dialog .dialog-actions .btn-primary")

    expect(page.locator(".exam-part")).to_contain_text("应用")
    expect(page.locator(".exam-navigator [data-goto]")).to_have_text(["3", "4"])
    expect(page.locator('[data-open-handing="section"]')).to_have_count(0)
    answer(page, given, 3, 4)
    pages.open_summary(page)
    pages.hand_in(page)
    assert stored(house, seated) == {p: given[p] for p in (1, 3, 4)}


def test_going_back_in_the_browser_shows_the_open_part(page, house, seated, given):
    pages.open_exam(page, seated)
    answer(page, given, 1, 2)
    finish_part(page)
    expect(page.locator(".exam-navigator [data-goto]")).to_have_text(["3", "4"])

    page.go_back()
    page.goto(seated.url)
    pages.expect_saved(page)

    expect(page.locator(".exam-navigator [data-goto]")).to_have_text(["3", "4"])
    assert house.attempt(seated.attempt_id).section == 2


def test_without_a_network_a_part_is_not_finished(windows, house, seated, given):
    page = windows.open()
    windows.expect_outage()
    pages.open_exam(page, seated)
    page.context.set_offline(True)
    answer(page, given, 1)
    page.click('[data-open-handing="section"]')
    page.clock.install()
    page.click("#section-dialog .dialog-actions .btn-primary")
    page.clock.fast_forward(11_000)

    expect(page.locator("#section-dialog [data-problem]")).to_be_visible()
    assert house.attempt(seated.attempt_id).section == 1
    page.context.set_offline(False)
    expect(page.locator("#section-dialog [data-problem]")).to_be_hidden(timeout=15_000)
    page.click("#section-dialog .dialog-actions .btn-primary")

    expect(page.locator(".exam-part")).to_contain_text("应用")
    assert stored(house, seated) == {1: given[1]}


def test_a_window_with_an_earlier_part_moves_on_when_it_takes_over(page, house, seated, given):
    pages.open_exam(page, seated)
    second = page.context.new_page()
    second.goto(seated.url)
    pages.expect_saved(second)
    pages.expect_read_only(page)
    answer(second, given, 1)
    finish_part(second)
    expect(second.locator(".exam-part")).to_contain_text("应用")

    page.click("[data-take-over]")

    expect(page.locator(".exam-part")).to_contain_text("应用")
    pages.expect_saved(page)
    assert [save.state for save in house.saves(seated.attempt_id)] == [SaveState.ACCEPTED]
    assert house.attempt(seated.attempt_id).state == AttemptState.IN_PROGRESS
