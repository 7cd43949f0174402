"""Approving and revoking, and an exam that is under way meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.domain.accommodations import Accommodation as Given
from app.domain.accommodations import AccommodationRefused, OwnAccommodation
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.domain.text import Text
from app.models.accommodations import Accommodation
from app.models.attempts import Attempt, AttemptEvent
from app.models.audit import AuditEntry
from app.models.sittings import Sitting
from app.models.system import Mail
from app.queries.notices import notices_since
from app.services import accommodations, attempts, proctoring, starting
from app.services.mails import Letterhead
from app.services.remedies import ReasonMissing
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW
TODAY = NOW.date()
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LETTERHEAD = Letterhead(Text("学院", "Academy"), "Asia/Shanghai", "https://exams.example.org")
NOTHING = Given(
    time_factor=1.0,
    break_minutes=0,
    larger_text=False,
    separate_room=False,
    valid_from=TODAY,
    valid_until=None,
)


@pytest.fixture
def hr(app):
    return Actor(factories.user("hr", Role.HR), "10.0.0.1", "browser")


@pytest.fixture
def approve(hr):
    def approve(user_id, *, now=NOW, actor=hr, reason="a medical reason", **given):
        return accommodations.approve(
            user_id,
            replace(NOTHING, **given),
            reason=reason,
            letterhead=LETTERHEAD,
            today=now.date(),
            actor=actor,
            now=now,
        )

    return approve


def attempt(attempt_id):
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt_id)


def events(kind):
    return db.session.scalars(
        select(AttemptEvent).where(AttemptEvent.kind == kind).order_by(AttemptEvent.id)
    ).all()


def last_entry():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_what_is_approved_applies_to_every_exam_by_itself(app, approve):
    user_id = factories.user()
    approve(user_id, time_factor=1.5, break_minutes=10, larger_text=True)

    row = attempt(factories.attempt(app, user_id))

    assert (row.time_factor, row.break_seconds, row.larger_text) == (1.5, 600, True)
    assert row.deadline_at == NOW + 90 * MINUTE


def test_an_approval_is_on_record_without_its_reason(approve, hr):
    user_id = factories.user()

    id_ = approve(user_id, time_factor=1.25, reason="dyslexia", valid_until=TODAY + DAY)

    row = db.session.get_one(Accommodation, id_)
    assert (row.reason, row.approved_by, row.approved_at) == ("dyslexia", hr.user_id, NOW)
    entry = last_entry()
    assert (entry.action, entry.subject) == ("accommodation.approved", f"user:{user_id}")
    assert entry.detail["time_factor"] == 1.25
    assert entry.detail["reason_given"] is True
    assert "dyslexia" not in str(entry.detail)


def test_nobody_approves_their_own(approve, hr):
    with pytest.raises(OwnAccommodation):
        approve(hr.user_id, time_factor=1.5)

    assert db.session.scalar(select(Accommodation.id)) is None


def test_an_approval_needs_a_reason(approve):
    with pytest.raises(ReasonMissing):
        approve(factories.user(), time_factor=1.5, reason=" ")


def test_an_approval_that_makes_no_sense_is_refused(approve):
    with pytest.raises(AccommodationRefused):
        approve(factories.user())


def test_somebody_who_does_not_exist_gets_nothing(approve):
    with pytest.raises(DomainError) as refused:
        approve(999_999, time_factor=1.5)

    assert refused.value.code == "account-missing"


def test_a_mail_tells_what_was_approved_and_never_why(approve):
    user_id = factories.user(email="a@example.org", language="en")

    approve(user_id, time_factor=1.25, break_minutes=10, reason="dyslexia")

    mail = db.session.scalars(select(Mail)).one()
    assert (mail.user_id, mail.address) == (user_id, "a@example.org")
    assert "25 % more" in mail.body
    assert "10 minutes" in mail.body
    assert "Larger text" not in mail.body
    assert "dyslexia" not in mail.subject + mail.body


# -- an exam under way


def test_a_late_approval_gives_an_exam_under_way_what_it_would_have_had(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=1.5, now=NOW + 30 * MINUTE)

    assert attempt(attempt_id).deadline_at == NOW + 90 * MINUTE


def test_the_open_page_hears_of_the_minutes(app, approve, hr):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=1.25)

    (notice,) = notices_since(attempt_id)
    assert (notice.kind, notice.detail["minutes"]) == ("time_added", 15)
    assert attempt(attempt_id).notice_id == notice.id
    (event,) = events("time_added")
    assert (event.actor_id, event.detail["reason"]) == (hr.user_id, "")


def test_the_extra_time_reaches_beyond_the_end_of_the_sitting(app, approve, session):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    session.get_one(Sitting, attempt(attempt_id).sitting_id).closes_at = NOW + 60 * MINUTE
    session.commit()

    approve(user_id, time_factor=1.5)

    assert attempt(attempt_id).deadline_at == NOW + 90 * MINUTE


def test_minutes_are_rounded_up(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id, minutes=50)

    approve(user_id, time_factor=1.25)

    assert attempt(attempt_id).deadline_at == NOW + 63 * MINUTE


def test_a_second_approval_adds_only_what_is_missing(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=1.25)
    approve(user_id, time_factor=1.5)
    approve(user_id, time_factor=1.1)

    assert attempt(attempt_id).deadline_at == NOW + 90 * MINUTE
    assert [event.detail["minutes"] for event in events("time_added")] == [15, 15]


def test_what_somebody_began_with_is_not_given_again(app, approve):
    user_id = factories.user()
    approve(user_id, time_factor=1.25)
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=1.5)

    assert attempt(attempt_id).deadline_at == NOW + 90 * MINUTE


def test_minutes_of_a_proctor_stay_beside_those_of_an_approval(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    proctoring.add_minutes(
        attempt(attempt_id).sitting_id,
        [attempt_id],
        minutes=10,
        reason="noise",
        actor=Actor(),
        now=NOW,
    )

    approve(user_id, time_factor=1.25)

    assert attempt(attempt_id).deadline_at == NOW + 85 * MINUTE


def test_breaks_and_larger_text_come_with_a_message_in_the_person_s_language(app, approve):
    user_id = factories.user(language="en")
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, break_minutes=10, larger_text=True)

    row = attempt(attempt_id)
    assert (row.break_seconds, row.larger_text) == (600, True)
    assert row.deadline_at == NOW + 60 * MINUTE
    (notice,) = notices_since(attempt_id)
    assert notice.kind == "message"
    assert notice.detail["text"].startswith("Accommodations were approved for you.")
    assert row.notice_id == notice.id
    attempts.take_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=NOW)


def test_a_separate_room_alone_changes_nothing_about_the_exam_page(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, separate_room=True)

    assert notices_since(attempt_id) == ()


def test_an_approval_for_later_gives_an_exam_under_way_nothing(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=1.5, valid_from=TODAY + DAY)

    assert attempt(attempt_id).deadline_at == NOW + 60 * MINUTE


def test_the_exam_of_somebody_else_is_left_alone(app, approve):
    attempt_id = factories.attempt(app)

    approve(factories.user("trainee2"), time_factor=1.5, break_minutes=5)

    row = attempt(attempt_id)
    assert (row.deadline_at, row.break_seconds) == (NOW + 60 * MINUTE, 0)


def test_an_exam_that_is_over_stays_over(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)

    approve(user_id, time_factor=3.0, now=NOW + 61 * MINUTE)

    assert attempt(attempt_id).deadline_at == NOW + 60 * MINUTE
    assert notices_since(attempt_id) == ()


def test_an_approval_during_a_pause_counts_when_it_ends(app, approve):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    sitting_id = attempt(attempt_id).sitting_id
    act = {"reason": "alarm", "actor": Actor()}
    proctoring.pause(sitting_id, [attempt_id], now=NOW + 10 * MINUTE, **act)

    approve(user_id, time_factor=1.5, now=NOW + 15 * MINUTE)
    proctoring.resume(sitting_id, [attempt_id], now=NOW + 20 * MINUTE, **act)

    assert attempt(attempt_id).deadline_at == NOW + 100 * MINUTE


# -- revoking


@pytest.fixture
def approved(approve):
    user_id = factories.user()
    return approve(user_id, time_factor=1.5, break_minutes=10), user_id


def revoke(id_, hr, *, reason="a mistake", now=NOW):
    accommodations.revoke(id_, reason=reason, actor=hr, now=now)


def test_a_revoked_accommodation_gives_nothing_any_more(app, approved, hr):
    id_, user_id = approved
    revoke(id_, hr)

    row = attempt(factories.attempt(app, user_id))

    assert (row.time_factor, row.break_seconds) == (1.0, 0)


def test_revoking_takes_nothing_from_an_exam_under_way(app, approved, hr):
    id_, user_id = approved
    attempt_id = factories.attempt(app, user_id)

    revoke(id_, hr, now=NOW + MINUTE)

    row = attempt(attempt_id)
    assert (row.deadline_at, row.break_seconds) == (NOW + 90 * MINUTE, 600)


def test_a_revocation_is_on_record_and_its_reason_kept_with_it(approved, hr):
    id_, user_id = approved

    revoke(id_, hr, reason="asked for by the person")

    row = db.session.get_one(Accommodation, id_)
    assert (row.revoked_by, row.revoked_at) == (hr.user_id, NOW)
    assert row.revoked_reason == "asked for by the person"
    entry = last_entry()
    assert (entry.action, entry.subject) == ("accommodation.revoked", f"user:{user_id}")
    assert "asked for" not in str(entry.detail)


def test_a_revocation_needs_a_reason_and_happens_once(approved, hr):
    with pytest.raises(ReasonMissing):
        revoke(approved[0], hr, reason="")
    revoke(approved[0], hr)
    with pytest.raises(DomainError) as refused:
        revoke(approved[0], hr)

    assert refused.value.code == "revoked-already"


def test_what_is_not_there_cannot_be_revoked(hr):
    with pytest.raises(accommodations.AccommodationMissing):
        revoke(999_999, hr)


@pytest.mark.parametrize("offset", [0, 1])
def test_the_organisation_s_day_decides_about_an_exam_under_way(app, approve, offset):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    given = replace(NOTHING, time_factor=1.5, valid_from=date(2026, 11, 3))

    accommodations.approve(
        user_id,
        given,
        reason="x",
        letterhead=LETTERHEAD,
        today=date(2026, 11, 2 + offset),
        actor=Actor(),
        now=NOW,
    )

    expected = NOW + (90 if offset else 60) * MINUTE
    assert attempt(attempt_id).deadline_at == expected


def test_an_exam_started_after_the_approval_has_it_once(app, approve):
    user_id = factories.user()
    first = factories.attempt(app, user_id)
    approve(user_id, time_factor=1.5)
    attempts.submit(first, user_id=user_id, actor=Actor(), now=NOW)
    later = NOW + timedelta(hours=25)
    sitting_id = attempt(first).sitting_id
    db.session.get_one(Sitting, sitting_id).closes_at = later + timedelta(hours=8)
    db.session.commit()

    second = starting.start(
        attempt(first).registration_id, user_id=user_id, seed=2, actor=Actor(), now=later
    )

    assert attempt(second).deadline_at == later + 90 * MINUTE
