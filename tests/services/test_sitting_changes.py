"""What may still change about a sitting, and what a change means for those who are working."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.models.attempts import Attempt, AttemptEvent
from app.models.audit import AuditEntry
from app.models.sittings import Registration, Sitting, SittingPaper, SittingProctor
from app.models.system import Mail
from app.queries.notices import notices_since
from app.services import registrations, sitting_changes, starting
from app.services.mails import Letterhead
from app.services.remedies import ReasonMissing
from app.services.sitting_changes import SittingMissing
from app.services.sittings import SittingClosed, SittingRules
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW

HR = Actor(None, "127.0.0.1", "a browser")


@pytest.fixture
def pool(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())


@pytest.fixture
def sitting_id(pool):
    """Open for 50 minutes, while its exam takes 60."""
    return factories.sitting(factories.exam(), hours=50 / 60)


def change(session, sitting_id, *, now=NOW, **changes):
    row = session.get_one(Sitting, sitting_id)
    rules = SittingRules(
        room=row.room,
        capacity=row.capacity,
        access_code=row.access_code,
        needs_admission=row.needs_admission,
    )
    fields = {name: changes.pop(name) for name in SittingRules.__slots__ if name in changes}
    asked = {
        "exam_id": row.exam_id,
        "title": factories.Text(**row.title),
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        **changes,
    }
    return sitting_changes.change_sitting(
        sitting_id, **asked, rules=replace(rules, **fields), seed=99, actor=HR, now=now
    )


def begin(sitting_id, username="trainee1"):
    user_id = factories.user(username)
    place = factories.registration(sitting_id, user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)


def fresh(session, model, id_):
    session.expire_all()
    return session.get_one(model, id_)


def refused(session, sitting_id, **changes):
    with pytest.raises(DomainError) as error:
        change(session, sitting_id, **changes)
    return error.value.code


def test_everything_can_change_before_anybody_starts(sitting_id, session):
    proctor_id = factories.user("proctor1", Role.PROCTOR)

    change(
        session,
        sitting_id,
        title=factories.Text("新的", "New"),
        opens_at=NOW + timedelta(hours=1),
        closes_at=NOW + timedelta(hours=3),
        room="302",
        capacity=5,
        access_code="ABCD",
        proctors=frozenset({proctor_id}),
    )

    row = fresh(session, Sitting, sitting_id)
    assert row.title == {"zh": "新的", "en": "New"}
    assert (row.opens_at, row.closes_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=3))
    assert (row.room, row.capacity, row.access_code) == ("302", 5, "ABCD")
    assert session.scalars(select(SittingProctor.user_id)).all() == [proctor_id]


def test_a_change_is_on_record_without_the_access_code(sitting_id, session):
    change(session, sitting_id, room="302", access_code="SECRET7")

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "sitting.changed"))
    assert entry.detail["changed"] == {"room": ["", "302"], "access_code": [False, True]}


def test_saving_without_a_change_leaves_no_record(sitting_id, session):
    change(session, sitting_id)

    changed = select(AuditEntry).where(AuditEntry.action == "sitting.changed")
    assert session.scalar(changed) is None


def test_another_exam_gets_papers_of_its_own(sitting_id, session):
    before = set(session.scalars(select(SittingPaper.paper_id)))
    other = factories.exam(code="second", papers=3)

    change(session, sitting_id, exam_id=other.id)

    after = set(session.scalars(select(SittingPaper.paper_id)))
    assert (len(after), after & before) == (3, set())


def test_once_somebody_has_started_the_exam_stays(sitting_id, session):
    begin(sitting_id)
    other = factories.exam(code="second")

    assert refused(session, sitting_id, exam_id=other.id) == "exam-fixed"


def test_once_somebody_has_started_the_beginning_moves_no_later(sitting_id, session):
    begin(sitting_id)

    assert refused(session, sitting_id, opens_at=NOW + timedelta(minutes=1)) == "beginning-fixed"
    change(session, sitting_id, opens_at=NOW - timedelta(minutes=1))


def test_a_later_end_reaches_those_who_are_working(sitting_id, session):
    attempt_id = begin(sitting_id)

    gained = change(
        session, sitting_id, closes_at=NOW + timedelta(minutes=57), now=NOW + timedelta(minutes=5)
    )

    attempt = fresh(session, Attempt, attempt_id)
    (notice,) = notices_since(attempt_id)
    assert (gained, attempt.deadline_at) == (1, NOW + timedelta(minutes=57))
    assert (notice.kind, notice.detail["minutes"]) == ("time_added", 7)
    assert attempt.notice_id == notice.id


def test_an_end_beyond_the_exam_gives_nobody_more_than_the_exam(sitting_id, session):
    attempt_id = begin(sitting_id)

    change(session, sitting_id, closes_at=NOW + timedelta(hours=9))
    change(session, sitting_id, closes_at=NOW + timedelta(hours=10))

    assert fresh(session, Attempt, attempt_id).deadline_at == NOW + timedelta(minutes=60)
    assert [notice.detail["minutes"] for notice in notices_since(attempt_id)] == [10]


def test_the_end_never_moves_below_a_promised_deadline(sitting_id, session):
    attempt_id = begin(sitting_id)

    code = refused(session, sitting_id, closes_at=NOW + timedelta(minutes=49))

    assert code == "end-promised"
    assert fresh(session, Attempt, attempt_id).deadline_at == NOW + timedelta(minutes=50)
    assert fresh(session, Sitting, sitting_id).closes_at == NOW + timedelta(minutes=50)


def test_the_end_moves_earlier_where_nobody_is_promised_more(pool, session):
    sitting_id = factories.sitting(factories.exam(), hours=8)
    attempt_id = begin(sitting_id)

    change(session, sitting_id, closes_at=NOW + timedelta(minutes=61))

    assert fresh(session, Attempt, attempt_id).deadline_at == NOW + timedelta(minutes=60)


def test_the_end_never_moves_into_the_past(sitting_id, session):
    code = refused(
        session,
        sitting_id,
        closes_at=NOW + timedelta(minutes=10),
        now=NOW + timedelta(minutes=11),
    )

    assert code == "end-before-now"


def test_a_later_end_wakes_no_attempt_that_was_over(sitting_id, session):
    attempt_id = begin(sitting_id)
    late = NOW + timedelta(minutes=51)

    change(session, sitting_id, closes_at=NOW + timedelta(minutes=59), now=late)

    attempt = fresh(session, Attempt, attempt_id)
    assert (attempt.state, attempt.closed_at) == ("expired", NOW + timedelta(minutes=50))


def test_a_capacity_below_the_places_taken_is_refused(sitting_id, session):
    for number in (1, 2):
        factories.registration(sitting_id, factories.user(f"trainee{number}"))

    assert refused(session, sitting_id, capacity=1) == "capacity-too-small"
    change(session, sitting_id, capacity=2)


def test_where_admission_is_no_longer_asked_for_those_who_agreed_are_ready(pool, session):
    sitting_id = factories.sitting(factories.exam(), needs_admission=True)
    agreed = factories.registration(sitting_id, factories.user("trainee1"))
    silent = factories.registration(sitting_id, factories.user("trainee2"), agreed=False)

    change(session, sitting_id, needs_admission=False)

    assert fresh(session, Registration, agreed).state == "ready"
    assert fresh(session, Registration, silent).state == "registered"


def test_admission_is_not_asked_for_afterwards_of_those_who_are_ready(sitting_id, session):
    factories.registration(sitting_id, factories.user())

    assert refused(session, sitting_id, needs_admission=True) == "ready-already"


def test_a_proctor_who_lost_the_role_stays_named(pool, session):
    proctor_id = factories.user("proctor1", Role.PROCTOR)
    sitting_id = factories.sitting(factories.exam(), proctors=frozenset({proctor_id}))
    factories.accounts.set_roles(proctor_id, roles=[Role.MARKER], actor=SYSTEM, now=NOW)

    change(session, sitting_id, room="302", proctors=frozenset({proctor_id}))

    assert session.scalars(select(SittingProctor.user_id)).all() == [proctor_id]


def cancel(sitting_id, *, reason="水管破裂", now=NOW, letterhead=None):
    sitting_changes.cancel_sitting(
        sitting_id, reason=reason, actor=HR, now=now, letterhead=letterhead
    )


def test_a_cancelled_sitting_starts_nobody_and_says_why_on_record(sitting_id, session):
    user_id = factories.user()
    place = factories.registration(sitting_id, user_id)

    cancel(sitting_id)

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "sitting.cancelled"))
    assert entry.detail["reason"] == "水管破裂"
    with pytest.raises(SittingClosed):
        starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)


def test_everybody_on_the_roster_gets_a_mail_about_the_cancellation(app, sitting_id, session):
    factories.registration(sitting_id, with_address("trainee1"))
    off = factories.registration(sitting_id, with_address("trainee2"))
    session.get_one(Registration, off).state = "voided"
    session.commit()

    cancel(sitting_id, letterhead=Letterhead.of(app.extensions["settings"]))

    (mail,) = session.scalars(select(Mail))
    assert mail.address == "trainee1@example.org"
    assert "水管破裂" in mail.body


def with_address(username):
    return factories.user(username, email=f"{username}@example.org")


def test_a_sitting_that_somebody_has_started_is_not_cancelled(sitting_id, session):
    begin(sitting_id)

    with pytest.raises(DomainError) as error:
        cancel(sitting_id)

    assert error.value.code == "sitting-started"
    assert fresh(session, Sitting, sitting_id).cancelled_at is None


def test_a_cancellation_has_a_reason_and_comes_before_the_end(sitting_id):
    with pytest.raises(ReasonMissing):
        cancel(sitting_id, reason="  ")
    with pytest.raises(SittingClosed):
        cancel(sitting_id, now=NOW + timedelta(minutes=50))


def test_a_cancelled_sitting_is_changed_no_more(sitting_id, session):
    cancel(sitting_id)

    assert refused(session, sitting_id, room="302") == "sitting-cancelled"
    with pytest.raises(DomainError) as error:
        registrations.register(sitting_id, user_id=enrolled("trainee1"), now=NOW)
    assert error.value.code == "sitting-closed"


def enrolled(username):
    user_id = factories.user(username)
    factories.accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    return user_id


def test_a_sitting_that_is_not_there_is_missing(app, session):
    with pytest.raises(SittingMissing):
        cancel(999)

    assert session.scalar(select(func.count()).select_from(AttemptEvent)) == 0
