"""What a proctor does reaches an open exam page: minutes, messages, pauses; and breaks."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app.domain.attempts import AttemptState
from tests.journeys import candidates, pages
from tests.journeys.answers import right
from tests.journeys.candidates import stored

pytestmark = pytest.mark.journey

WITHIN = 15_000
"""Milliseconds in which an open page has to know."""
SLEEPING_TIMERS = """
window.sleepFrom = Infinity;
const later = window.setTimeout;
window.setTimeout = (task, ms, ...rest) =>
  later(task, performance.now() > window.sleepFrom ? 60000 : ms, ...rest);
"""


@pytest.fixture(scope="module")
def sitting(house):
    return candidates.offer(house)


@pytest.fixture
def seated(house, sitting):
    return candidates.seat(house, sitting)


def type_in(page, position, words):
    pages.question(page, position).locator("[data-text]").fill(words)


def test_minutes_and_messages_reach_a_page_on_which_nothing_happens(page, house, seated):
    pages.open_exam(page, seated)
    before = pages.milliseconds_left(page)
    began = time.monotonic()

    candidates.add_minutes(house, seated, 7)
    candidates.message(house, seated, "请注意：第三题的图有更正。")
    added = pages.expect_notice(page, "time_added", timeout=WITHIN)
    passed = (time.monotonic() - began) * 1000

    expect(added).to_contain_text("7")
    expect(pages.expect_notice(page, "message")).to_contain_text("请注意：第三题的图有更正。")
    expect(page.locator("#announcer")).to_contain_text("第三题")
    gained = pages.milliseconds_left(page) - before
    assert abs(gained + passed - 7 * 60_000) < 3000


def test_a_read_message_stays_away_and_an_unread_one_comes_back(page, house, seated):
    pages.open_exam(page, seated)
    candidates.message(house, seated, "第一条")
    candidates.message(house, seated, "第二条")
    type_in(page, 8, "倾听")
    messages = page.locator('#notices [data-kind="message"]')
    expect(messages).to_have_count(2)

    messages.filter(has_text="第一条").get_by_role("button").click()
    type_in(page, 8, "倾听客户")
    pages.expect_saved(page)
    expect(messages).to_have_count(1)
    page.reload()

    expect(messages).to_have_text([re.compile("第二条")])


def test_a_page_whose_timers_sleep_still_hears_of_added_minutes(windows, house, seated):
    page = windows.open()
    page.add_init_script(SLEEPING_TIMERS)
    pages.open_exam(page, seated)
    page.evaluate("window.sleepFrom = performance.now()")
    type_in(page, 8, "在隐藏的标签页里")

    candidates.add_minutes(house, seated, 5)

    pages.expect_notice(page, "time_added", timeout=WITHIN)
    assert stored(house, seated) == {8: "在隐藏的标签页里"}


def test_five_minutes_before_the_end_the_page_says_so_once(page, house, seated):
    pages.open_exam(page, seated)
    expect(page.locator("#notices [data-kind='time']")).to_have_count(0)
    house.end_in(seated.attempt_id, 5 * 60 + 8)
    type_in(page, 8, "倾听")

    warning = pages.expect_notice(page, "time", timeout=WITHIN)

    expect(warning).to_contain_text("还剩 6 分钟")  # the clock has jumped over thirty
    expect(warning).to_contain_text("还剩 5 分钟", timeout=WITHIN)
    expect(page.locator("#announcer")).to_contain_text("还剩 5 分钟")
    expect(page.locator("#timer")).to_have_attribute("data-left", "low")
    expect(page.locator("#timer")).to_have_attribute("aria-live", "off")
    candidates.add_minutes(house, seated, 5)
    type_in(page, 8, "倾听客户")
    pages.expect_notice(page, "time_added")
    expect(page.locator("#notices [data-kind='time']")).to_have_count(0)


def test_a_pause_hides_the_questions_and_its_end_brings_them_back(page, house, seated):
    pages.open_exam(page, seated)
    pages.expect_copied(page)
    type_in(page, 8, "倾听")
    pages.expect_saved(page)

    candidates.pause(house, seated)
    type_in(page, 8, "倾听，再道歉")
    expect(page.locator("[data-paused]")).to_be_visible()

    expect(page.locator("#exam")).to_have_count(0)
    assert stored(house, seated) == {8: "倾听，再道歉"}
    assert page.evaluate("caches.keys()") == []
    page.wait_for_timeout(1500)
    candidates.resume(house, seated)
    expect(page.locator("#exam")).to_be_visible(timeout=WITHIN)
    pages.expect_saved(page)
    pages.expect_notice(page, "resume")
    assert pages.shown_answer(pages.question(page, 8)) == "倾听，再道歉"
    expect_time_of_server(page, house, seated)
    assert house.attempt(seated.attempt_id).granted_seconds >= 1


def expect_time_of_server(page, house, seated):
    left = house.attempt(seated.attempt_id).deadline_at - datetime.now(UTC)
    assert abs(pages.milliseconds_left(page) - left.total_seconds() * 1000) < 3000


def test_a_page_that_is_opened_during_a_pause_shows_no_question(page, house, seated):
    candidates.pause(house, seated)
    pages.log_in(page, seated.person)

    page.goto(seated.url)

    expect(page.locator("[data-paused]")).to_be_visible()
    expect(page.locator(".exam-question")).to_have_count(0)


def test_a_break_stops_the_clock_and_is_ended_by_the_candidate(page, house, sitting):
    seated = candidates.seat(house, sitting, break_seconds=10 * 60)
    pages.open_exam(page, seated)
    type_in(page, 8, "倾听")

    page.click('[data-open-handing="break"]')
    expect(page.locator("#break-dialog")).to_contain_text("10")
    page.click("#break-dialog .btn-primary")
    expect(page.locator("[data-pause-left]")).to_have_text(re.compile(r"^0?9:5\d$"))

    assert house.attempt(seated.attempt_id).state == AttemptState.PAUSED
    assert stored(house, seated) == {8: "倾听"}
    page.wait_for_timeout(1500)
    page.click("[data-paused] .btn-primary")
    pages.expect_saved(page)
    expect_time_of_server(page, house, seated)
    attempt = house.attempt(seated.attempt_id)
    assert 1 <= attempt.break_used_seconds == attempt.granted_seconds < 60


def test_a_break_that_is_used_up_opens_the_exam_by_itself(page, house, sitting):
    seated = candidates.seat(house, sitting, break_seconds=4)
    pages.open_exam(page, seated)
    page.click('[data-open-handing="break"]')
    page.click("#break-dialog .btn-primary")
    expect(page.locator("[data-pause-left]")).to_be_visible()

    expect(page.locator("#exam")).to_be_visible(timeout=WITHIN)

    pages.expect_saved(page)
    expect(page.locator('[data-open-handing="break"]')).to_have_count(0)
    assert house.attempt(seated.attempt_id).state == AttemptState.IN_PROGRESS


def test_without_an_accommodation_there_is_no_break(page, seated):
    pages.open_exam(page, seated)

    expect(page.locator('[data-open-handing="break"]')).to_have_count(0)


def test_a_paused_page_without_a_network_says_so(windows, house, seated):
    page = windows.open()
    windows.expect_outage()
    candidates.pause(house, seated)
    pages.log_in(page, seated.person)
    page.goto(seated.url)
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-no-network]")).to_be_visible()

    candidates.resume(house, seated)
    page.context.set_offline(False)

    pages.expect_saved(page)


def test_a_proctor_who_hands_in_closes_the_page(page, house, seated):
    pages.open_exam(page, seated)
    given = right(house.paper(seated.attempt_id)[1])
    pages.answer(pages.question(page, 1), given)
    pages.expect_saved(page)

    candidates.force_submit(house, seated)
    type_in(page, 8, "太晚了")

    expect(page).to_have_url(re.compile(r"/done$"), timeout=20_000)
    assert house.attempt(seated.attempt_id).state != AttemptState.IN_PROGRESS
    assert stored(house, seated) == {1: given}
