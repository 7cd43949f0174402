"""flask dossiers …: exporting, verifying, looking up a receipt."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.models.attempts import Attempt, Save
from app.models.audit import AuditEntry
from tests import factories
from tests.services import scenes


@pytest.fixture
def run(app, monkeypatch):
    """Runs a command; receipts of the scenes are made with the installation's key."""
    monkeypatch.setattr(scenes, "KEY", bytes.fromhex(app.extensions["settings"].receipt_key))
    return lambda *args: app.test_cli_runner().invoke(args=["dossiers", *map(str, args)])


@pytest.fixture
def exported(app, run, tmp_path, session):
    """A passed exam and the file of its dossier."""
    attempt_id, _ = scenes.passed(app)
    path = tmp_path / "dossier.json"
    result = run("export", attempt_id, "--out", path, "--reason", "appeal 17")
    assert result.exit_code == 0, result.output
    return attempt_id, path


def test_an_export_is_written_and_on_record(exported, session):
    attempt_id, path = exported

    assert json.loads(path.read_bytes())["dossier"]["attempt"]["id"] == attempt_id
    assert path.stat().st_mode & 0o077 == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "dossier.exported")).one()
    assert (entry.actor_id, entry.detail["reason"]) == (None, "appeal 17")


def test_a_genuine_dossier_is_told(exported, run):
    result = run("verify", exported[1])

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "genuine"


def test_a_dossier_that_the_database_has_left_behind_is_told(exported, run, session):
    _, path = exported
    session.execute(update(Attempt).values(seen_at=factories.NOW + timedelta(hours=9)))
    session.commit()
    session.expire_all()

    result = run("verify", path)

    assert result.exit_code == 0
    assert "moved  attempt" in result.output
    assert result.output.splitlines()[-1] == "genuine, but the database has moved on"


def test_a_broken_dossier_is_told_and_fails(exported, run):
    _, path = exported
    path.write_text(path.read_text("utf-8").replace('"passed":true', '"passed":false'), "utf-8")

    result = run("verify", path)

    assert result.exit_code == 1
    assert result.output.count("BROKEN") == 2
    assert result.output.splitlines()[-1] == "broken"


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"nothing", b"{}"])
def test_another_file_is_refused_in_one_sentence(run, tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)

    result = run("verify", path)

    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1


def test_the_command_writes_no_pdf(run, tmp_path):
    result = run("export", 1, "--out", tmp_path / "dossier.pdf", "--reason", "x")

    assert result.exit_code == 1
    assert "JSON" in result.output


def test_an_attempt_that_is_not_there_is_refused(run, tmp_path):
    result = run("export", 999_999, "--out", tmp_path / "x.json", "--reason", "x")

    assert result.exit_code == 1
    assert not (tmp_path / "x.json").exists()


def test_a_receipt_tells_its_answer(exported, run, session):
    attempt_id, _ = exported
    row = session.scalars(select(Save).where(Save.position == 3)).one()

    result = run("receipt", attempt_id, row.receipt.upper())

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "genuine"
    assert "question 3" in result.output
    assert result.output.splitlines()[-1].strip() == "true"


def test_a_receipt_that_nobody_gave_is_told(exported, run):
    result = run("receipt", exported[0], "0" * 64)

    assert result.exit_code == 1
    assert "no answer with this receipt" in result.output


def test_a_receipt_of_another_key_is_not_genuine(app, session):
    attempt_id, _ = scenes.passed(app)
    row = session.scalars(select(Save).where(Save.position == 3)).one()

    result = app.test_cli_runner().invoke(
        args=["dossiers", "receipt", str(attempt_id), row.receipt]
    )

    assert result.exit_code == 1
    assert result.output.startswith("NOT genuine")
