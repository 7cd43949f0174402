"""flask papers …: assembling papers and comparing them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from app.cli.output import plain_errors
from app.domain.assembly.figures import SetFigures
from app.domain.assembly.papers import MOST_PAPERS
from app.queries.accounts import user_id_of
from app.queries.exams import current_exam_id
from app.queries.paper_batches import batch
from app.queries.plans import exam_with_scheme, plan_in_force
from app.services.assembling import given, work_on
from app.services.paper_batches import ask_for_papers
from app.services.trail import Actor

papers = AppGroup("papers", help="Papers: assembled together, compared, approved.")


@papers.command("assemble")
@click.argument("scheme")
@click.argument("exam")
@click.option("--count", type=click.IntRange(1, MOST_PAPERS), required=True)
@click.option("--seed", type=int, help="Gives the same papers again over the same pool.")
@click.option("--as", "username", help="Propose them as this person, for somebody else to approve.")
def assemble_now(
    scheme: str, exam: str, count: int, seed: int | None, username: str | None
) -> None:
    """Assemble COUNT papers for EXAM of SCHEME and print their figures.

    Without --as nothing is stored.
    """
    now = datetime.now(UTC)
    exam_id = current_exam_id(scheme, exam)
    found = None if exam_id is None else exam_with_scheme(exam_id)
    if found is None or exam_id is None:
        raise click.ClickException(f"{scheme} has no exam {exam}")
    seed = secrets.randbits(31) if seed is None else seed
    with plain_errors():
        if username is None:
            plan = plan_in_force(found.Exam).plan
            _, figures = given(found.Exam, plan=plan, count=count, seed=seed).assemble()
            click.echo(f"seed {seed}")
            _print(figures)
            return
        user_id = user_id_of(username)
        if user_id is None:
            raise click.ClickException(f"there is no account {username}")
        batch_id = ask_for_papers(exam_id, count=count, seed=seed, actor=Actor(user_id), now=now)
        work_on(batch_id, now=now)
    _compare(batch_id)


@papers.command("compare")
@click.argument("batch_id", type=click.IntRange(min=1))
def compare(batch_id: int) -> None:
    """Print the figures of a batch of papers side by side."""
    _compare(batch_id)


def _compare(batch_id: int) -> None:
    found = batch(batch_id)
    if found is None:
        raise click.ClickException(f"there is no batch {batch_id}")
    click.echo(f"batch {found.id}: {found.state.value}, seed {found.seed}")
    for collision in found.collisions:
        counted = f"{collision['available']}/{collision['needed']}" if collision["needed"] else ""
        click.echo(
            f"{collision['kind']:<12} {collision['name']:<40} {counted:>8} −{collision['missing']}"
        )
    if found.problem:
        click.echo(found.problem)
    if found.figures:
        _print(SetFigures.load(found.figures))
    if not found.figures:
        raise SystemExit(1)


def _print(figures: SetFigures) -> None:
    click.echo("paper  questions  difficulty  minutes  points  pilots  used before")
    for paper in figures.papers:
        click.echo(
            f"{paper.number:>5}  {paper.questions:>9}  {paper.difficulty:>10.3f}"
            f"  {paper.minutes:>7.1f}  {len(paper.points):>6}  {paper.pilots:>6}  {paper.used:>11}"
        )
    click.echo(
        f"spread: difficulty {figures.difficulty_spread:.3f}, minutes {figures.minutes_spread:.2f};"
        f" largest overlap {figures.largest_overlap:.0%}; gap {figures.gap:.2f}"
        + (", ended by the clock" if figures.by_clock else "")
    )
