"""flask certificates …: verifying a certificate without the database."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

certificates = AppGroup("certificates", help="Certificates.")


@certificates.command("verify")
@click.argument("token")
@click.option("--keys", type=click.Path(exists=True, path_type=Path), help="A saved JWK set.")
def verify(token: str, keys: Path | None) -> None:
    """Check the signature of a certificate's TOKEN and print what it states."""
    try:
        key = (
            KeySet.import_key_set(json.loads(keys.read_text(encoding="utf-8")))
            if keys
            else OKPKey.import_key(dict(current_app.extensions["settings"].certificate_key))
        )
        found = jws.deserialize_compact(token, key, algorithms=["Ed25519"])
    except (JoseError, ValueError) as error:
        click.echo(f"the signature does not fit: {error}", err=True)
        raise SystemExit(1) from error
    click.echo(json.dumps(json.loads(found.payload), ensure_ascii=False, indent=2))
