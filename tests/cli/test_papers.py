"""flask papers …: assembled, compared, proposed for somebody else to approve."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.models.papers import Paper, PaperBatch
from tests import paper_scenes


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


@pytest.fixture
def exam_id(app):
    return paper_scenes.an_exam()


def test_figures_are_printed_and_nothing_is_stored(run, exam_id, session):
    result = run("papers", "assemble", "unit", "theory", "--count", "3", "--seed", "4")

    assert result.exit_code == 0, result.output
    assert "seed 4" in result.output
    assert "largest overlap 0%" in result.output
    assert session.scalar(select(func.count()).select_from(PaperBatch)) == 0


def test_a_named_person_proposes_them(run, exam_id, session):
    paper_scenes.people()

    result = run("papers", "assemble", "unit", "theory", "--count", "2", "--as", "teacher")

    assert result.exit_code == 0, result.output
    batch = session.scalars(select(PaperBatch)).one()
    assert f"batch {batch.id}: proposed" in result.output
    assert session.scalar(select(func.count()).select_from(Paper)) == 0


def test_a_batch_is_compared(run, exam_id):
    batch_id = paper_scenes.proposed(exam_id)

    result = run("papers", "compare", str(batch_id))

    assert result.exit_code == 0
    assert "spread: difficulty 0.000" in result.output


def test_what_collides_is_printed(run, exam_id):
    paper_scenes.save(exam_id, paper_scenes.plan(max_exposure=0.2))
    batch_id = paper_scenes.proposed(exam_id, count=5)

    compared = run("papers", "compare", str(batch_id))
    assembled = run("papers", "assemble", "unit", "theory", "--count", "5")

    assert (compared.exit_code, assembled.exit_code) == (1, 1)
    assert "planning × * × single" in compared.output
    assert "8/10" in compared.output
    assert "planning × * × single: 8/10 (−2)" in assembled.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("assemble", "unit", "nothing", "--count", "2"),
        ("assemble", "unit", "theory", "--count", "2", "--as", "nobody"),
        ("compare", "99"),
    ],
)
def test_what_is_not_there_is_told(run, exam_id, arguments):
    result = run("papers", *arguments)

    assert result.exit_code == 1
    assert "no " in result.output
