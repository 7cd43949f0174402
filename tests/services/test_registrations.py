"""Places in a sitting: whoever is enrolled takes one, while there are any."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.services import accounts, registrations
from app.services.registrations import RegistrationMissing, SittingFull
from app.services.roster import take_off
from app.services.trail import SYSTEM
from tests import factories
from tests.factories import NOW


@pytest.fixture
def sitting_id(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.sitting(factories.exam(), capacity=2)


def enrolled(username="trainee1"):
    user_id = factories.user(username)
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    return user_id


def register(sitting_id, user_id):
    return registrations.register(sitting_id, user_id=user_id, now=NOW)


def places(session):
    return session.scalar(select(func.count()).select_from(Registration))


def kinds(session, registration_id):
    return session.scalars(
        select(RegistrationEvent.kind)
        .where(RegistrationEvent.registration_id == registration_id)
        .order_by(RegistrationEvent.id)
    ).all()


def test_a_place_has_a_number_of_its_own(sitting_id, session):
    first, second = (register(sitting_id, enrolled(f"trainee{n}")) for n in (1, 2))

    numbers = session.scalars(select(Registration.admission_number)).all()
    assert first != second
    assert len(set(numbers)) == 2
    assert kinds(session, first) == ["registered"]


def test_the_last_place_is_the_last(sitting_id, session):
    register(sitting_id, enrolled("trainee1"))
    register(sitting_id, enrolled("trainee2"))

    with pytest.raises(SittingFull):
        register(sitting_id, enrolled("trainee3"))

    assert places(session) == 2


def test_whoever_has_a_place_keeps_it_when_the_sitting_is_full(sitting_id):
    user_id = enrolled("trainee1")
    place = register(sitting_id, user_id)
    register(sitting_id, enrolled("trainee2"))

    assert register(sitting_id, user_id) == place


def test_a_place_that_was_given_up_can_be_taken_by_another(sitting_id, session):
    place = register(sitting_id, enrolled("trainee1"))
    register(sitting_id, enrolled("trainee2"))
    off(sitting_id, place)

    assert register(sitting_id, enrolled("trainee3"))


def off(sitting_id, place):
    take_off(place, sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW)


def test_whoever_was_taken_off_does_not_come_back_alone(sitting_id, session):
    user_id = enrolled()
    off(sitting_id, register(sitting_id, user_id))

    with pytest.raises(DomainError) as refused:
        register(sitting_id, user_id)

    assert refused.value.code == "place-withdrawn"


def test_into_a_sitting_for_its_roster_alone_nobody_registers(sitting_id, session):
    session.get_one(Sitting, sitting_id).open_to_enrolled = False
    session.commit()

    with pytest.raises(RegistrationMissing):
        register(sitting_id, enrolled())


def test_with_admission_asked_for_agreeing_alone_makes_nobody_ready(sitting_id, session):
    place = agreed_where_admission_is_needed(sitting_id, session)

    assert session.get_one(Registration, place).state == "registered"


def agreed_where_admission_is_needed(sitting_id, session):
    session.get_one(Sitting, sitting_id).needs_admission = True
    session.commit()
    user_id = enrolled()
    place = register(sitting_id, user_id)
    registrations.agree(place, user_id=user_id, agreement="I agree", now=NOW)
    session.expire_all()
    return place


def test_admission_makes_ready_whoever_has_agreed(sitting_id, session):
    place = agreed_where_admission_is_needed(sitting_id, session)

    registrations.admit(place, actor=SYSTEM, now=NOW)
    registrations.admit(place, actor=SYSTEM, now=NOW)

    session.expire_all()
    assert session.get_one(Registration, place).state == "ready"
    assert kinds(session, place) == ["registered", "agreed", "admitted", "make_ready"]


def test_whoever_was_admitted_first_is_ready_with_the_agreement(sitting_id, session):
    session.get_one(Sitting, sitting_id).needs_admission = True
    session.commit()
    user_id = enrolled()
    place = register(sitting_id, user_id)

    registrations.admit(place, actor=SYSTEM, now=NOW)
    registrations.agree(place, user_id=user_id, agreement="I agree", now=NOW)

    session.expire_all()
    assert session.get_one(Registration, place).state == "ready"
