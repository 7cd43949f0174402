"""HR's list of results: filters, sorting, pages, and awkward search words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models.schemes import Exam
from app.models.sittings import Sitting
from app.queries.results import ResultFilter, all_results, results
from app.services import starting
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


@pytest.fixture
def three(app, session, clock):
    """Passed by 甲, failed by 乙, and 丙 is still at it."""
    scenes.passed(app, "user_a", name="甲%")
    sitting_id = session.scalar(select(Sitting.id))
    for username, name in (("userb", "乙"), ("userc", "丙")):
        user_id = factories.user(username, name=name, department="二组")
        place = factories.registration(sitting_id, user_id)
        now = clock.forward(minutes=1)
        attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=now)
        if name == "乙":
            scenes.finish(app, attempt_id, user_id, right=False, now=now)
    return sitting_id


def found(**filters):
    return [row.username for row in results(ResultFilter(**filters), page=1).rows]


def test_only_released_results_are_listed_the_newest_first(three):
    assert found() == ["userb", "user_a"]


FILTERS = [
    ({"search": "甲"}, ["user_a"]),
    ({"search": "%"}, ["user_a"]),
    ({"search": "R_"}, ["user_a"]),
    ({"search": "二组"}, ["userb"]),
    ({"search": "丙"}, []),
    ({"passed": "yes"}, ["user_a"]),
    ({"passed": "no"}, ["userb"]),
    ({"exam": "unit", "passed": "no"}, ["userb"]),
    ({"exam": "other"}, []),
    ({"sort": "score"}, ["user_a", "userb"]),
    ({"sort": "DROP TABLE"}, ["userb", "user_a"]),
    ({"sitting": "x"}, ["userb", "user_a"]),
    ({"sitting": "999999"}, []),
]


def test_filters_find_exactly_what_they_say(three):
    for filters, expected in FILTERS:
        assert found(**filters) == expected, filters


def test_the_sitting_and_the_admission_number_find_their_results(three):
    number = results(ResultFilter(search="userb"), page=1).rows[0].admission_number

    assert found(sitting=str(three)) == ["userb", "user_a"]
    assert found(search=number) == ["userb"]


def test_by_name_is_sorted_by_name(three):
    names = [row.name for row in results(ResultFilter(sort="name"), page=1).rows]

    assert names == sorted(names)


def test_a_certificate_stands_beside_the_result_that_earned_it(three):
    numbers = [row.certificate_number for row in results(ResultFilter(), page=1).rows]

    assert numbers[0] is None
    assert numbers[1].startswith("QJ-2026-U1-000001-")


def test_an_export_reads_the_same_rows_as_the_list(three):
    listed = results(ResultFilter(sort="name"), page=1).rows

    assert list(all_results(ResultFilter(sort="name"))) == list(listed)


def test_results_that_a_person_has_not_released_are_not_listed(app, session):
    scenes.passed(app, release="by_person")

    assert session.scalar(select(Exam.release)) == "by_person"
    assert found() == []
