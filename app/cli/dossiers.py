"""flask dossiers …: exporting, verifying, and looking up a receipt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext

from app.cli.output import plain_errors
from app.config import Settings
from app.domain.dossiers.findings import Finding, Level, Verdict
from app.domain.dossiers.form import LARGEST_FILE
from app.domain.dossiers.wording import Speech, wording
from app.domain.saves import SaveState
from app.services import dossiers as service
from app.services.certificates import Signer
from app.services.trail import SYSTEM

dossiers = AppGroup("dossiers", help="Dossiers of attempts.")

_MARKS = {Level.GOOD: "ok    ", Level.MOVED: "moved ", Level.BROKEN: "BROKEN"}
_VERDICTS = {
    Verdict.GENUINE: "genuine",
    Verdict.MOVED_ON: "genuine, but the database has moved on",
    Verdict.BROKEN: "broken",
}


@dossiers.command("export")
@click.argument("attempt", type=int)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file (JSON)."
)
@click.option("--reason", required=True, help="Goes into the dossier and the audit log.")
def export(attempt: int, out: Path, reason: str) -> None:
    """Write the signed dossier of ATTEMPT to a file; the export is put on record."""
    if out.suffix.lower() == ".pdf":
        raise click.ClickException("the command writes JSON; the PDF comes from the page /dossiers")
    settings = _settings()
    with plain_errors():
        made = service.export(
            attempt,
            reason=reason,
            kind="json",
            signer=Signer.of(settings),
            actor=SYSTEM,
            now=datetime.now(UTC),
        )
    _write_private(out, made.content)
    click.echo(f"{out}: {len(made.content)} bytes")


@dossiers.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check the dossier in FILE (JSON); exit 1 where it is broken."""
    settings = _settings()
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_FILE + 1)
    with plain_errors():
        found = service.verify(raw, signer=Signer.of(settings), receipt_key=_receipt_key())
        for finding in found.findings:
            click.echo(f"{_MARKS[finding.level]} {_told(finding)}")
    click.echo(_VERDICTS[found.verdict])
    if found.verdict is Verdict.BROKEN:
        raise SystemExit(1)


@dossiers.command("receipt")
@click.argument("attempt", type=int)
@click.argument("receipt")
def receipt(attempt: int, receipt: str) -> None:
    """Tell whether RECEIPT is genuine and which answer of ATTEMPT it stands for."""
    claim = service.claim(receipt.strip().lower(), receipt_key=_receipt_key(), attempt_id=attempt)
    if claim is None:
        raise click.ClickException(f"attempt {attempt} has no answer with this receipt")
    speech = Speech(_settings().default_language, right="true", wrong="false")
    words = wording(claim.question, claim.layout, claim.answer, speech)
    state = claim.state
    if claim.decided is not None:
        state += ", accepted" if claim.decided else ", refused"
    elif claim.state == SaveState.HELD:
        state += ", undecided"
    click.echo("genuine" if claim.genuine else "NOT genuine: it was not given for this answer")
    click.echo(f"question {claim.position}, window {claim.epoch}, sequence {claim.seq}")
    click.echo(f"stored {claim.received_at.isoformat()}, {state}")
    for line in words.answer or ("(left empty)",):
        click.echo(f"  {line}")
    if not claim.genuine:
        raise SystemExit(1)


def _write_private(path: Path, content: bytes) -> None:
    """For its owner alone: there are people and right answers in it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _told(finding: Finding) -> str:
    sentence = str(gettext(finding.sentence))
    return sentence % finding.parameters if finding.parameters else sentence


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _receipt_key() -> bytes:
    return bytes.fromhex(_settings().receipt_key)
