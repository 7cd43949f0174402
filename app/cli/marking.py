"""flask marking …: how far marking by people is."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.queries.marking_progress import progress_by_exam

marking = AppGroup("marking", help="Marking by people.")


@marking.command("status")
def status() -> None:
    """Every exam that people mark: answers, markings to do, disputes, attempts that wait."""
    found = progress_by_exam()
    if not found:
        click.echo("no written answers")
    for line in found:
        click.echo(
            f"exam {line.exam_id} {line.scheme_id}/{line.code}: "
            f"{line.settled} of {line.scripts} answers settled, {line.open} markings to do, "
            f"{line.disputes} disputes, {line.attempts} attempts waiting"
        )
