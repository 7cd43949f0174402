"""flask content …, flask questions …: the shipped files, and broken ones."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from app.config import ROOT
from app.models.content import LessonText
from app.models.question_search import question_search
from app.models.questions import Question, QuestionVersion


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


@pytest.fixture
def copied(app, tmp_path):
    """A copy of one module of the shipped files, which a test may break."""
    others = [path.name for path in (ROOT / "questions").iterdir() if path.name != "planning"]
    for name in ("content", "questions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(*others))
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(
        kept, content=tmp_path / "content", questions=tmp_path / "questions"
    )
    yield tmp_path
    app.extensions["settings"] = kept


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_the_shipped_files_have_no_problem(run):
    result = run("content", "check")

    assert result.exit_code == 0, result.output
    assert "no problem" in result.output


def test_every_problem_is_listed_with_its_place(run, copied):
    first, second, *_ = sorted((copied / "questions" / "planning").glob("*.yaml"))
    first.write_text(first.read_text().replace("right: true", "right: false"))
    second.write_text("- id: PL01-01\n  type: riddle\n")
    next((copied / "content" / "planning").glob("*.en.md")).unlink()

    result = run("content", "check")

    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert len(lines) > 5
    for name in (f"questions/planning/{first.name}: ", f"questions/planning/{second.name}: "):
        assert any(line.startswith(name) for line in lines)
    assert any(".en.md" in line for line in lines)


def test_nothing_is_loaded_from_broken_files(run, copied, session):
    run("content", "load")
    next((copied / "questions" / "planning").glob("*.yaml")).write_text("- id: [")

    result = run("questions", "load")

    assert result.exit_code == 1
    assert count(session, Question) == 0


def test_loading_twice_changes_nothing(run, copied, session):
    assert run("content", "load").exit_code == 0
    first = run("questions", "load")
    texts, versions = count(session, LessonText), count(session, QuestionVersion)

    again = run("content", "load").output + run("questions", "load").output

    assert first.exit_code == 0, first.output
    assert again.splitlines() == [
        "0 lessons, 0 lesson texts, 0 schemes changed",
        "0 questions created, 0 changed",
    ]
    assert (count(session, LessonText), count(session, QuestionVersion)) == (texts, versions)
    assert versions >= 180


def test_a_file_that_moves_a_question_to_the_other_pool_is_told(run, copied, session):
    run("content", "load")
    run("questions", "load")
    path = next((copied / "questions" / "planning").glob("*.yaml"))
    path.write_text(path.read_text().replace("pool: practice", "pool: exam", 1))

    result = run("questions", "load")

    assert result.exit_code == 1
    assert "another pool" in result.output


def test_the_full_text_index_is_written_anew(run, copied, session):
    run("content", "load")
    run("questions", "load")
    session.execute(delete(question_search))
    session.commit()

    result = run("questions", "reindex")

    assert result.output == f"{count(session, Question)} questions indexed\n"
    assert count(session, question_search) == count(session, Question)
