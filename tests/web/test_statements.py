"""No page runs more statements because there are more rows or more users."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.accounts import User
from app.models.content import LessonText
from app.models.sittings import Sitting
from app.services import learning, sittings, starting
from app.services.trail import Actor
from tests import factories, paper_scenes
from tests.factories import log_in
from tests.services import scenes

MOST = 13
PAGES = [
    "/",
    "/course",
    "/lessons/swot",
    "/practice",
    "/practice/swot",
    "/exams",
    "/certificates",
    "/questions?pool=exam",
    "/questions?pool=practice",
    "/questions/review",
    "/questions/mine",
    "/questions/bulk/changes",
    "/plans",
    "/papers/batches",
    "/sittings",
    "/marking",
    "/marking/table",
    "/marking/disputes",
    "/marking/reading",
    "/marking/work",
    "/marking/checks",
    "/results",
    "/people",
    "/audit",
]


@pytest.fixture
def world(app, client, session):
    """Somebody with every role; returns a function that adds people, results and questions."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    person = factories.user("person", *Role)
    exam = factories.exam(papers=1, attempts=1)
    exam_id, sitting_id = exam.id, factories.sitting(exam)
    factories.registration(sitting_id, person)
    for language in ("zh", "en"):
        text = {"lesson_id": "swot", "language": language, "title": "课", "minutes": 5}
        session.add(LessonText(**text, html="", toc=[], hash="0" * 64))
    session.commit()
    numbers = itertools.count(1)

    def grow(times):
        for _ in range(times):
            number = next(numbers)
            user_id = factories.user(f"user{number}")
            place = factories.registration(sitting_id, user_id)
            attempt_id = starting.start(
                place, user_id=user_id, seed=number, actor=Actor(), now=factories.NOW
            )
            scenes.finish(app, attempt_id, user_id)
            factories.bank([factories.content(f"PL14-{200 + number}")])
            paper_scenes.queued(exam_id, seed=number)
            for someone in (user_id, person):
                practise(f"PL14-{200 + number}", someone)

    return log_in(client, "person"), grow


def practise(question_id, user_id):
    learning.practise(
        question_id,
        version=1,
        answer="b",
        seed=1,
        spent_ms=1,
        user_id=user_id,
        now=factories.NOW,
        today=factories.NOW.date(),
    )


def counts(client, statements):
    found = {}
    for page in PAGES:
        client.get(page)
        statements.clear()
        assert client.get(page).status_code == 200
        found[page] = len(statements)
    return found


def test_pages_run_as_many_statements_with_thirty_rows_as_with_one(world, statements, session):
    client, grow = world
    grow(1)
    with_one = counts(client, statements)

    grow(29)

    assert counts(client, statements) == with_one
    assert max(with_one.values()) <= MOST, with_one
    assert session.scalar(select(User.id).where(User.username == "user30"))


def test_the_list_of_exams_does_not_ask_for_each_sitting(world, statements):
    client, _ = world
    before = counts(client, statements)
    exam_id = factories.db.session.scalar(select(Sitting.exam_id))
    for number in range(20):
        sittings.open_sitting(
            exam_id,
            title=factories.Text("场次", "Sitting"),
            opens_at=factories.NOW,
            closes_at=factories.NOW.replace(year=2027),
            seed=number,
            actor=Actor(),
            now=factories.NOW,
        )

    after = counts(client, statements)

    assert {page: after[page] for page in ("/", "/exams", "/sittings", "/results")} == {
        page: before[page] for page in ("/", "/exams", "/sittings", "/results")
    }
