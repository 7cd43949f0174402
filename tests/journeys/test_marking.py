"""Markers at their desks: apart, blind, by keys alone, logged out in between; and their lead."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.marking_steps import (
    first_point,
    hand_in,
    mark_by_keys,
    roles,
    script,
    sit_down,
)

pytestmark = pytest.mark.journey

PLAN = [
    {"module": "planning", "type": "short_answer", "count": 1, "points": 40.0},
    {"module": "planning", "type": "case", "count": 1, "points": 60.0},
]


@pytest.fixture
def handed_in(house):
    """(exam id, attempt id) of one written attempt that waits for markers."""
    exam_id, seated = hand_in(
        house,
        PLAN,
        lambda paper: {
            1: f"要做到{first_point(paper[1])}。",
            2: {"1": "先分析环境。", "2": "再设计组织。"},
        },
    )
    return exam_id, seated.attempt_id


def test_two_markers_far_apart_and_a_third_who_settles_it(
    windows, house, handed_in, serious, photograph
):
    exam_id, attempt_id = handed_in
    first = sit_down(windows, house, "marker", exam_id, type_="case")
    assert serious(first) == []
    photograph(first, "marking-case")
    second = sit_down(windows, house, "marker2", exam_id, type_="case", width=360, height=740)
    assert second.evaluate("document.documentElement.scrollWidth") <= 360
    assert "考生甲" not in first.content() + second.content()

    mark_by_keys(first, "1")
    mark_by_keys(second, "3")

    assert script(house, attempt_id, 2).points is None
    assert roles(house, attempt_id, 2)[-1] == ("third", "open")
    third = sit_down(windows, house, "marker3", exam_id, type_="case")
    assert "60 /" not in third.locator("#desk").inner_text()
    mark_by_keys(third, "1")
    settled = script(house, attempt_id, 2)
    assert (settled.points, settled.how) == (60, "pair")


def test_a_short_answer_shows_where_its_points_are_and_what_they_suggest(
    windows, house, handed_in, serious, photograph
):
    exam_id, attempt_id = handed_in
    page = sit_down(windows, house, "marker", exam_id, type_="short_answer")
    point = first_point(house.paper(attempt_id)[1])

    expect(page.locator("mark.found-exact").first).to_contain_text(point)
    assert serious(page) == []
    photograph(page, "marking-short-answer")
    page.keyboard.press("s")
    expect(page.locator('[name="ticked.0"]')).to_be_checked()
    page.keyboard.press("0")
    expect(page.locator('[name="ticked.0"]')).not_to_be_checked()
    page.keyboard.press("1")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-points]")).not_to_have_text("–")


def test_whoever_is_logged_out_while_marking_loses_nothing(windows, house, handed_in):
    windows.expect_problem("400")
    exam_id, attempt_id = handed_in
    page = sit_down(windows, house, "marker", exam_id, type_="short_answer")
    password = house.demo("marker").password
    page.context.clear_cookies()

    page.keyboard.press("1")
    page.fill("#sign-in-password", password)
    page.click("#signed-out-dialog button.btn-primary")

    expect(page.locator("#signed-out-dialog")).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.reload()
    page.wait_for_selector("#desk[data-ready]")
    expect(page.locator('[name="ticked.0"]')).to_be_checked()
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    page.fill("#sign-in-password", password)
    page.click("#signed-out-dialog button.btn-primary")
    page.wait_for_url(re.compile(r"/marking$"))
    assert roles(house, attempt_id, 1)[0] == ("first", "done")


def test_what_the_network_did_not_take_is_brought_back(windows, house, handed_in):
    windows.expect_outage()
    exam_id, _ = handed_in
    page = sit_down(windows, house, "marker2", exam_id, type_="short_answer")
    address = page.url
    page.context.set_offline(True)
    page.keyboard.press("2")
    page.keyboard.press("c")
    page.keyboard.type("写得好")
    expect(page.locator('.marking-saved[data-state="bad"]')).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)

    page.goto(address)
    page.wait_for_selector("#desk[data-ready]")

    expect(page.locator('[name="ticked.1"]')).to_be_checked()
    expect(page.locator("#comment")).to_have_value("写得好")
    # The parting page may have sent it already, or this one does: then nothing is kept here.
    page.wait_for_function(
        "() => !Object.keys(localStorage).some((k) => k.startsWith('qijue-marking-'))"
    )
    page.reload()
    expect(page.locator("#comment")).to_have_value("写得好")


def test_the_lead_watches_the_table_and_decides_a_dispute(
    windows, house, handed_in, serious, photograph
):
    exam_id, attempt_id = handed_in
    lead = windows.open()
    pages.log_in(lead, house.demo("leadmarker"))
    lead.goto(f"/marking/table?exam={exam_id}")
    expect(lead.locator('[data-live="disputes"]')).to_have_text("0")
    for username, points in (("marker", "0"), ("marker2", "40"), ("marker3", "20")):
        page = sit_down(windows, house, username, exam_id, type_="short_answer")
        page.fill("#own", points)
        page.press("#own", "Enter")
        page.wait_for_url(re.compile(r"/marking$"))

    lead.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(lead.locator('[data-live="disputes"]')).to_have_text("1")
    assert serious(lead) == []
    photograph(lead, "marking-table")
    lead.goto(f"/marking/disputes?exam={exam_id}")
    lead.locator("tbody a.btn").click()
    assert serious(lead) == []
    lead.fill("#own", "25")
    lead.fill("#reason", "三评均漏看第二点")
    lead.click(".marking-decide .btn-primary")

    expect(lead.locator(".notice-good")).to_be_visible()
    settled = script(house, attempt_id, 1)
    assert (settled.points, settled.how) == (25, "lead")
