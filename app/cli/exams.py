"""flask exams …: putting an exam on offer."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from app.cli.output import plain_errors
from app.domain.text import Text
from app.queries.exams import current_exam_id
from app.services.sittings import SittingRules, open_sitting
from app.services.trail import SYSTEM

exams = AppGroup("exams", help="Exams and sittings.")


@exams.command("open")
@click.argument("scheme")
@click.argument("exam")
@click.option("--days", default=30, show_default=True, help="How long it stays open.")
@click.option("--title-zh", required=True)
@click.option("--title-en", required=True)
@click.option("--room", default="", help="Where it takes place.")
@click.option("--capacity", type=click.IntRange(min=1), help="How many places there are.")
@click.option("--access-code", default="", help="What is asked for at the start.")
@click.option("--roster-only", is_flag=True, help="Only people on the roster take part.")
@click.option("--seed", type=int, help="Gives the same papers again over the same pool.")
def open_now(
    scheme: str,
    exam: str,
    days: int,
    title_zh: str,
    title_en: str,
    room: str,
    capacity: int | None,
    access_code: str,
    roster_only: bool,
    seed: int | None,
) -> None:
    """Open a sitting of EXAM of SCHEME from now on, with its papers assembled."""
    now = datetime.now(UTC)
    exam_id = current_exam_id(scheme, exam)
    if exam_id is None:
        raise click.ClickException(f"{scheme} has no exam {exam}")
    with plain_errors():
        sitting_id = open_sitting(
            exam_id,
            title=Text(title_zh, title_en),
            opens_at=now,
            closes_at=now + timedelta(days=days),
            seed=secrets.randbits(31) if seed is None else seed,
            actor=SYSTEM,
            now=now,
            rules=SittingRules(
                room=room,
                capacity=capacity,
                access_code=access_code,
                open_to_enrolled=not roster_only,
            ),
        )
    click.echo(f"sitting {sitting_id} is open")
