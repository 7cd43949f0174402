"""flask questions lint, flask content coverage."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.parametrize("db_kind", ["sqlite"], indirect=True)  # reads files alone

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shipped(app, tmp_path):
    """The application on a copy of the shipped files, which a test may break."""
    for folder in ("content", "questions"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(
        kept, content=tmp_path / "content", questions=tmp_path / "questions"
    )
    yield tmp_path
    app.extensions["settings"] = kept


def test_the_shipped_bank_passes(app, shipped):
    result = app.test_cli_runner().invoke(args=["questions", "lint"])

    assert result.exit_code == 0, result.output
    assert "0 errors, 0 targets missed, 0 supplies short" in result.output


def test_a_question_that_repeats_another_pool_fails_the_lint(app, shipped):
    path = shipped / "questions" / "planning" / "swot.yaml"
    bank = yaml.safe_load(path.read_text("utf-8"))
    practice = next(q for q in bank if q["pool"] == "practice" and q["type"] == "single")
    copy = {**practice, "id": f"{practice['points'][0]}-99", "pool": "exam"}
    path.write_text(yaml.safe_dump([*bank, copy], allow_unicode=True), "utf-8")

    result = app.test_cli_runner().invoke(args=["questions", "lint"])

    assert result.exit_code == 1
    assert copy["id"] in result.output
    assert practice["id"] in result.output


def test_a_module_without_exam_questions_is_named_as_short(app, shipped):
    for path in (shipped / "questions" / "culture").glob("*.yaml"):
        path.unlink()

    result = app.test_cli_runner().invoke(args=["questions", "lint"])

    assert result.exit_code == 1
    assert "SHORT" in result.output


def test_coverage_has_a_line_for_every_point(app, shipped):
    result = app.test_cli_runner().invoke(args=["content", "coverage"])

    assert result.exit_code == 0
    assert "120 points" in result.output
    assert result.output.count("※") > 40
