"""flask marking status."""

from __future__ import annotations

from sqlalchemy import select

from app.models.attempts import Attempt
from app.models.marking import Script
from app.services.content import load_content
from app.services.questions import load_bank
from tests.factories import NOW
from tests.services import marking_scenes as desk
from tests.services.marking_scenes import SHORT
from tests.services.test_content import shipped


def test_the_status_tells_what_is_settled_and_what_waits(app):
    row, _ = desk.in_marking(app)
    for points in (0, 40, 20):
        desk.mark(app, row, SHORT, desk.own(points), desk.marker())

    output = app.test_cli_runner().invoke(args=["marking", "status"]).output

    assert output == (
        f"exam {row.id} unit/theory: 0 of 2 answers settled, 3 markings to do, 1 disputes, "
        "1 attempts waiting\n"
    )


def test_without_written_answers_the_status_says_so(app):
    output = app.test_cli_runner().invoke(args=["marking", "status"]).output

    assert output == "no written answers\n"


def test_the_demonstration_hands_in_answers_to_mark(app, session):
    load_content(shipped(), now=NOW)
    load_bank(shipped().bank, now=NOW)

    result = app.test_cli_runner().invoke(args=["demo", "marking", "--candidates", "2"])

    assert result.exit_code == 0, result.output
    assert session.scalars(select(Attempt.state)).all() == ["marking", "marking"]
    assert len(session.scalars(select(Script.id)).all()) == 14


def test_without_content_there_is_nothing_to_hand_in(app):
    result = app.test_cli_runner().invoke(args=["demo", "marking"])

    assert result.exit_code == 1
    assert "service-manager has no exam skills" in result.output
