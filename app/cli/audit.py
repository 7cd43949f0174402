"""flask audit …"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.domain.audit import first_break
from app.queries.audit import chain, entry_count

audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
def verify() -> None:
    """Walk the whole chain; exit 1 and name the first entry that does not fit."""
    broken = first_break(chain())
    if broken is not None:
        click.echo(f"entry {broken} does not fit the chain", err=True)
        raise SystemExit(1)
    click.echo(f"{entry_count()} entries, the chain is whole")
