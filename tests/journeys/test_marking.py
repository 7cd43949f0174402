"""Markers at their desks: apart, blind, by keys alone, logged out in between; and their lead."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.receipts import tab_token
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.services import attempts, grading, saves
from app.services.certificates import Signer
from app.services.trail import Actor
from tests.journeys import candidates, pages

pytestmark = pytest.mark.journey

PLAN = [
    {"module": "planning", "type": "short_answer", "count": 1, "points": 40.0},
    {"module": "planning", "type": "case", "count": 1, "points": 60.0},
]
KEY = b"k" * 32


@pytest.fixture
def handed_in(house):
    """(exam id, attempt id) of one written attempt that waits for markers."""
    sitting_id = candidates.offer(house, PLAN, marking={"checks": 0})
    seated = candidates.seat(house, sitting_id)
    paper = house.paper(seated.attempt_id)
    who, now = Actor(seated.user_id), datetime.now(UTC)
    with house.database() as session:
        epoch = attempts.claim_tab(seated.attempt_id, user_id=seated.user_id, actor=who, now=now)
        token = {"attempt_id": seated.attempt_id, "user_id": seated.user_id, "epoch": epoch}
        saves.save(
            seated.attempt_id,
            user_id=seated.user_id,
            token=tab_token(key=KEY, **token),
            epoch=epoch,
            saves=[
                saves.IncomingSave(1, 1, f"要做到{first_point(paper[1])}。", False, 100),
                saves.IncomingSave(2, 2, {"1": "先分析环境。", "2": "再设计组织。"}, False, 100),
            ],
            events=[],
            key=KEY,
            actor=who,
            now=now,
        )
        attempts.submit(seated.attempt_id, user_id=seated.user_id, actor=who, now=now)
        signer = Signer.of(house.app.extensions["settings"])
        grading.grade(seated.attempt_id, signer=signer, now=now)
        exam_id = session.get_one(Attempt, seated.attempt_id).exam_id
    return exam_id, seated.attempt_id


def first_point(question):
    return question.body.key_points[0].text.zh


def sit_down(windows, house, username, exam_id, *, type_, **size):
    """A marker's window with the next answer to the exam's question of a type."""
    page = windows.open(**size)
    pages.log_in(page, house.demo(username))
    page.goto(f"/marking?exam={exam_id}&sort=question")
    row = page.locator("tbody tr", has_text={"short_answer": "简答", "case": "案例"}[type_])
    row.locator("button").click()
    page.wait_for_selector("#desk[data-ready]")
    return page


def mark_by_keys(page, digit):
    """The same level everywhere, without the mouse."""
    for _ in page.locator("[data-criterion]").all():
        page.keyboard.press(digit)
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/marking$"))


def script(house, attempt_id, position):
    with house.database() as session:
        return session.scalar(
            select(Script).where(Script.attempt_id == attempt_id, Script.position == position)
        )


def roles(house, attempt_id, position):
    with house.database() as session:
        return session.execute(
            select(Marking.role, Marking.state)
            .join(Script, Script.id == Marking.script_id)
            .where(Script.attempt_id == attempt_id, Script.position == position)
            .order_by(Marking.id)
        ).all()


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
