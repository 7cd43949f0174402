"""A question on its way: who may move it, what is written down, what is said about it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.domain.errors import DomainError
from app.domain.questions.lifecycle import (
    NoteMissing,
    OwnQuestion,
    QuestionStep,
    SameReviewer,
    StepRefused,
)
from app.models.audit import AuditEntry
from app.models.questions import Question
from app.models.workshop import QuestionComment, QuestionMove
from app.services import question_reviews, questions
from app.services.question_reviews import ChangedMeanwhile, CommentEmpty, CommentMissing
from app.services.question_rows import QuestionMissing
from app.services.trail import Actor
from tests import factories

T = QuestionStep


@pytest.fixture
def author(app):
    factories.syllabus()
    return factories.user("writer", name="作者")


@pytest.fixture
def draft(author):
    """The id of a question that the author has just written."""
    return questions.create_question(
        factories.content(), note="", actor=Actor(author), now=factories.NOW
    )


def take(question_id, step, by, *, version=1, note="why", **changes):
    return factories.step(question_id, step, by, version=version, note=note, **changes)


def say(question_id, by, text="不清楚", **changes):
    return question_reviews.comment(
        question_id, text, actor=Actor(by), now=factories.NOW, **{"version": 1, **changes}
    )


def rewrite(question_id, by, *, version):
    questions.edit_question(
        factories.content(question_id, difficulty=5 - version),
        from_version=version,
        note="",
        actor=Actor(by),
        now=factories.NOW,
    )


def standing(session, question_id):
    row = session.get_one(Question, question_id)
    return row.state, row.live_version


def test_a_question_is_reviewed_by_two_people_and_put_into_use(draft, author, session):
    first, second = factories.reviewers()

    states = [
        take(draft, step, by)
        for step, by in [
            (T.SUBMIT, author),
            (T.APPROVE, first),
            (T.APPROVE, second),
            (T.PROMOTE, first),
        ]
    ]

    assert states == ["content_review", "fairness_review", "pilot", "live"]
    assert standing(session, draft) == ("live", 1)


def test_every_step_is_in_the_history_and_in_the_audit_log(draft, author, session):
    first, _ = factories.reviewers()
    take(draft, T.SUBMIT, author, note="")
    take(draft, T.SEND_BACK, first, note=" 题干不清 ")

    rows = session.scalars(select(QuestionMove).order_by(QuestionMove.id)).all()
    assert [(r.step, r.from_state, r.to_state, r.user_id, r.note) for r in rows] == [
        ("submit", "draft", "content_review", author, ""),
        ("send_back", "content_review", "draft", first, "题干不清"),
    ]
    acts = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject == draft, AuditEntry.action != "question.created")
        .order_by(AuditEntry.id)
    ).all()
    assert acts == ["question.submitted", "question.sent_back"]


def test_the_history_is_never_changed(draft, author, session):
    take(draft, T.SUBMIT, author)
    move = session.scalars(select(QuestionMove)).one()

    move.note = "another story"

    with pytest.raises(DBAPIError, match="never changed"):
        session.commit()
    session.rollback()


def test_the_author_never_approves(draft, author, session):
    take(draft, T.SUBMIT, author)

    with pytest.raises(OwnQuestion):
        take(draft, T.APPROVE, author)

    assert standing(session, draft) == ("content_review", None)


def test_whoever_changed_it_since_it_was_live_never_promotes(draft, session):
    first, second = factories.reviewers()
    factories.put_into_use(draft)
    rewrite(draft, first, version=1)
    rewrite(draft, second, version=2)
    third, fourth = factories.user("third"), factories.user("fourth")
    for step, by in [(T.SUBMIT, first), (T.APPROVE, third), (T.APPROVE, fourth)]:
        take(draft, step, by, version=3)

    with pytest.raises(OwnQuestion):
        take(draft, T.PROMOTE, first, version=3)

    assert standing(session, draft) == ("pilot", 1)
    assert take(draft, T.PROMOTE, third, version=3) == "live"


def test_one_person_does_not_do_both_reviews(draft, author, session):
    first, _ = factories.reviewers()
    take(draft, T.SUBMIT, author)
    take(draft, T.APPROVE, first)

    with pytest.raises(SameReviewer):
        take(draft, T.APPROVE, first)

    assert standing(session, draft) == ("fairness_review", None)


def test_after_it_was_sent_back_the_reviews_begin_anew(draft, author):
    first, second = factories.reviewers()
    take(draft, T.SUBMIT, author)
    take(draft, T.APPROVE, first)
    take(draft, T.SEND_BACK, second)
    take(draft, T.SUBMIT, author)
    take(draft, T.APPROVE, second)

    with pytest.raises(SameReviewer):
        take(draft, T.APPROVE, second)

    assert take(draft, T.APPROVE, first) == "pilot"


def test_a_version_that_nobody_looked_at_is_not_approved(draft, author, session):
    first, _ = factories.reviewers()
    take(draft, T.SUBMIT, author)
    rewrite(draft, author, version=1)
    take(draft, T.SUBMIT, author, version=2)

    with pytest.raises(ChangedMeanwhile):
        take(draft, T.APPROVE, first, version=1)

    assert standing(session, draft) == ("content_review", None)


def test_an_approval_of_another_state_than_was_looked_at_is_refused(draft, author, session):
    first, second = factories.reviewers()
    take(draft, T.SUBMIT, author)
    take(draft, T.APPROVE, first, state="content_review")

    with pytest.raises(ChangedMeanwhile):
        take(draft, T.APPROVE, second, state="content_review")

    assert standing(session, draft) == ("fairness_review", None)


def test_a_step_out_of_turn_leaves_no_trace(draft, session):
    with pytest.raises(StepRefused):
        take(draft, T.PROMOTE, factories.reviewers()[0])

    assert session.scalar(select(func.count()).select_from(QuestionMove)) == 0


def test_retiring_says_why_and_takes_the_question_out_of_use(draft, author, session):
    factories.put_into_use(draft)

    with pytest.raises(NoteMissing):
        take(draft, T.RETIRE, author, note=" ")
    take(draft, T.RETIRE, author)

    assert standing(session, draft) == ("retired", None)


def test_a_revived_question_goes_the_whole_way_again(draft, author, session):
    factories.put_into_use(draft)
    take(draft, T.RETIRE, author)

    assert take(draft, T.REVIVE, author) == "draft"

    assert standing(session, draft) == ("draft", None)
    factories.put_into_use(draft)
    assert standing(session, draft) == ("live", 1)


def test_a_question_that_does_not_exist_is_not_moved(author):
    with pytest.raises(QuestionMissing):
        question_reviews.take_step(
            "PL14-99",
            T.SUBMIT,
            version=1,
            state="draft",
            actor=Actor(author),
            now=factories.NOW,
        )


def test_a_note_that_is_too_long_is_refused(draft, author):
    with pytest.raises(DomainError) as refused:
        take(draft, T.SUBMIT, author, note="长" * 2001)

    assert refused.value.code == "text-too-long"


def test_a_comment_belongs_to_a_version_and_a_field(draft, session):
    first, _ = factories.reviewers()

    comment_id = say(draft, first, " 选项二\x00不清楚 ", place="options 2")

    row = session.get_one(QuestionComment, comment_id)
    assert (row.question_id, row.version, row.user_id) == (draft, 1, first)
    assert (row.place, row.text, row.resolved_at) == ("options 2", "选项二不清楚", None)


def test_an_empty_comment_is_refused(draft, author):
    with pytest.raises(CommentEmpty):
        say(draft, author, " \n ")


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_does_not_exist_is_not_commented_on(draft, author, version):
    with pytest.raises(QuestionMissing):
        say(draft, author, version=version)


def test_a_comment_is_ticked_off_once_and_can_be_opened_again(draft, author, session):
    first, second = factories.reviewers()
    comment_id = say(draft, first)

    def tick(by, **changes):
        question_reviews.resolve_comment(
            comment_id, question_id=draft, actor=Actor(by), now=factories.NOW, **changes
        )

    tick(author)
    tick(second)
    assert session.get_one(QuestionComment, comment_id).resolved_by == author

    tick(second, is_resolved=False)
    row = session.get_one(QuestionComment, comment_id)
    assert (row.resolved_by, row.resolved_at) == (None, None)


def test_a_comment_of_another_question_is_not_ticked_off(draft, author):
    factories.bank([factories.content("PL14-77")])
    comment_id = say("PL14-77", author)

    with pytest.raises(CommentMissing):
        question_reviews.resolve_comment(
            comment_id, question_id=draft, actor=Actor(author), now=factories.NOW
        )
