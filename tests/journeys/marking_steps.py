"""Steps of stories about marking: written answers are handed in, markers sit down and mark."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.receipts import tab_token
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.services import attempts, grading, saves
from app.services.certificates import Signer
from app.services.trail import Actor
from tests.journeys import candidates, pages

KEY = b"k" * 32


def hand_in(house, plan, answers, **changes):
    """Somebody new hands in; (exam id, seat). answers: of their paper, position → answer."""
    sitting_id = candidates.offer(house, plan, marking={"checks": 0}, **changes)
    seated = candidates.seat(house, sitting_id)
    given = answers(house.paper(seated.attempt_id))
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
                saves.IncomingSave(position, position, answer, False, 100)
                for position, answer in given.items()
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
    return exam_id, seated


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
