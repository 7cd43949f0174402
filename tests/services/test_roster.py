"""The roster: people are put on it in one act, or none is; who has not started can go off it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.attempts import MoveRefused
from app.domain.errors import DomainError
from app.models.audit import AuditEntry
from app.models.sittings import Registration, RegistrationEvent
from app.models.system import Mail
from app.services import accounts, registrations, roster, starting, tickets
from app.services.mails import Letterhead
from app.services.registrations import RegistrationMissing, SittingFull
from app.services.remedies import ReasonMissing
from app.services.roster import NotEnrolled
from app.services.sitting_changes import SittingMissing, cancel_sitting
from app.services.sittings import SittingClosed
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW


@pytest.fixture
def sitting_id(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.sitting(factories.exam(), capacity=3, open_to_enrolled=False)


def enrolled(username="trainee1", **changes):
    user_id = factories.user(username, **changes)
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    return user_id


def add(sitting_id, *user_ids, now=NOW, letterhead=None):
    return roster.add_people(sitting_id, user_ids, actor=SYSTEM, now=now, letterhead=letterhead)


def take_off(sitting_id, place, *, reason="病假", letterhead=None):
    roster.take_off(
        place,
        sitting_id=sitting_id,
        reason=reason,
        actor=SYSTEM,
        now=NOW,
        letterhead=letterhead,
    )


def place_of(session, user_id):
    session.expire_all()
    return session.scalar(select(Registration).where(Registration.user_id == user_id))


def places(session):
    return session.scalar(select(func.count()).select_from(Registration))


def test_people_get_places_in_one_act_on_record(sitting_id, session):
    people = [enrolled(f"trainee{n}") for n in (1, 2, 3)]

    assert add(sitting_id, *people) == 3

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "roster.added"))
    events = session.scalars(select(RegistrationEvent.kind)).all()
    assert (places(session), entry.detail["users"]) == (3, people)
    assert events == ["registered"] * 3


def test_whoever_is_on_the_roster_already_is_not_counted_again(sitting_id, session):
    first, second = enrolled("trainee1"), enrolled("trainee2")
    add(sitting_id, first)

    assert add(sitting_id, first, second) == 1
    assert add(sitting_id, first, second) == 0
    assert places(session) == 2


def test_where_places_are_too_few_nobody_gets_one(sitting_id, session):
    people = [enrolled(f"trainee{n}") for n in (1, 2, 3, 4)]

    with pytest.raises(SittingFull):
        add(sitting_id, *people)

    assert places(session) == 0


def test_whoever_is_not_enrolled_is_named_and_nobody_is_added(sitting_id, session):
    stranger = factories.user("stranger", name="学员丁")

    with pytest.raises(NotEnrolled) as refused:
        add(sitting_id, enrolled("trainee1"), stranger)

    assert refused.value.parameters["names"] == "学员丁"
    assert places(session) == 0


def test_a_disabled_account_gets_no_place(sitting_id):
    gone = enrolled("trainee1", name="学员戊")
    accounts.set_active(gone, active=False, actor=SYSTEM, now=NOW)

    with pytest.raises(NotEnrolled, match="学员戊"):
        add(sitting_id, gone)


def test_nobody_is_added_after_the_end_or_to_a_cancelled_sitting(sitting_id, clock):
    user_id = enrolled()

    with pytest.raises(SittingClosed):
        add(sitting_id, user_id, now=clock.forward(hours=8))
    cancel_sitting(sitting_id, reason="停电", actor=SYSTEM, now=NOW)
    with pytest.raises(SittingClosed):
        add(sitting_id, user_id)


def test_a_sitting_that_is_not_there_is_missing(app):
    with pytest.raises(SittingMissing):
        add(999)


def test_a_mail_tells_the_admission_number_to_whoever_is_new(app, sitting_id, session):
    letterhead = Letterhead.of(app.extensions["settings"])
    first = enrolled("trainee1", email="one@example.org")
    add(sitting_id, first)
    second = enrolled("trainee2", email="two@example.org")

    add(sitting_id, first, second, letterhead=letterhead)

    (mail,) = session.scalars(select(Mail))
    assert mail.address == "two@example.org"
    assert place_of(session, second).admission_number in mail.body


def test_taking_somebody_off_has_a_reason_in_log_and_record(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)

    take_off(sitting_id, place_of(session, user_id).id)

    place = place_of(session, user_id)
    event = session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id.desc())).first()
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "roster.taken_off"))
    assert (place.state, event.kind, event.detail["reason"]) == ("voided", "void", "病假")
    assert entry.detail == {"user": user_id, "reason": "病假"}


def test_without_a_reason_nobody_is_taken_off(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)

    with pytest.raises(ReasonMissing):
        take_off(sitting_id, place_of(session, user_id).id, reason=" ")

    assert place_of(session, user_id).state == "registered"


def test_whoever_has_started_stays_on_the_roster(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)
    place = place_of(session, user_id).id
    registrations.agree(place, user_id=user_id, agreement="I agree", now=NOW)
    starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)

    with pytest.raises(DomainError) as refused:
        take_off(sitting_id, place)

    assert refused.value.code == "already-started"


def test_a_place_of_another_sitting_is_missing(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)

    with pytest.raises(RegistrationMissing):
        take_off(sitting_id + 1, place_of(session, user_id).id)


def test_nobody_is_taken_off_twice(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)
    place = place_of(session, user_id).id
    take_off(sitting_id, place)

    with pytest.raises(MoveRefused):
        take_off(sitting_id, place)


def test_whoever_is_put_back_has_the_same_number_and_begins_anew(sitting_id, session):
    user_id = enrolled()
    add(sitting_id, user_id)
    place = place_of(session, user_id)
    place_id, number = place.id, place.admission_number
    registrations.agree(place_id, user_id=user_id, agreement="I agree", now=NOW)
    tickets.issue_tickets(sitting_id, actor=SYSTEM, now=NOW)
    take_off(sitting_id, place_id)

    add(sitting_id, user_id)

    place = place_of(session, user_id)
    assert (place.id, place.admission_number, place.state) == (place_id, number, "registered")
    assert (place.agreed_at, place.ticket_hash) == (None, None)


def test_a_mail_tells_the_reason_to_whoever_is_taken_off(app, sitting_id, session):
    user_id = enrolled(email="one@example.org")
    add(sitting_id, user_id)

    take_off(
        sitting_id,
        place_of(session, user_id).id,
        letterhead=Letterhead.of(app.extensions["settings"]),
    )

    assert "病假" in session.scalar(select(Mail.body))
