"""What marking, releases and re-scores mean for each other: no seam between them gives way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy import select

from app.domain.certification import NotIndependent
from app.domain.permissions import Role
from app.domain.releases import NothingToRelease, NotReady
from app.domain.rescores import Act
from app.jobs.statistics import refresh_statistics
from app.models.results import Mark
from app.models.statistics import PaperStatistics
from app.services import accounts, releases
from app.services.appeals import take
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW
from tests.services import marking_scenes as desk
from tests.services import result_scenes
from tests.services.marking_scenes import CASE, SHORT
from tests.services.result_scenes import LATER, results

ONE_EACH = {"double": False, "checks": 0}


@pytest.fixture
def written(app):
    """(exam, sitting, the attempt, its marker): single marking, nothing marked yet."""
    row, sitting_id = desk.exam(marking=ONE_EACH)
    attempt_id = desk.handed_in(app, sitting_id)
    return row, sitting_id, attempt_id, desk.marker()


def mark_all(app, row, marker, *, short="30"):
    desk.mark(app, row, SHORT, desk.own(short), marker)
    desk.mark(app, row, CASE, desk.levels(0, 0), marker)


def propose(sitting_id, by):
    return releases.propose(sitting_id, note="", statistics_seen=True, actor=Actor(by), now=NOW)


def points(session, attempt_id, position):
    return session.scalar(
        select(Mark.points).where(Mark.attempt_id == attempt_id, Mark.position == position)
    )


def test_nothing_is_released_before_the_last_mark(app, written):
    row, sitting_id, attempt_id, marker = written
    hr, certifier = result_scenes.staff()
    desk.mark(app, row, SHORT, desk.own("30"), marker)

    with pytest.raises((NothingToRelease, NotReady)):
        propose(sitting_id, hr)

    desk.mark(app, row, CASE, desk.levels(0, 0), marker)
    result_scenes.release(app, sitting_id, hr, certifier)
    assert results(attempt_id) == [(1, True, 90, True)]


def test_whoever_marked_never_decides_about_the_release(app, written):
    row, sitting_id, _, marker = written
    mark_all(app, row, marker)
    hr, _ = result_scenes.staff()
    accounts.set_roles(marker, roles=[Role.MARKER, Role.CERTIFIER], actor=SYSTEM, now=NOW)
    release_id = propose(sitting_id, hr)

    with pytest.raises(NotIndependent):
        releases.decide(release_id, approve=True, reason="ok", actor=Actor(marker), now=NOW)


def test_whoever_marked_never_handles_the_appeal(app, written):
    row, sitting_id, attempt_id, marker = written
    mark_all(app, row, marker)
    result_scenes.release(app, sitting_id, *result_scenes.staff())
    accounts.set_roles(marker, roles=[Role.MARKER, Role.HR], actor=SYSTEM, now=NOW)
    appeal_id = result_scenes.appeal(app, attempt_id)

    with pytest.raises(NotIndependent):
        take(appeal_id, actor=Actor(marker), now=LATER)


def test_a_credit_given_while_people_mark_stands_whatever_they_give(app, written, session):
    row, sitting_id, attempt_id, marker = written
    instructor = factories.user("writer", Role.INSTRUCTOR)
    _, certifier = result_scenes.staff()
    number = desk.take(row, SHORT, marker)
    result_scenes.rescored(
        app, attempt_id, SHORT, Act.CREDIT_ALL, proposer=instructor, decider=certifier
    )

    desk.give(app, number, desk.own("5"), marker)
    desk.mark(app, row, CASE, desk.levels(0, 0), marker)

    assert points(session, attempt_id, SHORT) == Fraction(40)
    assert results(attempt_id) == [(1, True, 100, True)]


def test_what_everybody_is_credited_for_is_marked_by_nobody(app, written, session):
    row, sitting_id, attempt_id, marker = written
    instructor = factories.user("writer", Role.INSTRUCTOR)
    _, certifier = result_scenes.staff()
    result_scenes.rescored(
        app, attempt_id, SHORT, Act.CREDIT_ALL, proposer=instructor, decider=certifier
    )

    later = desk.handed_in(app, sitting_id)

    assert points(session, later, SHORT) == Fraction(40)
    assert desk.take(row, SHORT, marker) == desk.script_of(attempt_id, SHORT)


def test_a_dropped_question_counts_in_no_statistics(app, written, session):
    row, sitting_id, attempt_id, marker = written
    mark_all(app, row, marker)
    hr, certifier = result_scenes.staff()
    instructor = factories.user("writer", Role.INSTRUCTOR)
    result_scenes.release(app, sitting_id, hr, certifier)
    refresh_statistics(clock=lambda: NOW)
    assert session.scalar(select(PaperStatistics.mean)) == 90

    result_scenes.rescored(app, attempt_id, SHORT, Act.DROP, proposer=instructor, decider=certifier)
    refresh_statistics(clock=lambda: LATER)

    assert results(attempt_id) == [(1, False, 90, True), (2, True, 100, True)]
    session.expire_all()
    assert session.scalar(select(PaperStatistics.mean)) == 60
