"""Two people at one question, or at one point, in the same moment: nothing of either is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.questions.lifecycle import QuestionStep
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove
from app.queries.question_drafts import draft_of
from app.services import question_drafts, question_reviews, questions
from app.services.draft_rows import DraftMark
from app.services.question_reviews import ChangedMeanwhile
from app.services.questions import EditedMeanwhile
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW
MANY = 6
NEW = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


@pytest.fixture
def bank(real_app):
    """An application with a syllabus, whose transactions are real ones."""
    with real_app.app_context():
        factories.syllabus()
    return real_app


def at_once(app, act, many=MANY):
    """Do it with 0, 1, 2 … in as many threads; returns what came back, errors included."""
    ready = threading.Barrier(many)

    def run(number):
        with app.app_context():
            ready.wait(10)
            try:
                return act(number)
            except Exception as error:
                return error

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))


def people(app, count=MANY):
    with app.app_context():
        return [factories.user(f"writer{number}") for number in range(count)]


def edited(number, writers):
    return questions.edit_question(
        factories.content(source=f"source {number}"),
        from_version=1,
        note="",
        actor=Actor(writers[number]),
        now=NOW,
    )


def test_new_questions_of_one_point_get_different_ids(bank):
    writers = people(bank)

    made = at_once(
        bank,
        lambda number: questions.create_question(
            factories.content(), note="", actor=Actor(writers[number]), now=NOW
        ),
    )

    assert sorted(made) == [f"PL14-{number:02d}" for number in range(1, MANY + 1)]


def test_a_form_sent_several_times_at_once_is_one_question(bank):
    (writer,) = people(bank, 1)

    made = at_once(
        bank,
        lambda _: questions.create_question(
            factories.content(), note="", actor=Actor(writer), now=NOW, draft=DraftMark(NEW, 1)
        ),
    )

    assert made == ["PL14-01"] * MANY
    with bank.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_one_of_several_edits_wins_and_the_others_are_told(bank):
    writers = people(bank)
    with bank.app_context():
        factories.bank([factories.content()])

    saved = at_once(bank, lambda number: edited(number, writers))

    assert saved.count(2) == 1
    assert sum(isinstance(one, EditedMeanwhile) for one in saved) == MANY - 1
    with bank.app_context():
        assert db.session.scalar(select(func.count()).select_from(QuestionVersion)) == 2


def test_an_approval_never_meets_a_version_that_nobody_looked_at(bank):
    writers = people(bank, 2)
    with bank.app_context():
        factories.bank([factories.content()])
        edited(0, writers)
        first, _ = factories.reviewers()
        factories.step("PL14-01", QuestionStep.SUBMIT, writers[0])

    def act(number):
        if number:
            return approved(first, version=2)
        return questions.edit_question(
            factories.content(difficulty=5),
            from_version=2,
            note="",
            actor=Actor(writers[1]),
            now=NOW,
        )

    edit, approval = at_once(bank, act, many=2)

    assert edit == 3
    assert approval == "fairness_review" or isinstance(approval, ChangedMeanwhile)
    with bank.app_context():
        assert db.session.get_one(Question, "PL14-01").state == "draft"
        newest = db.session.scalars(select(QuestionMove).order_by(QuestionMove.id.desc())).first()
        assert (newest.to_state, newest.version) == ("draft", 3)


def test_of_two_approvals_of_the_content_at_once_one_counts(bank):
    (writer,) = people(bank, 1)
    with bank.app_context():
        questions.create_question(factories.content(), note="", actor=Actor(writer), now=NOW)
        factories.step("PL14-01", QuestionStep.SUBMIT, writer)
        reviewers = factories.reviewers()

    outcomes = at_once(bank, lambda number: approved(reviewers[number], version=1), many=2)

    assert outcomes.count("fairness_review") == 1
    assert sum(isinstance(one, ChangedMeanwhile) for one in outcomes) == 1
    with bank.app_context():
        assert db.session.get_one(Question, "PL14-01").state == "fairness_review"


def approved(reviewer, *, version):
    """Somebody approves the content, as the page of that version showed it."""
    return question_reviews.take_step(
        "PL14-01",
        QuestionStep.APPROVE,
        version=version,
        state="content_review",
        actor=Actor(reviewer),
        now=NOW,
    )


def test_of_autosaves_at_the_same_moment_the_newest_stays(bank):
    (writer,) = people(bank, 1)
    with bank.app_context():
        factories.bank([factories.content()])

    at_once(
        bank,
        lambda number: question_drafts.autosave(
            "PL14-01", {"n": number}, from_version=1, seq=number, user_id=writer, now=NOW
        ),
    )

    with bank.app_context():
        found = draft_of("PL14-01", user_id=writer)
        assert (found.raw, found.seq) == ({"n": MANY - 1}, MANY - 1)
