"""What uses a question, told before it is retired."""

from __future__ import annotations

import pytest

from app.queries.question_uses import uses
from app.services import learning, questions
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


@pytest.fixture
def pool(app):
    """An exam question with a paper of two single choices and one statement to be on."""
    factories.syllabus()
    factories.bank([*factories.exam_pool(singles=2, statements=1), factories.content()])


def practise(user_id, *, version=1):
    learning.practise(
        "PL14-01",
        version=version,
        answer="b",
        seed=1,
        spent_ms=0,
        user_id=user_id,
        now=factories.NOW,
        today=factories.NOW.date(),
    )


def edit(question_id):
    questions.edit_question(
        factories.content(question_id, pool="exam", difficulty=5),
        from_version=1,
        note="",
        actor=Actor(),
        now=factories.NOW,
    )


def test_a_question_that_nothing_uses(pool):
    found = uses("PL14-51")

    assert (found.papers, found.sittings, found.sitting_count) == (0, (), 0)
    assert (found.attempts, found.open_attempts) == (0, 0)
    assert (found.practice_answers, found.practice_people) == (0, 0)


def test_papers_sittings_and_attempts_are_counted(app, pool):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id, papers=1, attempts=1)

    found = uses("PL14-51")

    assert (found.papers, found.sitting_count, found.attempts, found.open_attempts) == (1, 1, 1, 1)
    (sitting,) = found.sittings
    assert (sitting.title["en"], sitting.exam_title["en"]) == ("Sitting", "Theory")
    assert (sitting.versions, sitting.is_cancelled, sitting.opens_at) == (
        (1,),
        False,
        factories.NOW,
    )

    scenes.finish(app, attempt_id, user_id)
    assert (uses("PL14-51").attempts, uses("PL14-51").open_attempts) == (1, 0)


def test_one_version_is_counted_apart(pool):
    exam = factories.exam(papers=1, attempts=1)
    factories.sitting(exam)
    edit("PL14-51")
    factories.put_into_use("PL14-51")
    factories.sitting(exam)

    first, second, both = uses("PL14-51", version=1), uses("PL14-51", version=2), uses("PL14-51")

    assert (first.papers, second.papers, both.papers) == (1, 1, 2)
    assert sorted(sitting.versions for sitting in both.sittings) == [(1,), (2,)]


def test_practice_counts_answers_and_people(pool):
    one, two = factories.user("one"), factories.user("two")
    for user_id in (one, one, two):
        practise(user_id)

    found = uses("PL14-01")

    assert (found.practice_answers, found.practice_people, found.papers) == (3, 2, 0)
    assert uses("PL14-01", version=2).practice_answers == 0


def test_a_question_on_many_sittings_takes_no_more_statements(pool, statements):
    exam = factories.exam(papers=1, attempts=1)
    factories.sitting(exam)
    statements.clear()
    uses("PL14-51")
    few = len(statements)
    for _ in range(3):
        factories.sitting(exam)
    statements.clear()

    assert uses("PL14-51").sitting_count == 4

    assert len(statements) == few == 5
