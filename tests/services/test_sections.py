"""Sections of a one-way exam: left once, in order, by the page that writes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.attempts import MoveRefused
from app.domain.pauses import LONGEST_PAUSE
from app.domain.timing import GRACE
from app.models.attempts import Attempt, AttemptEvent
from app.services import attempts, proctoring
from app.services.attempts import AttemptMissing
from app.services.trail import Actor
from tests import factories


def attempt_row(session, attempt_id):
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def log(session, attempt_id):
    """Kinds of the attempt's events, the oldest first."""
    rows = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)
    return session.scalars(rows.order_by(AttemptEvent.id)).all()


def claim(attempt_id, user_id, *, now=factories.NOW):
    return attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)


def proctor_pauses(session, attempt_id, user_id, now=factories.NOW):
    sitting_id = attempt_row(session, attempt_id).sitting_id
    proctoring.pause(sitting_id, [attempt_id], reason="alarm", actor=Actor(user_id), now=now)


@pytest.fixture
def one_way(app):
    """A running attempt of an exam in two sections, its page open."""
    user_id = factories.user()
    attempt_id = factories.attempt(
        app, user_id, plan=factories.IN_SECTIONS, sections=factories.SECTIONS
    )
    claim(attempt_id, user_id)
    return attempt_id, user_id


def close_section(attempt_id, user_id, section, *, epoch=1, now=factories.NOW):
    actor = Actor(user_id)
    attempts.close_section(
        attempt_id, user_id=user_id, section=section, epoch=epoch, actor=actor, now=now
    )


def test_leaving_a_section_opens_the_next_and_is_logged(one_way, session):
    close_section(*one_way, 1)

    assert attempt_row(session, one_way[0]).section == 2
    event = session.scalar(select(AttemptEvent).where(AttemptEvent.kind == "section_closed"))
    assert event.detail == {"section": 1}


def test_leaving_a_section_twice_leaves_one(one_way, session):
    close_section(*one_way, 1)
    close_section(*one_way, 1)

    assert attempt_row(session, one_way[0]).section == 2
    assert log(session, one_way[0]).count("section_closed") == 1


@pytest.mark.parametrize("section", [0, 2, 3])
def test_only_the_open_section_is_left_and_none_is_left_out(one_way, session, section):
    if section == 0:
        close_section(*one_way, section)  # as if it had been left before: nothing changes
    else:
        with pytest.raises(MoveRefused):
            close_section(*one_way, section)

    assert attempt_row(session, one_way[0]).section == 1


def test_the_last_section_is_left_by_handing_in(one_way, session):
    close_section(*one_way, 1)

    with pytest.raises(MoveRefused):
        close_section(*one_way, 2)

    assert attempt_row(session, one_way[0]).section == 2


def test_a_tab_that_was_taken_over_leaves_no_section(one_way, session):
    claim(*one_way)

    with pytest.raises(MoveRefused):
        close_section(*one_way, 1, epoch=1)

    assert attempt_row(session, one_way[0]).section == 1


def test_no_section_is_left_after_the_end_in_a_pause_or_by_another(one_way, session, clock):
    with pytest.raises(AttemptMissing):
        close_section(one_way[0], factories.user("trainee2"), 1)
    with pytest.raises(MoveRefused):
        close_section(*one_way, 1, now=factories.NOW + timedelta(minutes=60) + 2 * GRACE)
    proctor_pauses(session, *one_way)
    with pytest.raises(MoveRefused):
        close_section(*one_way, 1, now=clock.forward(minutes=1))

    assert attempt_row(session, one_way[0]).section == 1


def test_a_section_is_left_after_a_pause_that_has_ended_by_itself(one_way, session):
    proctor_pauses(session, *one_way)

    close_section(*one_way, 1, now=factories.NOW + LONGEST_PAUSE)

    assert attempt_row(session, one_way[0]).section == 2


def test_an_exam_without_sections_has_none_to_leave(app):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    claim(attempt_id, user_id)

    with pytest.raises(MoveRefused):
        close_section(attempt_id, user_id, 1)
