"""Two people at one question, or at one point, in the same moment: nothing of either is lost."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import flask_migrate
import psycopg
import pytest
from sqlalchemy import func, select

from app import create_app
from app.db import db
from app.domain.questions.lifecycle import QuestionStep
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove
from app.queries import versions
from app.queries.question_drafts import draft_of
from app.services import question_drafts, question_reviews, questions
from app.services.draft_rows import DraftMark
from app.services.question_reviews import ChangedMeanwhile
from app.services.questions import EditedMeanwhile
from app.services.trail import Actor
from tests import factories
from tests.conftest import POSTGRESQL, ROOT, make_settings

NOW = factories.NOW
MANY = 6
NEW = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


@pytest.fixture
def real_app(db_kind, tmp_path):
    """An application on a database of its own, whose transactions are real ones."""
    name = f"qijue_race_{uuid.uuid4().hex[:12]}"
    url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
    if db_kind == "postgresql":
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = f"{POSTGRESQL.rpartition('/')[0]}/{name}".replace(
            "postgresql:", "postgresql+psycopg:"
        )
    application = create_app(make_settings(url, tmp_path))
    versions.forget_all()
    with application.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        factories.syllabus()
    yield application
    with application.app_context():
        db.engine.dispose()
    if db_kind == "postgresql":
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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


def test_new_questions_of_one_point_get_different_ids(real_app):
    writers = people(real_app)

    made = at_once(
        real_app,
        lambda number: questions.create_question(
            factories.content(), note="", actor=Actor(writers[number]), now=NOW
        ),
    )

    assert sorted(made) == [f"PL14-{number:02d}" for number in range(1, MANY + 1)]


def test_a_form_sent_several_times_at_once_is_one_question(real_app):
    (writer,) = people(real_app, 1)

    made = at_once(
        real_app,
        lambda _: questions.create_question(
            factories.content(), note="", actor=Actor(writer), now=NOW, draft=DraftMark(NEW, 1)
        ),
    )

    assert made == ["PL14-01"] * MANY
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_one_of_several_edits_wins_and_the_others_are_told(real_app):
    writers = people(real_app)
    with real_app.app_context():
        factories.bank([factories.content()])

    saved = at_once(real_app, lambda number: edited(number, writers))

    assert saved.count(2) == 1
    assert sum(isinstance(one, EditedMeanwhile) for one in saved) == MANY - 1
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(QuestionVersion)) == 2


def test_an_approval_never_meets_a_version_that_nobody_looked_at(real_app):
    writers = people(real_app, 2)
    with real_app.app_context():
        factories.bank([factories.content()])
        edited(0, writers)
        first, _ = factories.reviewers()
        question_reviews.take_step(
            "PL14-01", QuestionStep.SUBMIT, version=2, actor=Actor(writers[0]), now=NOW
        )

    def act(number):
        if number:
            return question_reviews.take_step(
                "PL14-01", QuestionStep.APPROVE, version=2, actor=Actor(first), now=NOW
            )
        return questions.edit_question(
            factories.content(difficulty=5),
            from_version=2,
            note="",
            actor=Actor(writers[1]),
            now=NOW,
        )

    edit, approval = at_once(real_app, act, many=2)

    assert edit == 3
    assert approval == "fairness_review" or isinstance(approval, ChangedMeanwhile)
    with real_app.app_context():
        assert db.session.get_one(Question, "PL14-01").state == "draft"
        newest = db.session.scalars(select(QuestionMove).order_by(QuestionMove.id.desc())).first()
        assert (newest.to_state, newest.version) == ("draft", 3)


def test_of_autosaves_at_the_same_moment_the_newest_stays(real_app):
    (writer,) = people(real_app, 1)
    with real_app.app_context():
        factories.bank([factories.content()])

    at_once(
        real_app,
        lambda number: question_drafts.autosave(
            "PL14-01", {"n": number}, from_version=1, seq=number, user_id=writer, now=NOW
        ),
    )

    with real_app.app_context():
        found = draft_of("PL14-01", user_id=writer)
        assert (found.raw, found.seq) == ({"n": MANY - 1}, MANY - 1)
