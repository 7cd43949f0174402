"""A question's life: every story of several people keeps the promises, whatever they try."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import (
    NEEDS_NOTE,
    STEP_PERMISSIONS,
    STEPS,
    NoteMissing,
    OwnQuestion,
    QuestionStep,
    SameReviewer,
    Standing,
    StepRefused,
    allowed_steps,
    take,
)

S, T = QuestionState, QuestionStep
AUTHOR, SECOND, THIRD, FOURTH = 1, 2, 3, 4
PEOPLE = (AUTHOR, SECOND, THIRD, FOURTH)
EVERYTHING = frozenset(Permission)

tries = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(T), st.sampled_from(["", " ", "why"])),
    max_size=40,
)
purposeful = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from([None] * 20 + list(T)), st.just("why")),
    max_size=40,
)
"""Mostly onward, whoever tries: so that stories come to their ends."""

ONWARD = {
    S.DRAFT: T.SUBMIT,
    S.CONTENT_REVIEW: T.APPROVE,
    S.FAIRNESS_REVIEW: T.APPROVE,
    S.PILOT: T.PROMOTE,
    S.LIVE: T.WRITE,
    S.RETIRED: T.REVIVE,
}


def standing(state, *, authors=(AUTHOR,), **changes):
    return Standing(state, authors, **changes)


stories = settings(max_examples=150)
"""They are cheap, and the rare ones matter."""


def lived(story, start=None):
    """Every step of the story that was not refused: (before, by, step, after)."""
    here = start or Standing.new(AUTHOR)
    done = []
    for by, step, note in story:
        step = step or ONWARD[here.state]
        try:
            after = take(here, step, by=by, note=note)
        except DomainError:
            continue
        done.append((here, by, step, after))
        here = after
    return done


@stories
@given(tries | purposeful)
def test_nobody_approves_what_they_wrote(story):
    since_live = {AUTHOR}
    ever = {AUTHOR}
    for _before, by, step, after in lived(story):
        if step in (T.APPROVE, T.PROMOTE):
            assert by not in since_live
        if step is T.WRITE:
            since_live.add(by)
            ever.add(by)
        if step is T.PROMOTE:
            since_live = set()
        if step is T.RETIRE:
            since_live = set(ever)
        assert after.writers == since_live


@stories
@given(tries | purposeful)
def test_the_two_reviews_of_a_version_are_by_two_people(story):
    approved = []
    for before, by, step, _after in lived(story):
        if step is T.APPROVE:
            approved.append((before.state, by))
        elif step is T.PROMOTE:
            (first, content), (second, fairness) = approved[-2:]
            assert (first, second) == (S.CONTENT_REVIEW, S.FAIRNESS_REVIEW)
            assert content != fairness
        else:
            approved.clear()


@stories
@given(tries | purposeful)
def test_only_a_promotion_brings_a_version_into_use_and_only_retiring_takes_it_out(story):
    in_use = None
    for before, _by, step, after in lived(story):
        if step is T.PROMOTE:
            in_use = before.version
        if step is T.RETIRE:
            in_use = None
        assert after.live_version == in_use
        assert (after.state is S.LIVE) <= (after.live_version == after.version)
        assert (after.state is S.RETIRED) <= (after.live_version is None)


@stories
@given(tries)
def test_a_version_is_made_by_writing_alone(story):
    for before, by, step, after in lived(story):
        wrote = (*before.authors, by) if step is T.WRITE else before.authors
        assert after.authors == wrote


@stories
@given(tries | purposeful, st.sampled_from(PEOPLE))
def test_what_is_offered_can_be_done_and_what_is_not_is_refused(story, by):
    done = lived(story)
    here = done[-1][3] if done else Standing.new(AUTHOR)
    offered = allowed_steps(here, by=by, permissions=EVERYTHING)

    for step in T:
        if step in offered:
            take(here, step, by=by, note="why")
            continue
        with pytest.raises(DomainError):
            take(here, step, by=by, note="why")


@pytest.mark.parametrize(("state", "step"), [x for x in product(S, T) if x not in STEPS])
def test_every_step_out_of_turn_is_refused(state, step):
    with pytest.raises(StepRefused):
        take(standing(state), step, by=FOURTH, note="why")


def test_a_question_goes_its_whole_way():
    here = Standing.new(AUTHOR)

    for step, by in [(T.SUBMIT, 1), (T.APPROVE, 2), (T.APPROVE, 3), (T.PROMOTE, 2)]:
        here = take(here, step, by=by)

    assert here == Standing(S.LIVE, (AUTHOR,), live_version=1)


def test_the_live_version_stays_in_use_while_the_next_one_is_written():
    here = take(standing(S.LIVE, live_version=1), T.WRITE, by=SECOND)

    assert here == Standing(S.DRAFT, (AUTHOR, SECOND), live_version=1)


def test_retiring_takes_the_live_version_out_of_use_and_forgets_no_author():
    before = standing(S.DRAFT, authors=(AUTHOR, SECOND), live_version=1)

    after = take(before, T.RETIRE, by=THIRD, note="outdated")

    assert after == standing(S.RETIRED, authors=(AUTHOR, SECOND))
    assert (before.writers, after.writers) == ({SECOND}, {AUTHOR, SECOND})


def test_the_first_author_may_approve_what_somebody_else_changed():
    here = standing(S.CONTENT_REVIEW, authors=(AUTHOR, SECOND), live_version=1)

    assert take(here, T.APPROVE, by=AUTHOR).state is S.FAIRNESS_REVIEW


def test_an_earlier_author_of_what_is_new_does_not_approve_it():
    here = standing(S.CONTENT_REVIEW, authors=(AUTHOR, SECOND, THIRD), live_version=1)

    with pytest.raises(OwnQuestion):
        take(here, T.APPROVE, by=SECOND)


def test_the_reviewer_of_the_content_does_not_review_the_fairness():
    here = standing(S.FAIRNESS_REVIEW, content_reviewer=SECOND)

    with pytest.raises(SameReviewer):
        take(here, T.APPROVE, by=SECOND)


def test_the_reviewer_of_the_content_may_still_promote_it():
    here = take(standing(S.FAIRNESS_REVIEW, content_reviewer=SECOND), T.APPROVE, by=THIRD)

    assert take(here, T.PROMOTE, by=SECOND).state is S.LIVE


def test_the_system_approves_nothing():
    with pytest.raises(OwnQuestion):
        take(standing(S.CONTENT_REVIEW, authors=(None,)), T.APPROVE, by=None)


@pytest.mark.parametrize("state", [S.CONTENT_REVIEW, S.FAIRNESS_REVIEW, S.PILOT])
def test_the_author_decides_nothing_at_any_stage(state):
    with pytest.raises(OwnQuestion):
        take(standing(state), ONWARD[state], by=AUTHOR)


@pytest.mark.parametrize("step", sorted(NEEDS_NOTE))
@pytest.mark.parametrize("note", ["", " \n\u3000"])
def test_sending_back_and_retiring_say_why(step, note):
    with pytest.raises(NoteMissing):
        take(standing(S.PILOT), step, by=SECOND, note=note)


def test_nothing_is_offered_without_the_permission():
    here = standing(S.PILOT, live_version=None)

    offered = allowed_steps(here, by=SECOND, permissions={Permission.EDIT_QUESTIONS})

    assert offered == (T.WRITE,)
    assert allowed_steps(here, by=SECOND, permissions=()) == ()


def test_every_step_has_a_permission():
    assert set(STEP_PERMISSIONS) == set(T)
