"""Held saves as lists: who waits, what is told about each save, and what is never told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from app.domain.held_saves import Content, Held, Standing
from app.queries import held_saves
from app.queries.attempt_heads import attempt_head
from app.queries.held_saves import HeldFilter, OwnHeld
from app.services import attempts, proctoring, starting
from app.services.trail import Actor
from tests import factories
from tests.services import review_scenes as late
from tests.services import scenes


def listed(attempt_id, page=1, **filters):
    return held_saves.held_attempts(late.sitting_of(attempt_id), HeldFilter(**filters), page=page)


def lines(attempt_id, page=1):
    head = attempt_head(late.sitting_of(attempt_id), attempt_id)
    return held_saves.held_lines(head, page=page)


def test_the_list_counts_what_waits(app):
    attempt_id, _ = late.came_late(app)
    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1))

    (row,) = listed(attempt_id).rows

    assert (row.id, row.held, row.undecided, row.accepted, row.questions) == (
        attempt_id,
        3,
        2,
        1,
        3,
    )
    assert row.last_at == late.LATE
    assert row.name == "学员甲"


def test_the_list_shows_what_waits_unless_asked_otherwise(app):
    attempt_id, _ = late.came_late(app)
    assert [
        len(listed(attempt_id, state=state).rows) for state in ("undecided", "decided", "")
    ] == [
        1,
        0,
        1,
    ]

    late.decide(app, attempt_id, accepted=False)

    assert [
        len(listed(attempt_id, state=state).rows) for state in ("undecided", "decided", "")
    ] == [
        0,
        1,
        1,
    ]


def room(app, names):
    """Everybody of these names has held answers in one sitting; returns the attempts' ids."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id = factories.sitting(factories.exam())
    found = []
    for number, name in enumerate(names):
        user_id = factories.user(f"user{number}", name=name)
        place = factories.registration(sitting_id, user_id)
        attempt_id = starting.start(
            place, user_id=user_id, seed=1, actor=Actor(user_id), now=factories.NOW
        )
        attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
        at = late.LATE + timedelta(minutes=number)
        answers = dict(list(scenes.right_answers(attempt_id).items())[: 1 + number % 3])
        late.send(attempt_id, user_id, answers, now=at)
        found.append(attempt_id)
    return found


def test_the_list_is_searched_sorted_and_paged(app):
    first, second, third = room(app, ["王五", "李四", "100%"])

    assert [row.id for row in listed(first, search="李").rows] == [second]
    assert [row.id for row in listed(first, search="USER2").rows] == [third]
    assert [row.id for row in listed(first, search="%").rows] == [third]
    assert [row.id for row in listed(first).rows] == [third, second, first]
    assert [row.id for row in listed(first, sort="most").rows] == [third, second, first]
    assert [row.id for row in listed(first, sort="name").rows][0] == third
    assert [row.id for row in listed(first, sort="nonsense").rows] == [third, second, first]


def test_the_list_is_of_one_sitting(app):
    attempt_id, _ = late.came_late(app)

    assert held_saves.held_attempts(999, HeldFilter(), page=1).rows == []
    assert listed(attempt_id).total == 1


@pytest.mark.parametrize("people", [1, 30])
def test_the_list_costs_two_statements_however_many_wait(app, statements, people):
    (attempt_id, *_) = room(app, [f"考生{n}" for n in range(people)])
    sitting_id = late.sitting_of(attempt_id)
    statements.clear()

    page = held_saves.held_attempts(sitting_id, HeldFilter(), page=1)

    assert (page.total, len(page.rows)) == (people, min(people, 25))
    assert len(statements) == 2


def test_a_line_tells_when_how_late_and_from_which_window(app):
    attempt_id, user_id = late.started(app)
    late.send(attempt_id, user_id, {1: "a"}, now=factories.NOW)
    late.send(attempt_id, user_id, {1: "b"}, now=late.LATE, first=2)

    (line,) = lines(attempt_id).page.rows

    assert (line.position, line.type, line.received_at) == (1, "single", late.LATE)
    assert (line.late, line.why) == (timedelta(minutes=3), Held.DEADLINE)
    assert (line.window, line.window_at) == (1, factories.NOW)
    assert (line.content, line.standing) == (Content.CHANGED, Standing.NEWEST)
    assert (line.accepted, line.decided_by) == (None, None)


