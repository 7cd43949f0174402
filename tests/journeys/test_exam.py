"""Sitting an exam when things do not go smoothly: failing, tabs, networks and deadlines."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.attempts import AttemptState
from app.domain.saves import current_answers
from app.models.results import Result
from tests.journeys import pages
from tests.journeys.answers import right, wrong

pytestmark = pytest.mark.journey


@pytest.fixture
def begun(page, house):
    """A page with a running exam: (page, attempt id, right answers by position)."""
    pages.log_in(page, house.trainee())
    attempt_id = pages.begin_exam(page)
    return page, attempt_id, {p: right(q) for p, q in house.paper(attempt_id).items()}


def stored(house, attempt_id):
    """Position → the answer that counts, as the widgets have it."""
    return {
        position: str(save.answer).lower() if isinstance(save.answer, bool) else save.answer
        for position, save in current_answers(house.saves(attempt_id)).items()
    }


def score(house, attempt_id):
    with house.database() as session:
        return session.scalar(select(Result.score).where(Result.attempt_id == attempt_id))


def some(given, *widgets, page):
    """The first position of each widget."""
    return [
        next(p for p in given if pages.question(page, p).get_attribute("data-widget") == widget)
        for widget in widgets
    ]


def test_a_weak_candidate_fails_and_is_told_when_to_try_again(windows, house):
    page = windows.open()
    windows.expect_problem("409")
    pages.log_in(page, house.trainee())
    paper = house.paper(pages.begin_exam(page))

    pages.answer_all(page, {position: wrong(question) for position, question in paper.items()})
    pages.open_summary(page)
    pages.hand_in(page)

    assert pages.expect_result(page, passed=False) < 30
    expect(page.locator('.page-actions a[href="/practice"]')).to_be_visible()
    page.click('.page-actions a[href^="/exams/"]')
    page.click('form[action$="/start"] button')
    expect(page.locator('.notice-bad[role="alert"]')).to_contain_text("24")
    expect(page.locator("#exam")).to_have_count(0)


def test_what_is_typed_before_the_script_has_come_is_kept(page, house):
    pages.log_in(page, house.trainee())
    attempt_id = pages.begin_exam(page)
    pages.expect_saved(page)
    given = {p: right(q) for p, q in house.paper(attempt_id).items()}
    position = some(given, "texts", page=page)[0]
    held = []
    page.route("**/js/exam/main.js*", lambda route: held.append(route))

    page.reload(wait_until="commit")
    pages.answer(pages.question(page, position), given[position])
    held[0].continue_()

    pages.expect_saved(page)
    assert stored(house, attempt_id) == {position: given[position]}
    assert pages.shown_answer(pages.question(page, position)) == given[position]


def test_the_second_tab_takes_over_and_the_first_takes_back(begun, house):
    first, attempt_id, given = begun
    one, two, three = some(given, "choice", "texts", "map", page=first)
    pages.answer(pages.question(first, one), given[one])
    pages.answer(pages.question(first, two), given[two])

    second = first.context.new_page()
    second.goto(f"/attempts/{attempt_id}")
    pages.expect_saved(second)
    pages.expect_read_only(first)
    expect(pages.question(first, two).locator("[data-blank]").first).not_to_be_editable()
    pages.answer(pages.question(second, three), given[three])
    pages.expect_saved(second)
    first.click("[data-take-over]")
    pages.expect_saved(first)

    pages.expect_read_only(second)
    assert pages.shown_answer(pages.question(first, three)) == given[three]
    wanted = {position: given[position] for position in (one, two, three)}
    assert stored(house, attempt_id) == wanted


def test_answers_given_without_a_network_are_saved_when_it_is_back(begun, windows, house):
    page, attempt_id, given = begun
    windows.expect_outage()
    chosen = some(given, "choice", "choices", "texts", "order", page=page)

    page.context.set_offline(True)
    for position in chosen:
        pages.answer(pages.question(page, position), given[position])
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline", timeout=10_000)
    before = stored(house, attempt_id)
    page.context.set_offline(False)
    pages.expect_saved(page)

    assert before == {}
    assert stored(house, attempt_id) == {position: given[position] for position in chosen}


def test_answers_survive_a_browser_that_closes_before_they_are_sent(begun, windows, house):
    page, attempt_id, given = begun
    windows.expect_outage()
    (position,) = some(given, "texts", page=page)

    page.context.set_offline(True)
    pages.answer(pages.question(page, position), given[position])
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline", timeout=10_000)
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/attempts/{attempt_id}")
    pages.expect_saved(again)

    assert pages.shown_answer(pages.question(again, position)) == given[position]
    assert stored(house, attempt_id) == {position: given[position]}


def test_the_page_hands_in_by_itself_when_the_time_is_up(begun, house):
    page, attempt_id, given = begun
    one, two = some(given, "choice", "choices", page=page)
    pages.answer(pages.question(page, one), given[one])
    pages.expect_saved(page)

    deadline = house.end_in(attempt_id, 5)
    visited = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))
    pages.answer(pages.question(page, two), given[two])

    expect(page).to_have_url(re.compile(r"/done$"), timeout=30_000)
    pages.expect_result(page, passed=False)
    attempt = house.attempt(attempt_id)
    assert (attempt.state, attempt.closed_at) == (AttemptState.RELEASED, deadline)
    assert stored(house, attempt_id) == {one: given[one], two: given[two]}
    assert score(house, attempt_id) == 8
    assert len(visited) == 1, "the page must wait for the end, not reload until it is there"


def test_a_page_that_was_away_when_the_exam_closed_goes_to_the_result(begun, windows, house):
    page, attempt_id, _ = begun
    windows.expect_outage()
    windows.expect_problem("409")
    page.route("**/tab", lambda route: route.abort())
    page.reload()
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline")

    house.end_in(attempt_id, -15)
    page.unroute("**/tab")
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page).to_have_url(re.compile(r"/done$"), timeout=30_000)
    pages.expect_result(page, passed=False)


def test_whoever_comes_back_after_the_deadline_finds_the_result(begun, house):
    page, attempt_id, given = begun
    (position,) = some(given, "choice", page=page)
    pages.answer(pages.question(page, position), given[position])
    pages.expect_saved(page)
    context = page.context
    page.close()
    deadline = house.end_in(attempt_id, -15)

    back = context.new_page()
    back.goto(f"/attempts/{attempt_id}")

    expect(back).to_have_url(re.compile(r"/done$"))
    pages.expect_result(back, passed=False)
    assert house.attempt(attempt_id).closed_at == deadline
    assert score(house, attempt_id) == 4


def test_the_sweeper_closes_and_grades_what_nobody_comes_back_to(begun, house):
    page, attempt_id, given = begun
    (position,) = some(given, "choice", page=page)
    pages.answer(pages.question(page, position), given[position])
    pages.expect_saved(page)
    page.context.close()
    deadline = house.end_in(attempt_id, -300)

    house.command("sweep")

    attempt = house.attempt(attempt_id)
    assert (attempt.state, attempt.closed_at) == (AttemptState.RELEASED, deadline)
    assert deadline < datetime.now(UTC)
    assert score(house, attempt_id) == 4
