"""From registering to handing in: who may start when, on which paper, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.attempts import MoveRefused
from app.domain.errors import DomainError
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration
from app.services import accounts, attempts, registrations, starting
from app.services.attempts import AttemptMissing
from app.services.sittings import SittingClosed
from app.services.starting import NoAttemptLeft, TooSoon
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.services import scenes


@pytest.fixture
def place(app):
    """A trainee's registration in an open sitting, agreed to."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    user_id = factories.user()
    sitting_id = factories.sitting(factories.exam(), hours=80)
    return factories.registration(sitting_id, user_id), user_id


def start(registration_id, user_id, now=factories.NOW, seed=1):
    return starting.start(
        registration_id, user_id=user_id, seed=seed, actor=Actor(user_id), now=now
    )


def attempt_row(session, attempt_id):
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def test_registering_twice_is_one_place(place, session):
    registration_id, user_id = place
    sitting_id = session.scalar(select(Registration.sitting_id))

    again = registrations.register(sitting_id, user_id=user_id, now=factories.NOW)

    assert again == registration_id


def test_whoever_is_not_enrolled_gets_no_place(place, session):
    other_id = factories.user("trainee2")

    with pytest.raises(DomainError) as refused:
        registrations.register(
            session.scalar(select(Registration.sitting_id)), user_id=other_id, now=factories.NOW
        )

    assert refused.value.code == "registration-missing"


def test_nobody_registers_after_the_end(app, clock):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id, user_id = factories.sitting(factories.exam()), factories.user()
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=factories.NOW)

    with pytest.raises(SittingClosed):
        registrations.register(sitting_id, user_id=user_id, now=clock.forward(hours=8))


def test_without_agreement_nothing_starts(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    user_id = factories.user()
    place = factories.registration(factories.sitting(factories.exam()), user_id, agreed=False)

    with pytest.raises(MoveRefused):
        start(place, user_id)


def test_the_agreement_is_kept_by_its_hash_and_only_once(place, session):
    registration_id, user_id = place
    first = session.get_one(Registration, registration_id).agreement_hash

    registrations.agree(registration_id, user_id=user_id, agreement="other", now=factories.NOW)

    assert session.get_one(Registration, registration_id).agreement_hash == first


def test_nobody_starts_before_the_window_or_after_it(place, clock):
    with pytest.raises(SittingClosed):
        start(*place, now=factories.NOW - timedelta(seconds=1))
    with pytest.raises(SittingClosed):
        start(*place, now=clock.forward(hours=80))


def test_nobody_starts_in_the_place_of_another(place):
    with pytest.raises(AttemptMissing):
        start(place[0], factories.user("trainee2"))


def test_starting_again_goes_on_with_the_open_attempt(place, session, clock):
    first = start(*place)

    assert start(*place, now=clock.forward(minutes=30), seed=2) == first
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_going_on_never_moves_the_deadline(place, session, clock):
    attempt_id = start(*place)
    start(*place, now=clock.forward(minutes=30))

    deadline_at = attempt_row(session, attempt_id).deadline_at

    assert deadline_at == factories.NOW + timedelta(minutes=60)


def test_an_attempt_ends_with_the_window(place, session, clock):
    attempt_id = start(*place, now=clock.forward(hours=79, minutes=30))

    assert attempt_row(session, attempt_id).deadline_at == factories.NOW + timedelta(hours=80)


def test_what_the_candidate_sees_is_written_down_at_the_start(place, session):
    attempt_id = start(*place)

    layout = attempt_row(session, attempt_id).layout

    assert sorted(layout) == ["1", "2", "3"]
    assert sorted(layout["1"]["order"]) == ["a", "b", "c", "d"]


def test_a_resit_waits_and_gets_another_paper(app, place, session, clock):
    first = scenes.finish(app, start(*place), place[1], right=False)
    with pytest.raises(TooSoon, match="24 hours"):
        start(*place, now=clock.at)
    with pytest.raises(TooSoon, match="1 hours"):
        start(*place, now=clock.forward(hours=23, minutes=59))

    second = start(*place, now=clock.forward(minutes=1))

    papers = {attempt_row(session, id_).paper_id for id_ in (first, second)}
    assert len(papers) == 2
    assert attempt_row(session, second).number == 2


def test_after_the_last_attempt_there_is_none(app, place, clock):
    scenes.finish(app, start(*place), place[1], right=False)
    now = clock.forward(hours=25)
    scenes.finish(app, start(*place, now=now), place[1], right=False, now=now)

    with pytest.raises(NoAttemptLeft):
        start(*place, now=clock.forward(hours=25))


def test_after_passing_there_is_no_other_attempt(app, place, clock):
    scenes.finish(app, start(*place), place[1])

    with pytest.raises(NoAttemptLeft):
        start(*place, now=clock.forward(hours=25))


def test_an_attempt_that_ran_out_is_closed_when_the_next_one_is_asked_for(place, session, clock):
    first = start(*place)

    second = start(*place, now=clock.forward(hours=26))

    assert second != first
    row = attempt_row(session, first)
    assert (row.state, row.closed_at) == ("expired", factories.NOW + timedelta(minutes=60))


def test_handing_in_twice_is_handing_in_once(place, session, clock):
    attempt_id = start(*place)
    for _ in range(2):
        attempts.submit(attempt_id, user_id=place[1], actor=Actor(), now=clock.forward(minutes=1))

    assert attempt_row(session, attempt_id).closed_at == factories.NOW + timedelta(minutes=1)
    events = session.scalars(select(AttemptEvent.kind)).all()
    assert events.count("submit") == 1


def test_handing_in_too_late_closes_as_of_the_deadline(place, session, clock):
    attempt_id = start(*place)

    attempts.submit(
        attempt_id, user_id=place[1], actor=Actor(), now=clock.forward(minutes=60, seconds=11)
    )

    row = attempt_row(session, attempt_id)
    assert (row.state, row.closed_at) == ("expired", row.deadline_at)


def test_nobody_hands_in_or_claims_the_attempt_of_another(place):
    attempt_id, other_id = start(*place), factories.user("trainee2")
    common = {"user_id": other_id, "actor": SYSTEM, "now": factories.NOW}

    with pytest.raises(AttemptMissing):
        attempts.submit(attempt_id, **common)
    with pytest.raises(AttemptMissing):
        attempts.claim_tab(attempt_id, **common)


def test_every_claim_is_a_new_tab_until_the_time_is_up(place, clock):
    attempt_id, user_id = start(*place), place[1]
    common = {"user_id": user_id, "actor": Actor(user_id)}

    epochs = [attempts.claim_tab(attempt_id, now=clock.at, **common) for _ in range(2)]

    assert epochs == [1, 2]
    with pytest.raises(MoveRefused):
        attempts.claim_tab(attempt_id, now=clock.forward(minutes=61), **common)


def test_nothing_expires_before_its_grace_has_passed(place, clock):
    attempt_id = start(*place)

    assert not attempts.expire(attempt_id, now=clock.forward(minutes=60, seconds=10))
    assert attempts.expire(attempt_id, now=clock.forward(seconds=1))
    assert not attempts.expire(attempt_id, now=clock.forward(seconds=1))


def log(session, attempt_id):
    """Kinds of the attempt's events, the oldest first."""
    rows = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)
    return session.scalars(rows.order_by(AttemptEvent.id)).all()


