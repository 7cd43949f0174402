"""flask audit …"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.domain.audit import first_break
from app.queries.audit import chain

audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
def verify() -> None:
    """Walk the whole chain; exit 1 and name the first entry that does not fit."""
    count = 0

    def counted():  # type: ignore[no-untyped-def]
        nonlocal count
        for entry in chain():
            count += 1
            yield entry

    broken = first_break(counted())
    if broken is not None:
        click.echo(f"entry {broken} does not fit the chain", err=True)
        raise SystemExit(1)
    click.echo(f"{count} entries, the chain is whole")
