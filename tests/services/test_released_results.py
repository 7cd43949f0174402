"""After the release what was told stays readable: a new version, never a change."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.domain.rescores import Act
from app.models.results import Result
from tests import factories
from tests.services import result_scenes

KEYS = {Act.REKEY: [["a"], ["b", "c"], ["a", "d"]], Act.CREDIT_ALL: [None], Act.DROP: [None]}
acts = st.sampled_from(list(Act)).flatmap(
    lambda act: st.tuples(st.integers(1, 2), st.just(act), st.sampled_from(KEYS[act]))
)


@pytest.fixture
def released(app):
    sitting_id = factories.sitting(result_scenes.exam())
    attempts = [
        result_scenes.sat(app, sitting_id, "one"),
        result_scenes.sat(app, sitting_id, "two", right=(1, 3)),
        result_scenes.sat(app, sitting_id, "three", right=()),
    ]
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    return attempts, factories.user("teacher", Role.INSTRUCTOR), certifier


def told():
    """Every released version as it stands, by its id."""
    return {
        row.id: (row.attempt_id, row.version, row.score, row.passed, row.modules, row.released_at)
        for row in db.session.scalars(
            select(Result)
            .where(Result.released_at.is_not(None))
            .execution_options(populate_existing=True)
        )
    }


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=st.lists(acts, min_size=1, max_size=3))
def test_released_versions_never_change_and_one_of_them_holds(app, released, story):
    attempts, teacher, certifier = released
    for position, act, key in story:
        before = told()
        people = {"proposer": teacher, "decider": certifier, "key": key}

        result_scenes.rescored(app, attempts[0], position, act, **people)
        after = told()
        result_scenes.rescored(app, attempts[0], position, act, **people)

        assert {id_: after[id_] for id_ in before} == before
        assert told() == after  # doing it twice is doing it once
        for attempt_id in attempts:
            versions = result_scenes.results(attempt_id)
            assert [version for version, *_ in versions] == list(range(1, len(versions) + 1))
            assert [current for _, current, *_ in versions].count(True) == 1
