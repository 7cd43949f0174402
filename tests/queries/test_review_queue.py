"""The queue shows a reviewer what that person may decide, and nothing else."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.permissions import Permission
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep, allowed_steps
from app.models.questions import Question
from app.queries.question_standings import standings
from app.queries.review_queue import (
    QueueFilter,
    own_work,
    queue_counts,
    queue_ids,
    review_queue,
    state_counts,
)
from app.services import question_reviews, questions
from app.services.trail import Actor
from tests import factories

S, T = QuestionState, QuestionStep
ALL = QueueFilter()
DECIDES = {T.APPROVE, T.PROMOTE}
FORWARD = {T.SUBMIT, T.APPROVE, T.PROMOTE}


@pytest.fixture
def author(app):
    factories.syllabus()
    return factories.user("writer", name="作者")


def write(author, **changes):
    return questions.create_question(
        factories.content(**changes), note="", actor=Actor(author), now=factories.NOW
    )


def take(question_id, step, by, *, version=1, minutes=0, note="why"):
    factories.step(
        question_id,
        step,
        by,
        version=version,
        note=note,
        now=factories.NOW + timedelta(minutes=minutes),
    )


def rewrite(question_id, author, *, version, **changes):
    questions.edit_question(
        factories.content(question_id, **changes),
        from_version=version,
        note="",
        actor=Actor(author),
        now=factories.NOW,
    )


def steps(standing, by):
    return set(allowed_steps(standing, by=by, permissions=set(Permission)))


def queue(user_id, **filters):
    return [row.id for row in review_queue(user_id, QueueFilter(**filters)).rows]


def test_what_waits_longest_comes_first(author):
    first, _ = factories.reviewers()
    one, two, three = (write(author) for _ in range(3))
    take(two, T.SUBMIT, author, minutes=1)
    take(three, T.SUBMIT, author, minutes=3)
    take(one, T.SUBMIT, author, minutes=2)

    assert queue(first) == [two, one, three]


def test_a_row_says_what_the_reviewer_has_to_know(author):
    first, _ = factories.reviewers()
    question_id = write(author)
    take(question_id, T.SUBMIT, author, note="请审")
    question_reviews.comment(
        question_id, "不清楚", version=1, actor=Actor(first), now=factories.NOW
    )

    (row,) = review_queue(first, ALL).rows

    assert (row.id, row.state, row.version, row.live_version) == (
        question_id,
        S.CONTENT_REVIEW,
        1,
        None,
    )
    assert (row.author, row.open_comments, row.stem.zh) == ("作者", 1, "题干 PL14-01？")
    assert (row.last_step, row.last_note, row.last_person) == (T.SUBMIT, "请审", "作者")


def test_authors_do_not_see_their_own_work_in_the_queue(author):
    take(write(author), T.SUBMIT, author)

    assert queue(author) == []
    assert queue_counts(author) == {S.CONTENT_REVIEW: 0, S.FAIRNESS_REVIEW: 0, S.PILOT: 0}


def test_the_reviewer_of_the_content_does_not_see_the_fairness_review(author):
    first, second = factories.reviewers()
    question_id = write(author)
    take(question_id, T.SUBMIT, author)
    take(question_id, T.APPROVE, first)

    assert (queue(first), queue(second)) == ([], [question_id])

    take(question_id, T.APPROVE, second)
    assert queue(first) == queue(second) == [question_id]


def test_filters_narrow_the_queue(author):
    first, second = factories.reviewers()
    practice, exam = write(author), write(author, pool="exam", source="005 Q1")
    for question_id in (practice, exam):
        take(question_id, T.SUBMIT, author)
    take(exam, T.APPROVE, second)

    assert queue(first, pool="exam") == [exam]
    assert queue(first, state="content_review") == [practice]
    assert queue(first, module="planning", lesson="swot") == [practice, exam]
    assert queue(first, module="elsewhere") == []
    assert queue_counts(first) == {S.CONTENT_REVIEW: 1, S.FAIRNESS_REVIEW: 1, S.PILOT: 0}


def test_own_work_is_what_is_not_in_use_yet_with_what_was_sent_back_on_top(author):
    first, _ = factories.reviewers()
    sent_back, fresh, live = write(author), write(author), write(author)
    take(sent_back, T.SUBMIT, author, minutes=1)
    take(sent_back, T.SEND_BACK, first, minutes=2, note="缺英文")
    factories.put_into_use(live)

    rows = own_work(author).rows

    assert [row.id for row in rows] == [sent_back, fresh]
    assert (rows[0].last_step, rows[0].last_note, rows[0].last_person) == (
        T.SEND_BACK,
        "缺英文",
        "审题人",
    )
    assert own_work(first).rows == []


def test_states_are_counted(author):
    factories.bank([factories.content("PL14-51", pool="exam")])
    write(author)

    counts = state_counts()

    assert (counts[S.LIVE], counts[S.DRAFT], counts[S.PILOT]) == (1, 1, 0)


def test_the_queue_is_what_the_rules_allow_whatever_has_happened(author, session):
    """The rule told in SQL against the rule of the domain, over random stories."""
    people = [author, *factories.reviewers(), factories.user("fourth")]
    draw = random.Random(5)
    ids = [write(draw.choice(people)) for _ in range(8)]
    seen = set()
    for number in range(1, 101):
        question_id, by = draw.choice(ids), draw.choice(people)
        here = standings([question_id])[question_id]
        if number % 10 == 0:
            rewrite(question_id, by, version=here.version, source=f"{number}")
        elif forward := [step for step in steps(here, by) if step in FORWARD]:
            take(question_id, forward[0], by, version=here.version)
        if number % 10:
            continue

        now_standing = standings(ids)
        decidable = [
            {id_ for id_ in ids if DECIDES & steps(now_standing[id_], by)} for by in people
        ]
        assert [set(queue(by)) for by in people] == decidable
        seen.update(session.scalars(select(Question.state)))

    assert seen >= {"draft", "content_review", "fairness_review", "pilot", "live"}


def test_the_queue_takes_three_statements_however_long_it_is(author, statements):
    first, _ = factories.reviewers()
    for _ in range(30):
        take(write(author), T.SUBMIT, author)
    statements.clear()

    page = review_queue(first, ALL, page=1)

    assert (len(page.rows), page.total, len(statements)) == (25, 30, 3)
    statements.clear()
    queue_counts(first)
    own_work(author)
    assert len(statements) == 4


def test_the_queue_is_filtered_by_whoever_wrote_the_newest_version(author):
    first, second = factories.reviewers()
    one, two = write(author), write(author)
    rewrite(two, second, version=1, difficulty=5)
    take(one, T.SUBMIT, author, minutes=1)
    take(two, T.SUBMIT, author, version=2, minutes=2)

    assert queue(first, author=author) == [one]
    assert queue(first, author=second) == [two]
    assert queue(first, author=0) == []
    assert queue(first) == [one, two]


def test_the_ids_of_the_queue_are_its_beginning(author):
    first, _ = factories.reviewers()
    ids = [write(author) for _ in range(3)]
    for minutes, question_id in enumerate(ids):
        take(question_id, T.SUBMIT, author, minutes=minutes)

    assert queue_ids(first, ALL, most=2) == ids[:2]
    assert queue_ids(first, QueueFilter(module="other"), most=2) == []