def claim(attempt_id, user_id, *, address="10.1.2.3", browser="Firefox", now=factories.NOW):
    actor = Actor(user_id, address, browser)
    return attempts.claim_tab(attempt_id, user_id=user_id, actor=actor, now=now)


def signals(session, attempt_id):
    return [kind for kind in log(session, attempt_id) if kind not in ("start", "tab_claimed")]


def test_the_first_page_and_the_same_place_again_leave_no_signal(place, session):
    attempt_id = start(*place)
    claim(attempt_id, place[1])
    claim(attempt_id, place[1])

    assert signals(session, attempt_id) == []


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"browser": "Edge"}, ["second_device"]),
        ({"address": "10.9.9.9"}, ["address_changed"]),
        ({"browser": "Edge", "address": "10.9.9.9"}, ["second_device", "address_changed"]),
    ],
)
def test_a_page_from_elsewhere_takes_over_and_leaves_a_signal(place, session, changes, left):
    attempt_id = start(*place)
    claim(attempt_id, place[1])

    assert claim(attempt_id, place[1], **changes) == 2

    assert signals(session, attempt_id) == left
    row = attempt_row(session, attempt_id)
    assert (row.address, row.browser) == (
        changes.get("address", "10.1.2.3"),
        changes.get("browser", "Firefox"),
    )


def test_the_signal_says_where_the_page_before_was(place, session):
    attempt_id = start(*place)
    claim(attempt_id, place[1])
    claim(attempt_id, place[1], address="10.9.9.9")

    event = session.scalar(select(AttemptEvent).where(AttemptEvent.kind == "address_changed"))

    assert (event.address, event.detail) == ("10.9.9.9", {"before": "10.1.2.3"})


def test_a_browser_name_longer_than_its_column_is_the_same_browser_again(place, session):
    attempt_id = start(*place)
    for _ in range(2):
        claim(attempt_id, place[1], browser="Mozilla " * 60)

    assert signals(session, attempt_id) == []
