"""flask setup: from nothing to a loaded database, and again without changing anything."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import delete, func, select

from app import create_app
from app.config import ROOT
from app.db import db
from app.models.content import ContentLoad, LessonText
from app.models.question_search import question_search
from app.models.questions import Question, QuestionVersion
from tests.conftest import make_settings


@pytest.fixture
def fresh(tmp_path):
    """An application with an empty database of its own and one module of the files."""
    others = [path.name for path in (ROOT / "questions").iterdir() if path.name != "planning"]
    for name in ("content", "questions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(*others))
    application = create_app(
        make_settings(
            f"sqlite:///{tmp_path / 'fresh.sqlite3'}",
            tmp_path,
            content=tmp_path / "content",
            questions=tmp_path / "questions",
        )
    )
    yield application
    with application.app_context():
        db.engine.dispose()


def setup(application):
    return application.test_cli_runner().invoke(args=["setup"])


def counts(application):
    with application.app_context():
        return [
            db.session.scalar(select(func.count()).select_from(model))
            for model in (ContentLoad, LessonText, QuestionVersion)
        ]


def test_a_second_start_reads_and_changes_nothing(fresh):
    assert setup(fresh).exit_code == 0
    first = counts(fresh)

    second = setup(fresh)

    assert second.exit_code == 0
    assert counts(fresh) == first
    assert first[0] == 1


def test_a_changed_file_is_loaded_at_the_next_start(fresh, tmp_path):
    setup(fresh)
    before = counts(fresh)
    path = tmp_path / "questions" / "planning" / "swot.yaml"
    path.write_text(path.read_text("utf-8").replace("difficulty: 2", "difficulty: 3", 1), "utf-8")

    setup(fresh)

    assert counts(fresh) == [before[0] + 1, before[1], before[2] + 1]


def test_a_broken_file_stops_the_start_and_says_where(fresh, tmp_path):
    setup(fresh)
    before = counts(fresh)
    path = tmp_path / "questions" / "planning" / "swot.yaml"
    path.write_text(path.read_text("utf-8").replace("pool: practice", "pool: nowhere", 1), "utf-8")

    result = setup(fresh)

    assert result.exit_code == 1
    assert "questions/planning/swot.yaml" in result.output
    assert counts(fresh) == before


def test_a_start_writes_what_is_missing_in_the_full_text_index(fresh):
    """As after the migration that made the index of a bank that was there before."""
    assert setup(fresh).exit_code == 0
    with fresh.app_context():
        db.session.execute(delete(question_search))
        db.session.commit()

    assert setup(fresh).exit_code == 0

    with fresh.app_context():
        indexed = db.session.scalar(select(func.count()).select_from(question_search))
        assert indexed == db.session.scalar(select(func.count()).select_from(Question)) > 0
