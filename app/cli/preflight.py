"""flask exams preflight SITTING: go or no-go."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.output import plain_errors
from app.config import Settings
from app.domain.preflight.candidate import STEPS
from app.domain.preflight.checks import NAMES, OVERALL, VERDICTS, Verdict
from app.domain.text import Language
from app.services.preflight import Equipment, Run, run
from app.services.trail import SYSTEM
from app.translations import Voice


@click.command("preflight")
@click.argument("sitting", type=int)
@with_appcontext
def preflight(sitting: int) -> None:
    """Check everything that SITTING needs; exit code 1 for a no-go.

    A synthetic candidate takes the whole exam in a rehearsal that is rolled back.
    """
    settings: Settings = current_app.extensions["settings"]
    with plain_errors():
        done = run(sitting, equipment=Equipment.of(settings), actor=SYSTEM, now=datetime.now(UTC))
    _print(done, Voice(Language(settings.default_language), settings.time_zone))
    if done.verdict is Verdict.NO_GO:
        raise SystemExit(1)


def _print(done: Run, voice: Voice) -> None:
    for check in done.checks:
        verdict = voice.say(VERDICTS[check.verdict])
        sentence = voice.say(check.sentence, check.parameters)
        click.echo(f"{verdict}\t{voice.say(NAMES[check.subject])}\t{sentence}")
    for timing in done.rehearsal.timings:
        click.echo(f"\t{voice.say(STEPS[timing.step])}\t{timing.ms:.1f} ms")
    click.echo(voice.say(OVERALL[done.verdict]))
