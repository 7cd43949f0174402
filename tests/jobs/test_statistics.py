"""Statistics follow the results: worked out once, and again when something has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.domain.questions.bank_filter import BankFilter
from app.domain.statistics.items import Flag
from app.jobs.statistics import refresh_statistics
from app.models.attempts import Attempt
from app.models.papers import PaperQuestion
from app.models.questions import QuestionVersion
from app.models.results import Result
from app.models.statistics import PaperStatistics
from app.queries.bank import bank_ids
from app.queries.statistics import flags_in_use, version_figures
from tests import factories
from tests.statistics_scenes import classes, sat

LATER = factories.NOW + timedelta(hours=1)


@pytest.fixture
def like(app, session):
    return session.get_one(Attempt, factories.attempt(app))


def refresh(at=LATER):
    return refresh_statistics(clock=lambda: at)


def question_at(session, like, position):
    return session.execute(
        select(QuestionVersion.question_id, QuestionVersion.number)
        .join(PaperQuestion, PaperQuestion.version_id == QuestionVersion.id)
        .where(PaperQuestion.paper_id == like.paper_id, PaperQuestion.position == position)
    ).one()


def test_a_question_that_the_weak_answer_better_is_flagged_and_found(like, session):
    sat(like, classes(like, 100))

    assert refresh() == 1

    id_, number = question_at(session, like, 1)
    found = version_figures(id_, version=number)
    assert found.figures.n == 100
    assert found.figures.facility == 0.5
    assert found.figures.correlation == pytest.approx(-1)
    assert found.flags == (
        Flag.VERY_LOW_D,
        Flag.NEGATIVE_R,
        Flag.IDLE_OPTION,
        Flag.ATTRACTIVE_WRONG_OPTION,
    )
    assert set(flags_in_use([id_])[id_]) == set(found.flags)
    zone = LATER.tzinfo
    assert id_ in bank_ids(BankFilter(flag="negative_r"), zone=zone)
    assert id_ in bank_ids(BankFilter(flag="any"), zone=zone)
    assert id_ not in bank_ids(BankFilter(flag="few"), zone=zone)
    assert list(bank_ids(BankFilter(flag="too_hard"), zone=zone)) == []


def test_twelve_people_raise_no_flag(like, session):
    sat(like, classes(like, 12))

    refresh()

    id_, number = question_at(session, like, 1)
    assert version_figures(id_, version=number).flags == ()
    assert list(bank_ids(BankFilter(flag="any"), zone=LATER.tzinfo)) == []
    assert id_ in bank_ids(BankFilter(flag="few"), zone=LATER.tzinfo)


def test_nothing_new_is_nothing_to_do(like):
    sat(like, classes(like, 4))

    assert refresh() == 1
    assert refresh() == 0


def test_a_result_of_another_version_makes_the_paper_stale(like, session):
    sat(like, classes(like, 4))
    refresh()

    told = session.scalars(select(Result).limit(1)).one()
    told.current = False
    session.add(
        Result(
            attempt_id=told.attempt_id,
            version=2,
            current=True,
            exam_id=told.exam_id,
            user_id=told.user_id,
            score=20,
            maximum=100,
            pass_mark=60,
            passed=False,
            modules=[],
            created_at=LATER + timedelta(minutes=1),
            released_at=LATER,
        )
    )
    session.commit()

    assert refresh(LATER + timedelta(hours=1)) == 1


def test_voided_attempts_do_not_count_and_leave_no_trace(like, session):
    attempts = sat(like, classes(like, 4))
    refresh()

    session.execute(update(Attempt).where(Attempt.id == attempts[0]).values(state="voided"))
    session.commit()
    assert refresh() == 1
    assert session.scalar(select(PaperStatistics.people)) == 3

    session.execute(update(Attempt).where(Attempt.id.in_(attempts)).values(state="voided"))
    session.commit()
    assert refresh() == 1
    id_, number = question_at(session, like, 1)
    assert version_figures(id_, version=number) is None
    assert refresh() == 0


def test_the_paper_keeps_its_reliability(like, session):
    sat(like, classes(like, 10))

    refresh()

    row = session.scalars(select(PaperStatistics)).one()
    assert row.people == 10
    assert row.mean == pytest.approx(50)
    assert row.alpha is not None
