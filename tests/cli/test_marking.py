"""flask marking status."""

from __future__ import annotations

from tests.services import marking_scenes as desk
from tests.services.marking_scenes import SHORT


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
