"""Markers who take or finish at the same moment: nobody gets what somebody else has."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from app.db import db
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.results import Result
from app.services import markings
from app.services.trail import Actor
from tests.factories import NOW
from tests.services import marking_scenes as desk
from tests.services.marking_scenes import CASE, SHORT


@pytest.fixture
def hall(real_app):
    """(exam, attempt id, version of the short answer, two markers) with real transactions."""
    with real_app.app_context():
        row, (attempt_id,) = desk.in_marking(real_app)
        people = [desk.marker(), desk.marker()]
        versions = [desk.version_of(row, position) for position in (SHORT, CASE)]
        db.session.rollback()
        return row, attempt_id, versions, people


def together(app, *acts):
    """Do them in threads of their own, as near to each other as can be; what each returned."""
    line = threading.Barrier(len(acts))
    found = [None] * len(acts)

    def run(number, act):
        with app.app_context():
            line.wait(10)
            found[number] = act()
            db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_two_markers_who_take_at_once_get_different_markings(real_app, hall):
    row, _, (short, _), people = hall

    together(
        real_app,
        *(
            lambda who=who: markings.take_next(row.id, short, actor=Actor(who), now=NOW)
            for who in people
        ),
    )

    with real_app.app_context():
        taken = db.session.execute(
            select(Marking.role, Marking.marker_id).where(Marking.state == "taken")
        ).all()
    assert {role for role, _ in taken} == {"first", "second"}
    assert {who for _, who in taken} == set(people)


def test_one_marker_with_two_windows_gets_one_answer_once(real_app, hall):
    row, _, (short, _), (who, _) = hall

    numbers = together(
        real_app,
        *(lambda: markings.take_next(row.id, short, actor=Actor(who), now=NOW) for _ in "ab"),
    )

    with real_app.app_context():
        taken = db.session.scalars(select(Marking.id).where(Marking.marker_id == who)).all()
    assert len(set(numbers)) == len(taken) == 1


def test_the_last_two_marks_given_at_once_score_the_attempt_once(real_app, hall):
    row, attempt_id, _, people = hall
    with real_app.app_context():
        for who in people:
            desk.mark(real_app, row, SHORT, desk.own(20), who)
        numbers = [desk.take(row, CASE, who) for who in people]
        db.session.rollback()

    together(
        real_app,
        *(
            lambda number=number, who=who: desk.give(real_app, number, desk.levels(0, 0), who)
            for number, who in zip(numbers, people, strict=True)
        ),
    )

    with real_app.app_context():
        assert db.session.get_one(Attempt, attempt_id).state == "scored"
        assert db.session.scalars(select(Result.score)).all() == [80.0]
        assert all(db.session.scalars(select(Script.points)).all())
