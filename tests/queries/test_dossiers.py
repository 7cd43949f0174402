"""The list of attempts for dossiers, and whose a receipt is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.models.attempts import Attempt
from app.queries import dossiers
from app.queries.dossiers import AttemptFilter
from app.services import starting
from app.services.trail import Actor
from tests import factories
from tests.services import scenes

NOW = factories.NOW


@pytest.fixture
def world(app, session):
    """Three people in one sitting, started an hour after each other; attempt ids by name."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id = factories.sitting(factories.exam())
    made = {}
    for hours, (username, name) in enumerate([("b1", "乙"), ("a1", "甲"), ("c_1", "丙%")]):
        user_id = factories.user(username, name=name)
        place = factories.registration(sitting_id, user_id)
        made[username] = starting.start(
            place,
            user_id=user_id,
            seed=hours,
            actor=Actor(user_id),
            now=NOW + timedelta(hours=hours),
        )
    session.execute(
        update(Attempt)
        .where(Attempt.id == made["c_1"])
        .values(state="submitted", closed_at=NOW + timedelta(hours=3))
    )
    session.commit()
    return made


def usernames(page=1, **filters):
    return [row.username for row in dossiers.attempts(AttemptFilter(**filters), page=page).rows]


def number_of(attempt_id):
    return dossiers.attempt_line(attempt_id).admission_number


def test_the_latest_attempt_stands_first(world):
    assert usernames() == ["c_1", "a1", "b1"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("oldest", ["b1", "a1", "c_1"]),
        ("admission", ["b1", "a1", "c_1"]),
        ("nonsense", ["c_1", "a1", "b1"]),
    ],
)
def test_the_list_is_sorted_as_asked(world, sort, order):
    assert usernames(sort=sort) == order


def test_sorted_by_name_every_name_comes_once(world):
    assert sorted(usernames(sort="name")) == ["a1", "b1", "c_1"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [("甲", ["a1"]), ("A1", ["a1"]), ("%", ["c_1"]), ("_", ["c_1"]), ("nobody", [])],
)
def test_a_search_looks_at_name_and_user_name(world, search, expected):
    assert usernames(search=search) == expected


def test_a_search_looks_at_admission_number_and_attempt(world):
    assert usernames(search=number_of(world["b1"])) == ["b1"]
    assert "a1" in usernames(search=str(world["a1"]))
    assert usernames(search="9" * 30) == []


def test_filters_go_together(world, session):
    attempt = session.get_one(Attempt, world["a1"])
    both = {"exam": str(attempt.exam_id), "sitting": str(attempt.sitting_id)}

    assert usernames(**both, state="in_progress") == ["a1", "b1"]
    assert usernames(**both, state="submitted") == ["c_1"]
    assert usernames(exam=str(attempt.exam_id + 1)) == []
    assert usernames(sitting="9" * 12) == ["c_1", "a1", "b1"]
    assert usernames(since=NOW + timedelta(hours=1)) == ["c_1", "a1"]
    assert usernames(until=NOW + timedelta(hours=1)) == ["b1"]


def test_the_list_takes_two_statements_and_its_choices_one_each(world, statements):
    dossiers.attempts(AttemptFilter(search="a"), page=1)
    assert len(statements) == 2

    assert [row.version for row in dossiers.exam_choices()] == [1]
    assert len(dossiers.sitting_choices()) == 1
    assert len(statements) == 4


def test_receipts_are_one_s_own_in_the_order_in_which_they_came(app, session, statements):
    user_id, other = factories.user(), factories.user("other")
    attempt_id = factories.attempt(app, user_id)
    given = scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id)).receipts
    statements.clear()

    found = dossiers.own_receipts(attempt_id, user_id=user_id)

    assert found is not None
    assert [row.receipt for row in found.receipts] == [receipt.receipt for receipt in given]
    assert len(statements) == 2
    assert dossiers.own_receipts(attempt_id, user_id=other) is None


def test_an_attempt_is_named_by_its_id_and_by_the_admission_number(world):
    attempt_id = world["a1"]

    assert dossiers.attempt_ids_of(str(attempt_id)) == [attempt_id]
    assert dossiers.attempt_ids_of(number_of(attempt_id)) == [attempt_id]
    assert dossiers.attempt_ids_of("nothing") == []
    assert dossiers.attempt_ids_of("٣") == []


def test_there_is_no_line_for_an_attempt_that_is_not_there(world):
    assert dossiers.attempt_line(999_999) is None
    assert dossiers.dossier_of(999_999, made={}, time_zone="UTC") is None
