"""Who sees which sitting, and what the lists of sittings and the roster tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.domain.sittings import SittingState, Standing, TicketState
from app.models.attempts import Attempt
from app.models.schemes import Exam, Scheme
from app.models.sittings import Registration
from app.queries import own_sittings, rosters
from app.queries.own_sittings import OwnFilter
from app.queries.rosters import RosterFilter
from app.queries.sitting_lists import SittingFilter, exams_with_sittings, latest_sittings, sittings
from app.queries.sittings import cancel_reason, exams_to_offer, visible_sitting
from app.services import accounts, proctoring, registrations, roster, sitting_changes, starting
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW
from tests.services import scenes

DAY = NOW.date()


@pytest.fixture
def exam(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.exam()


def listed(*, user_id=0, manages=True, now=NOW, page=1, **filters):
    return sittings(SittingFilter(**filters), user_id=user_id, manages=manages, now=now, page=page)


def ids(page):
    return [row.id for row in page.rows]


def cancel(sitting_id):
    sitting_changes.cancel_sitting(sitting_id, reason="停电", actor=SYSTEM, now=NOW)


def test_a_proctor_sees_the_sittings_that_name_them_or_name_nobody(exam):
    me, other = (factories.user(f"proctor{n}", Role.PROCTOR) for n in (1, 2))
    everybodys = factories.sitting(exam)
    mine = factories.sitting(exam, proctors=frozenset({me, other}))
    others = factories.sitting(exam, proctors=frozenset({other}))

    assert set(ids(listed(user_id=me, manages=False))) == {everybodys, mine}
    assert {line.id for line in latest_sittings(user_id=me, manages=False)} == {everybodys, mine}
    assert visible_sitting(mine, user_id=me, manages=False).proctors[0].user_id in (me, other)
    assert visible_sitting(others, user_id=me, manages=False) is None


def test_whoever_manages_sittings_sees_them_all(exam):
    other = factories.user("proctor1", Role.PROCTOR)
    sitting_id = factories.sitting(exam, proctors=frozenset({other}))

    assert ids(listed()) == [sitting_id]
    assert visible_sitting(sitting_id, user_id=0, manages=True).id == sitting_id


def test_the_list_is_filtered_by_state(exam):
    planned = factories.sitting(exam, opens_at=NOW + timedelta(hours=1))
    open_now = factories.sitting(exam)
    closed = factories.sitting(exam, opens_at=NOW - timedelta(hours=9))
    cancelled = factories.sitting(exam)
    cancel(cancelled)

    found = {state: ids(listed(state=state)) for state in SittingState}

    assert found == {
        SittingState.PLANNED: [planned],
        SittingState.OPEN: [open_now],
        SittingState.CLOSED: [closed],
        SittingState.CANCELLED: [cancelled],
    }
    assert {row.id: row.state for row in listed().rows} == {
        one[0]: state for state, one in found.items()
    }
    assert cancel_reason(cancelled) == "停电"


def test_the_list_is_filtered_by_scheme_and_exam(exam):
    second = factories.exam(code="second")
    one, two = factories.sitting(exam), factories.sitting(second)

    assert set(ids(listed(exam="unit"))) == {one, two}
    assert ids(listed(exam="unit:second")) == [two]
    assert ids(listed(exam="elsewhere")) == []
    assert [choice.code for choice in exams_with_sittings()] == ["second", "theory"]


@pytest.mark.parametrize("words", ["场次", "sitt", "302", "三楼"])
def test_the_list_is_searched_by_title_and_room(exam, words):
    sitting_id = factories.sitting(exam, room="三楼 302")

    assert ids(listed(search=words)) == [sitting_id]
    assert ids(listed(search="%")) == []


def test_the_list_is_sorted(exam):
    late = factories.sitting(exam, opens_at=NOW + timedelta(hours=2), room="B")
    early = factories.sitting(exam, opens_at=NOW + timedelta(hours=1), room="A")

    found = {sort: ids(listed(sort=sort)) for sort in ("latest", "earliest", "room", "?")}

    assert found == {
        "latest": [late, early],
        "earliest": [early, late],
        "room": [early, late],
        "?": [late, early],
    }


def test_the_list_counts_people_where_they_are(app, exam):
    sitting_id = factories.sitting(exam, capacity=9)
    places = {n: factories.registration(sitting_id, factories.user(f"trainee{n}")) for n in "abc"}
    off = factories.registration(sitting_id, factories.user("gone"))
    roster.take_off(off, sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW)
    begin(places["a"])
    scenes.finish(app, begin(places["b"]), user_of(places["b"]), right=False)

    (row,) = listed().rows

    assert (row.registered, row.working, row.finished, row.capacity) == (3, 1, 1, 9)
    assert latest_sittings(user_id=0, manages=True)[0].finished == 1


def user_of(place):
    return db.session.get_one(Registration, place).user_id


def begin(place):
    return starting.start(
        place, user_id=user_of(place), seed=1, actor=Actor(user_of(place)), now=NOW
    )


# ── the roster ────────────────────────────────────────────────────────────────


@pytest.fixture
def peopled(app, exam):
    """One sitting with somebody in every state; (sitting id, user name → place)."""
    sitting_id = factories.sitting(exam, needs_admission=True)
    names = ("registered", "waiting", "ready", "working", "finished", "off")
    places = {
        name: factories.registration(
            sitting_id,
            factories.user(name, name=f"学员{name}", department=f"部门/{name}"),
            agreed=name not in ("registered", "off"),
        )
        for name in names
    }
    for name in ("ready", "working", "finished"):
        registrations.admit(places[name], actor=SYSTEM, now=NOW)
    begin(places["working"])
    scenes.finish(app, begin(places["finished"]), user_of(places["finished"]), right=False)
    roster.take_off(places["off"], sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW)
    return sitting_id, places


def shown(sitting_id, **filters):
    page = rosters.roster(sitting_id, RosterFilter(**filters), on=DAY)
    return [row.username for row in page.rows]


def test_the_roster_shows_everybody_who_is_on_it_by_name(peopled):
    sitting_id, _ = peopled

    assert shown(sitting_id) == ["finished", "ready", "registered", "waiting", "working"]


def test_the_roster_tells_how_far_everybody_is(peopled):
    sitting_id, _ = peopled

    found = {standing: shown(sitting_id, standing=standing) for standing in Standing}

    assert found == {standing: [standing.value] for standing in Standing}
    assert rosters.standing_counts(sitting_id) == dict.fromkeys(map(str, Standing), 1)


def test_a_voided_attempt_is_a_finished_one(peopled, session):
    sitting_id, places = peopled
    attempt_id = session.scalar(
        select(Attempt.id).where(Attempt.registration_id == places["working"])
    )

    proctoring.void(sitting_id, [attempt_id], reason="身份不符", actor=SYSTEM, now=NOW)

    assert shown(sitting_id, standing="finished") == ["finished", "working"]


@pytest.mark.parametrize("words", ["学员wait", "WAITING", "部门/wait"])
def test_the_roster_is_searched(peopled, words):
    sitting_id, _ = peopled

    assert "waiting" in shown(sitting_id, search=words)
    assert shown(sitting_id, search="nobody at all") == []


def test_the_roster_is_searched_by_admission_number(peopled, session):
    sitting_id, places = peopled
    number = session.get_one(Registration, places["waiting"]).admission_number

    assert shown(sitting_id, search=number) == ["waiting"]
    assert shown(sitting_id, search=number[:3]) != []


def test_the_roster_is_filtered_by_ticket(peopled, session):
    sitting_id, places = peopled
    session.get_one(Registration, places["ready"]).ticket_hash = "x"
    used = session.get_one(Registration, places["working"])
    used.ticket_hash, used.ticket_used_at = "y", NOW
    session.commit()

    assert shown(sitting_id, ticket=TicketState.ISSUED) == ["ready"]
    assert shown(sitting_id, ticket=TicketState.USED) == ["working"]
    assert len(shown(sitting_id, ticket=TicketState.NONE)) == 3


def test_the_roster_shows_accommodations_that_are_valid_on_the_day(peopled):
    sitting_id, places = peopled
    factories.accommodation(user_of(places["ready"]), factor=1.5, separate_room=True)
    factories.accommodation(user_of(places["working"]), breaks=10)
    factories.accommodation(
        user_of(places["waiting"]), factor=2.0, valid_from=DAY + timedelta(days=1)
    )

    rows = rosters.whole_roster(sitting_id, RosterFilter(given="any"), on=DAY)

    assert {row.username: row.provision.time_factor for row in rows} == {
        "ready": 1.5,
        "working": 1.0,
    }
    assert shown(sitting_id, given="room") == ["ready"]


@pytest.mark.parametrize("sort", ["name", "username", "department"])
def test_the_roster_is_sorted(peopled, sort):
    sitting_id, _ = peopled

    assert shown(sitting_id, sort=sort) == sorted(shown(sitting_id))


def test_the_newest_place_comes_first_where_that_is_asked(peopled):
    sitting_id, _ = peopled

    assert shown(sitting_id, sort="newest")[0] == "finished"


def test_a_place_of_another_sitting_is_not_on_this_roster(peopled, exam):
    sitting_id, places = peopled
    other = factories.sitting(exam)

    assert rosters.place_of(other, places["ready"], on=DAY) is None
    assert rosters.place_of(sitting_id, places["ready"], on=DAY).standing is Standing.READY


# ── who could be put on it ────────────────────────────────────────────────────


def person(username, department="", *, enrol=True):
    user_id = factories.user(username, department=department)
    if enrol:
        accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    return user_id


def test_people_are_found_by_name_with_what_stands_in_the_way(exam):
    sitting_id = factories.sitting(exam)
    person("trainee1")
    person("trainee2", enrol=False)
    factories.registration(sitting_id, person("trainee3"))

    found = rosters.people_named(sitting_id, "unit", words={"trainee1", "trainee2", "trainee3"})

    assert {one.username: (one.enrolled, one.placed) for one in found} == {
        "trainee1": (True, False),
        "trainee2": (False, False),
        "trainee3": (True, True),
    }


def test_a_department_takes_those_below_it_along(exam):
    sitting_id = factories.sitting(exam)
    person("trainee1", "A/B")
    person("trainee2", "A/B_1")
    person("trainee3", "A")
    person("trainee4", "A/B", enrol=False)

    found = {
        name: {one.username for one in rosters.people_of_department(sitting_id, "unit", name)}
        for name in ("A", "A/B", "A/B_1", "A/B_2")
    }

    assert found == {
        "A": {"trainee1", "trainee2", "trainee3"},
        "A/B": {"trainee1"},
        "A/B_1": {"trainee2"},
        "A/B_2": set(),
    }
    assert rosters.departments_of("unit") == ["A", "A/B", "A/B_1"]


def test_everybody_who_is_enrolled_is_found(exam):
    sitting_id = factories.sitting(exam)
    person("trainee1")
    person("trainee2", enrol=False)

    assert [one.username for one in rosters.enrolled_people(sitting_id, "unit")] == ["trainee1"]


# ── a candidate's own ─────────────────────────────────────────────────────────


def own(user_id, *, now=NOW, page=1, **filters):
    found = own_sittings.own_sittings(user_id, OwnFilter(**filters), now=now, page=page)
    return [card.id for card in found.rows]


def test_upcoming_sittings_come_in_the_order_of_their_opening(exam):
    user_id = person("trainee1")
    late = factories.sitting(exam, opens_at=NOW + timedelta(hours=2))
    early = factories.sitting(exam)

    assert own(user_id) == [early, late]
    assert own(user_id, sort="latest") == [late, early]
    assert [row.id for row in own_sittings.next_sittings(user_id, now=NOW)] == [early, late]


def test_a_sitting_for_its_roster_alone_shows_to_those_on_it(exam):
    on_it, other = person("trainee1"), person("trainee2")
    sitting_id = factories.sitting(exam, open_to_enrolled=False)
    roster.add_people(sitting_id, [on_it], actor=SYSTEM, now=NOW)

    assert (own(on_it), own(other)) == ([sitting_id], [])
    assert own_sittings.own_sitting(other, sitting_id) is None


def test_a_place_that_was_taken_away_is_no_place(exam):
    user_id = person("trainee1")
    sitting_id = factories.sitting(exam)
    place = factories.registration(sitting_id, user_id)
    roster.take_off(place, sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW)

    card = own_sittings.own_sitting(user_id, sitting_id)

    assert own(user_id) == []
    assert (card.place, card.withdrawn) == (None, True)


def test_a_cancelled_sitting_shows_to_those_who_had_a_place(exam):
    with_place, without = person("trainee1"), person("trainee2")
    sitting_id = factories.sitting(exam)
    factories.registration(sitting_id, with_place)
    cancel(sitting_id)

    assert (own(with_place), own(without)) == ([sitting_id], [])


def test_past_sittings_are_those_that_one_had_a_place_in(exam):
    user_id = person("trainee1")
    mine, _ = factories.sitting(exam), factories.sitting(exam)
    factories.registration(mine, user_id)
    later = NOW + timedelta(hours=9)

    assert (own(user_id, now=later), own(user_id, when="past", now=later)) == ([], [mine])


def test_whoever_is_still_working_after_the_end_has_an_upcoming_exam(exam):
    user_id = person("trainee1")
    sitting_id = factories.sitting(exam)
    begin(factories.registration(sitting_id, user_id))

    assert own(user_id, now=NOW + timedelta(hours=9)) == [sitting_id]


def test_a_full_sitting_says_so(exam):
    user_id = person("trainee1")
    sitting_id = factories.sitting(exam, capacity=1)
    assert not own_sittings.own_sitting(user_id, sitting_id).full

    factories.registration(sitting_id, factories.user("trainee2"))

    card = own_sittings.own_sitting(user_id, sitting_id)
    assert (card.full, card.taken, card.capacity) == (True, 1, 1)


def test_attempts_and_a_pass_count_in_every_sitting_of_the_exam(app, exam):
    user_id = person("trainee1")
    first, second = factories.sitting(exam), factories.sitting(exam)
    attempt_id = scenes.finish(app, begin(factories.registration(first, user_id)), user_id)

    card = own_sittings.own_sitting(user_id, second)

    assert (card.used, card.passed.id, card.attempts) == (1, attempt_id, ())


def test_a_card_never_holds_what_opens_the_door(exam):
    user_id = person("trainee1")
    sitting_id = factories.sitting(exam, access_code="SECRET7", seb_keys=("ab" * 32,))

    card = own_sittings.own_sitting(user_id, sitting_id)

    assert (card.needs_code, card.needs_seb) == (True, True)
    assert "SECRET7" not in repr(card)
    assert "abab" not in repr(card)


def test_the_mark_of_a_place_changes_with_what_the_page_waits_for(exam):
    user_id = person("trainee1")
    sitting_id = factories.sitting(exam, opens_at=NOW + timedelta(hours=1), needs_admission=True)
    place = factories.registration(sitting_id, user_id)

    def mark(now=NOW):
        return own_sittings.place_mark(user_id, sitting_id, now=now)

    waiting = mark()
    registrations.admit(place, actor=SYSTEM, now=NOW)
    admitted = mark()
    opened = mark(NOW + timedelta(hours=1))

    assert len({waiting, admitted, opened}) == 3
    assert mark() == admitted
    assert own_sittings.place_mark(0, sitting_id, now=NOW) is None


def test_an_exam_of_an_older_version_is_not_offered_again(exam, session):
    offered = [row.id for row in exams_to_offer()]
    session.get_one(Scheme, "unit").current_version_id = None
    session.commit()

    assert (offered, exams_to_offer()) == ([session.scalar(select(Exam.id))], [])
