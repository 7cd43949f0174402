"""What an order to change many questions makes of each."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.questions.bulk import (
    BULK_STEPS,
    BulkOrder,
    FieldChange,
    MainPointStays,
    NothingChanges,
    OrderUnclear,
    PoolInUse,
    change_content,
    check_pool_change,
    field_changes,
)
from app.domain.questions.kinds import Level, Pool, QuestionState
from app.domain.questions.lifecycle import NoteMissing, QuestionStep
from tests import factories
from tests.domain import strategies

points = st.lists(st.sampled_from(["PL01", "PL02", "PL15"]), unique=True).map(tuple)
orders = st.builds(
    BulkOrder,
    level=st.none() | st.sampled_from(Level),
    difficulty=st.none() | st.integers(1, 5),
    source=st.none() | st.sampled_from(["004 Q1", " 000 "]),
    add_points=points,
    remove_points=points,
    pool=st.none() | st.sampled_from(Pool),
    note=st.sampled_from(["", "n"]),
)


@given(orders)
def test_an_order_comes_back_from_the_database(order):
    assert BulkOrder.load(order.dump()) == order


@pytest.mark.parametrize("step", QuestionStep)
def test_only_steps_that_need_no_reading_are_taken_by_many(step):
    order = BulkOrder(step=step, note="why")

    if step in BULK_STEPS:
        order.check()
        assert BulkOrder.load(order.dump()) == order
    else:
        with pytest.raises(OrderUnclear):
            order.check()


@pytest.mark.parametrize(
    "order",
    [
        BulkOrder(),
        BulkOrder(note="only a note"),
        BulkOrder(level=Level.APPLY, step=QuestionStep.SUBMIT),
        BulkOrder(add_points=("PL01", "PL02"), remove_points=("PL02",)),
        BulkOrder(difficulty=0),
        BulkOrder(difficulty=6),
        BulkOrder(source=" "),
        BulkOrder(source="x" * 201),
    ],
)
def test_an_order_that_cannot_be_followed_is_refused(order):
    with pytest.raises(OrderUnclear):
        order.check()


def test_retiring_says_why():
    with pytest.raises(NoteMissing):
        BulkOrder(step=QuestionStep.RETIRE, note=" ").check()


@given(strategies.questions(), orders)
def test_a_change_touches_what_was_ordered_and_nothing_else(question, order):
    assume(not set(order.add_points) & set(order.remove_points))
    try:
        changed = change_content(question, order)
    except NothingChanges:
        assert order.pool in (None, question.pool)
        return

    assert (changed.stem, changed.body, changed.explanation, changed.id) == (
        question.stem,
        question.body,
        question.explanation,
        question.id,
    )
    assert changed.points[0] == question.points[0]
    assert set(changed.points) >= set(order.add_points)
    assert len(set(changed.points)) == len(changed.points)
    assert field_changes(question, changed)
    with pytest.raises(NothingChanges):
        change_content(changed, order)


def test_the_first_point_stays():
    question = factories.content(points=["PL14", "PL15"])

    with pytest.raises(MainPointStays):
        change_content(question, BulkOrder(remove_points=("PL14",)))

    changed = change_content(question, BulkOrder(remove_points=("PL15",), add_points=("PL16",)))
    assert field_changes(question, changed) == (FieldChange("points", "PL14, PL15", "PL14, PL16"),)


@pytest.mark.parametrize("state", QuestionState)
@pytest.mark.parametrize("is_touched", [True, False])
def test_only_an_untouched_draft_changes_its_pool(state, is_touched):
    if state is QuestionState.DRAFT and not is_touched:
        check_pool_change(state, is_touched=is_touched)
        return

    with pytest.raises(PoolInUse):
        check_pool_change(state, is_touched=is_touched)
