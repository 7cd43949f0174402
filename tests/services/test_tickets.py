"""Tickets work once, for one person, in one window and from one network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.entrance import CODE_ALPHABET, AddressRefused
from app.domain.errors import DomainError
from app.models.accounts import LoginFailure, LoginSession
from app.models.audit import AuditEntry
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.services import accounts, roster, sessions, sitting_changes, starting, tickets
from app.services.sessions import LockedOut
from app.services.sittings import SittingClosed
from app.services.tickets import NobodyToIssueTo, TicketRefused, TicketSpent
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW

ROOM = Actor(None, "10.1.2.3", "a browser")
OPENS = NOW + timedelta(hours=2)


@pytest.fixture
def sitting_id(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.sitting(
        factories.exam(), opens_at=OPENS, hours=2, needs_ticket=True, networks=("10.1.0.0/16",)
    )


def issue(sitting_id, *places, now=NOW):
    return tickets.issue_tickets(sitting_id, registration_ids=places or None, actor=SYSTEM, now=now)


def ticket_for(sitting_id, username="trainee1"):
    place = factories.registration(sitting_id, factories.user(username))
    (ticket,) = issue(sitting_id, place)
    return ticket


def redeem(ticket, *, code=None, actor=ROOM, now=OPENS):
    return tickets.redeem_ticket(
        ticket.admission_number,
        code or ticket.code,
        actor=actor,
        now=now,
        account_failures=3,
        address_failures=50,
    )


def place_of(session, ticket):
    session.expire_all()
    return session.get_one(Registration, ticket.registration_id)


def test_a_ticket_is_ten_readable_characters_and_only_its_hash_is_kept(sitting_id, session):
    ticket = ticket_for(sitting_id)

    kept = place_of(session, ticket).ticket_hash
    assert len(ticket.code) == 10
    assert set(ticket.code) <= set(CODE_ALPHABET)
    assert len(kept) == 64
    assert kept == tickets.ticket_hash(ticket.admission_number, ticket.code)


def test_nothing_on_record_tells_a_ticket(sitting_id, session):
    ticket = ticket_for(sitting_id)

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "tickets.issued"))
    events = session.scalars(select(RegistrationEvent.detail)).all()
    assert entry.detail == {"count": 1, "registrations": [ticket.registration_id]}
    assert ticket.code not in str([entry.detail, *events])


def test_tickets_for_all_go_to_those_who_have_none(sitting_id):
    first = ticket_for(sitting_id, "trainee1")
    factories.registration(sitting_id, factories.user("trainee2", name="学员乙"))

    (issued,) = issue(sitting_id)

    assert issued.username == "trainee2"
    assert redeem(first)


def test_where_nobody_is_left_nothing_is_issued(sitting_id):
    ticket_for(sitting_id)

    with pytest.raises(NobodyToIssueTo):
        issue(sitting_id)


def test_a_place_of_another_sitting_gets_no_ticket_here(sitting_id, session):
    other = factories.sitting(session.scalars(select(factories.Exam)).one())
    place = factories.registration(other, factories.user())

    with pytest.raises(NobodyToIssueTo):
        issue(sitting_id, place)


def test_a_ticket_opens_a_session_for_its_exam_alone(sitting_id, session):
    ticket = ticket_for(sitting_id)

    entrance = redeem(ticket)

    row = session.scalars(select(LoginSession)).one()
    assert entrance.sitting_id == sitting_id
    assert row.registration_id == ticket.registration_id
    assert row.token_hash == sessions.token_hash(entrance.token)
    assert place_of(session, ticket).ticket_used_at == OPENS


def test_the_use_is_logged_with_address_and_person(sitting_id, session):
    ticket = ticket_for(sitting_id)
    redeem(ticket)

    event = session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id.desc())).first()
    person = place_of(session, ticket).user_id
    assert (event.kind, event.address, event.actor_id) == ("ticket_used", "10.1.2.3", person)


def test_a_ticket_may_be_typed_in_small_letters_with_blanks(sitting_id):
    ticket = ticket_for(sitting_id)

    assert redeem(ticket, code=f" {ticket.code[:5].lower()}-{ticket.code[5:]} ")


def test_a_ticket_works_once(sitting_id):
    ticket = ticket_for(sitting_id)
    redeem(ticket)

    with pytest.raises(TicketSpent):
        redeem(ticket)


@pytest.mark.parametrize("minutes", [-60, 0, 119])
def test_a_ticket_works_from_an_hour_before_the_opening_to_the_end(sitting_id, minutes):
    assert redeem(ticket_for(sitting_id), now=OPENS + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [-61, 120])
def test_outside_that_time_it_does_not(sitting_id, session, minutes):
    ticket = ticket_for(sitting_id)

    with pytest.raises(SittingClosed):
        redeem(ticket, now=OPENS + timedelta(minutes=minutes))

    assert place_of(session, ticket).ticket_used_at is None


def test_whoever_is_working_comes_back_with_a_new_ticket_even_after_the_end(sitting_id):
    ticket = ticket_for(sitting_id)
    factories.accommodation(person := user_of(ticket), factor=2.0)
    redeem(ticket)
    late = OPENS + timedelta(minutes=119)
    starting.start(
        ticket.registration_id,
        user_id=person,
        seed=1,
        actor=Actor(person, "10.1.2.3"),
        now=late,
    )
    after = OPENS + timedelta(minutes=121)

    (again,) = issue(sitting_id, ticket.registration_id, now=after)

    assert redeem(again, now=after)


def user_of(ticket):
    return factories.db.session.get_one(Registration, ticket.registration_id).user_id


def test_in_a_cancelled_sitting_no_ticket_works(sitting_id):
    ticket = ticket_for(sitting_id)
    sitting_changes.cancel_sitting(sitting_id, reason="停电", actor=SYSTEM, now=NOW)

    with pytest.raises(SittingClosed):
        redeem(ticket)
    with pytest.raises(SittingClosed):
        issue(sitting_id, ticket.registration_id)


def test_a_ticket_works_in_the_rooms_network_only(sitting_id, session):
    ticket = ticket_for(sitting_id)

    with pytest.raises(AddressRefused):
        redeem(ticket, actor=Actor(None, "192.0.2.1"))

    assert place_of(session, ticket).ticket_used_at is None


def test_a_new_ticket_ends_the_old_one_and_what_it_opened(sitting_id, session):
    old = ticket_for(sitting_id)
    redeem(old)

    (new,) = issue(sitting_id, old.registration_id)

    with pytest.raises(TicketRefused):
        redeem(old)
    assert session.scalars(select(LoginSession.revoked_at)).all() == [NOW]
    assert redeem(new)


def test_the_ticket_of_another_opens_nothing(sitting_id):
    mine, other = ticket_for(sitting_id, "trainee1"), ticket_for(sitting_id, "trainee2")

    with pytest.raises(TicketRefused):
        redeem(mine, code=other.code)


def test_whoever_was_taken_off_enters_no_more(sitting_id, session):
    ticket = ticket_for(sitting_id)
    redeem(ticket)
    (again,) = issue(sitting_id, ticket.registration_id)
    redeem(again)

    roster.take_off(
        ticket.registration_id, sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW
    )

    assert all(session.scalars(select(LoginSession.revoked_at)))
    with pytest.raises(TicketRefused):
        redeem(again)


def test_a_disabled_account_enters_no_more(sitting_id):
    ticket = ticket_for(sitting_id)
    accounts.set_active(user_of(ticket), active=False, actor=SYSTEM, now=NOW)

    with pytest.raises(TicketRefused):
        redeem(ticket)


def test_wrong_tickets_lock_as_wrong_passwords_do(sitting_id, session):
    ticket = ticket_for(sitting_id)
    for _ in range(3):
        with pytest.raises(TicketRefused):
            redeem(ticket, code="AAAAAAAAAA")

    with pytest.raises(LockedOut):
        redeem(ticket)

    failures = session.execute(select(LoginFailure.username, LoginFailure.address)).all()
    assert set(failures) == {(ticket.admission_number, "10.1.2.3")}
    assert redeem(ticket, now=OPENS + timedelta(minutes=15, seconds=1))


def test_an_admission_number_that_is_none_is_refused_in_the_same_words(sitting_id):
    ticket = ticket_for(sitting_id)

    with pytest.raises(DomainError) as unknown:
        tickets.redeem_ticket(
            "20260000000000",
            ticket.code,
            actor=ROOM,
            now=OPENS,
            account_failures=3,
            address_failures=50,
        )

    assert unknown.value.code == "ticket-refused"


def test_without_a_ticket_nobody_starts_where_one_is_asked_for(sitting_id, session):
    user_id = factories.user()
    place = factories.registration(sitting_id, user_id)
    assert session.get_one(Sitting, sitting_id).needs_ticket

    with pytest.raises(DomainError) as refused:
        starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id, "10.1.2.3"), now=OPENS)

    assert refused.value.code == "ticket-needed"