def test_no_line_holds_an_answer(app):
    attempt_id, _ = late.came_late(app)

    (first, *_) = lines(attempt_id).page.rows

    assert set(asdict(first)) & {"answer", "points", "score"} == set()
    assert "'b'" not in str(asdict(first))


def test_a_line_knows_that_it_came_in_a_file_or_during_a_pause(app):
    attempt_id, user_id = late.started(app)
    during = factories.NOW + timedelta(minutes=5)
    proctoring.pause(
        late.sitting_of(attempt_id),
        [attempt_id],
        reason="Alarm",
        actor=Actor(),
        now=factories.NOW,
    )
    late.send(attempt_id, user_id, {1: "b"}, now=during)
    rows = late.rows_of(attempt_id, user_id, {2: "b"}, first=2)
    content = late.sealed(app, late.answer_file(attempt_id, user_id, rows))
    late.take_in(app, late.sitting_of(attempt_id), content, now=during + timedelta(minutes=1))

    found = {line.position: (line.why, line.late) for line in lines(attempt_id).page.rows}

    assert found == {1: (Held.PAUSE, timedelta(0)), 2: (Held.FILE, timedelta(0))}


def test_a_line_knows_that_its_part_had_been_left(app):
    attempt_id, user_id = late.started(app, plan=factories.IN_SECTIONS, sections=factories.SECTIONS)
    attempts.close_section(
        attempt_id, user_id=user_id, section=1, epoch=1, actor=Actor(user_id), now=factories.NOW
    )
    late.send(attempt_id, user_id, {1: "b"}, now=factories.NOW)

    (line,) = lines(attempt_id).page.rows

    assert line.why is Held.SECTION


def test_decided_lines_come_last_with_who_decided_and_why(app):
    attempt_id, _ = late.came_late(app)
    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1), reason="Power cut")

    found = lines(attempt_id)

    assert [line.position for line in found.page.rows] == [2, 3, 1]
    last = found.page.rows[-1]
    assert (last.accepted, last.reason, last.decided_by) == (True, "Power cut", "学员甲")
    assert found.undecided == 2
    assert found.last_id == max(late.held_ids(attempt_id, 2, 3))


def test_lines_are_paged_and_cost_the_same_statements(app, statements):
    attempt_id, user_id = late.came_late(app)
    head = attempt_head(late.sitting_of(attempt_id), attempt_id)
    statements.clear()
    held_saves.held_lines(head, page=1)
    few = len(statements)
    for first in range(10, 80, 3):
        late.send(attempt_id, user_id, {1: "a", 2: "b", 3: True}, now=late.LATE, first=first)
    statements.clear()

    pages = [held_saves.held_lines(head, page=number) for number in (1, 2, 9)]

    assert len(statements) == 3 * few <= 9
    assert [len(found.page.rows) for found in pages] == [50, 25, 25]
    assert {found.undecided for found in pages} == {75}
    assert pages[2].page.number == 2


def test_what_is_decided_together_is_what_the_page_had_shown(app):
    attempt_id, user_id = late.came_late(app)
    shown = lines(attempt_id).last_id
    late.send(attempt_id, user_id, {1: "a"}, now=late.LATE, first=60)

    found = held_saves.undecided_saves(attempt_id, up_to=shown)

    assert len(found) == 3
    late.decide(app, attempt_id, save_ids=found)
    assert held_saves.undecided_saves(attempt_id, up_to=shown) == []


def test_an_attempt_is_found_in_its_own_sitting_alone(app):
    attempt_id, user_id = late.came_late(app)
    sitting_id = late.sitting_of(attempt_id)

    assert attempt_head(sitting_id, attempt_id).user_id == user_id
    assert attempt_head(sitting_id + 1, attempt_id) is None


def test_the_candidate_is_told_which_questions_wait_and_what_was_decided(app):
    attempt_id, _ = late.came_late(app)
    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1, 3), reason="Power cut")
    at = late.LATE + timedelta(minutes=5)

    found = held_saves.own_held(attempt_id)

    assert found.undecided == (2,)
    (decision,) = found.decisions
    assert (decision.at, decision.accepted, decision.reason) == (at, True, "Power cut")
    assert decision.positions == (1, 3)


def test_nothing_held_is_nothing_to_tell(app):
    attempt_id, _ = late.started(app)

    assert held_saves.own_held(attempt_id) == OwnHeld()
