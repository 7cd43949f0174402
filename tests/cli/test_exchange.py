"""flask questions import and export: files into the bank, and the bank into files."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.loader.exchange.yaml_files import text_of
from app.loader.questions import read_bank
from app.loader.syllabus import read_syllabus
from app.models.audit import AuditEntry
from app.models.questions import Question, QuestionVersion
from app.models.workshop import ImportRun
from app.services.questions import load_bank
from tests import factories
from tests.services import scenes


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


@pytest.fixture
def written(app, tmp_path):
    """Write questions into a file; returns its path."""
    factories.syllabus()

    def write(*questions, name="题目.yaml"):
        path = tmp_path / name
        path.write_text(text_of(questions), encoding="utf-8")
        return str(path)

    return write


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_an_import_is_a_dry_run_unless_it_is_applied(run, written, session):
    path = written(factories.content("PL14-02"))

    result = run("questions", "import", path)

    assert result.exit_code == 0, result.output
    assert "1 new" in result.output
    assert (count(session, Question), count(session, ImportRun)) == (0, 0)


def test_an_applied_import_makes_drafts_of_the_user(run, written, session):
    user_id = factories.user("writer1", Role.INSTRUCTOR)
    path = written(factories.content("PL14-02"))

    result = run("questions", "import", path, "--apply", "--user", "writer1")

    assert result.exit_code == 0, result.output
    row = session.get_one(Question, "PL14-02")
    assert (row.state, row.author_id) == ("draft", user_id)


@pytest.mark.parametrize("given", [[], ["--user", "nobody"], ["--user", "trainee1"]])
def test_an_applied_import_belongs_to_somebody_who_may_write(run, written, session, given):
    factories.user("trainee1")
    path = written(factories.content("PL14-02"))

    result = run("questions", "import", path, "--apply", *given)

    assert result.exit_code == 1
    assert count(session, Question) == 0


def test_refused_questions_are_told_with_their_place(run, written):
    path = written(factories.content("PL14-02", points=["PL99"]))

    result = run("questions", "import", path)

    assert "line 1 refused" in result.output
    assert "PL99" in result.output


def test_a_file_that_is_none_fails_with_a_sentence(run, app, tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"\x00\x01")

    result = run("questions", "import", str(path))

    assert result.exit_code == 1
    assert result.output.strip()


def test_the_exported_bank_changes_nothing_when_it_comes_back(run, written, session, tmp_path):
    factories.user("writer1", Role.INSTRUCTOR)
    questions = [*scenes.every_type(11, pool="practice"), *factories.exam_pool(2, 1)]
    factories.bank(questions)
    folder = tmp_path / "bank"

    exported = run("questions", "export", str(folder))
    again = run(
        "questions",
        "import",
        str(folder / "planning" / "swot.yaml"),
        "--apply",
        "--user",
        "writer1",
    )

    assert exported.exit_code == 0, exported.output
    assert f"{len(questions)} unchanged" in again.output
    assert count(session, QuestionVersion) == len(questions)
    in_order = sorted(questions, key=lambda question: question.id)
    assert (folder / "planning" / "swot.yaml").read_text(encoding="utf-8") == text_of(in_order)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "questions.exported")
    ).one()
    assert entry.detail["count"] == len(questions)


def test_the_shipped_bank_is_loaded_exported_and_loaded_without_a_change(run, app, tmp_path):
    settings = app.extensions["settings"]
    assert run("content", "load").exit_code == 0
    assert run("questions", "load").exit_code == 0
    run("questions", "export", str(tmp_path / "bank"))
    syllabus, _ = read_syllabus(settings.content / "syllabus.yaml")

    entries, wrong = read_bank(tmp_path / "bank", syllabus=syllabus)
    changes = load_bank(entries, now=factories.NOW)

    assert wrong == []
    assert len(entries) > 300
    assert (changes.created, changes.changed) == (0, 0)
    assert changes.conflicts == changes.moved_pool == []


def test_drafts_stay_out_of_the_files_unless_they_are_asked_for(run, written, session, tmp_path):
    factories.user("writer1", Role.INSTRUCTOR)
    path = written(factories.content("PL14-02"))
    run("questions", "import", path, "--apply", "--user", "writer1")

    plain = run("questions", "export", str(tmp_path / "a"))
    with_drafts = run("questions", "export", str(tmp_path / "b"), "--drafts")

    assert "0 questions" in plain.output
    assert "1 questions" in with_drafts.output
