"""Pilot questions: marked for the statistics, counted for nobody, told to nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.versions import paper_slots
from app.services import starting
from app.services.trail import Actor
from tests import factories, paper_scenes
from tests.factories import NOW
from tests.services import scenes


@pytest.fixture
def begun(app):
    """(attempt id, user id) of an attempt at a paper of 3 questions and a pilot."""
    exam_id = paper_scenes.an_exam()
    paper_scenes.on_trial("PL14-71", "PL14-72")
    paper_scenes.save(exam_id, paper_scenes.plan(pilots=1))
    user_id = factories.user()
    row = factories.db.session.get_one(Exam, exam_id)
    place = factories.registration(factories.sitting(row), user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW), user_id


def pilot_of(session, attempt_id):
    paper_id = session.get_one(Attempt, attempt_id).paper_id
    (pilot,) = [slot for slot in paper_slots(paper_id) if slot.is_pilot]
    return pilot


def test_a_pilot_stands_on_the_paper_and_is_marked(app, begun, session):
    attempt_id = scenes.finish(app, *begun)
    pilot = pilot_of(session, attempt_id)

    marks = session.scalars(select(Mark.position).where(Mark.attempt_id == attempt_id)).all()

    assert pilot.question.id in ("PL14-71", "PL14-72")
    assert pilot.position in marks
    assert len(marks) == 4


def test_it_counts_neither_in_score_nor_in_maximum_nor_in_the_profile(app, begun, session):
    scenes.finish(app, *begun)

    result = session.scalars(select(Result)).one()

    assert (result.score, result.maximum) == (100, 100)
    assert result.modules == [{"module": "planning", "points": 100.0, "maximum": 100.0}]


def test_a_wrong_answer_to_it_costs_nothing(app, begun, session):
    attempt_id, user_id = begun
    answers = scenes.right_answers(attempt_id)
    answers[pilot_of(session, attempt_id).position] = "a"
    scenes.answer(attempt_id, user_id, answers)

    scenes.finish(app, attempt_id, user_id, right=False)

    assert session.scalars(select(Result)).one().score == 100


def test_the_rules_say_that_some_questions_do_not_count(begun, session, client):
    sitting_id = session.get_one(Attempt, begun[0]).sitting_id
    factories.log_in(client)

    page = client.get(f"/exams/{sitting_id}").text

    assert "少量试用题，不计入成绩" in page


def test_nothing_tells_the_candidate_which_one_it_is(begun, session, client):
    attempt_id, _ = begun
    factories.log_in(client)

    page = client.get(f"/attempts/{attempt_id}")

    assert page.status_code == 200
    assert "pilot" not in page.text.lower()
    pilot = pilot_of(session, attempt_id)
    alike = [
        slot.points
        for slot in paper_slots(session.get_one(Attempt, attempt_id).paper_id)
        if slot.question.type is pilot.question.type
    ]
    assert set(alike) == {pilot.points}
