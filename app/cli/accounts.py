"""flask accounts …: for the first administrator, and when nobody can log in."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from app.cli.output import plain_errors
from app.domain.permissions import Role
from app.queries.accounts import user_id_of
from app.services.accounts import NewAccount, create_account, enrol, reset_password
from app.services.passwords import first_password
from app.services.trail import SYSTEM

accounts = AppGroup("accounts", help="People and their log-ins.")


@accounts.command("create")
@click.argument("username")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
)
@click.option("--department", default="")
@click.option("--email", default="", help="Where mails about exams go.")
def create(username: str, name: str, roles: tuple[str, ...], department: str, email: str) -> None:
    """Create an account and print its first password, to be changed at the first log-in."""
    password = first_password(username)
    account = NewAccount(
        username=username,
        name=name,
        roles=frozenset(map(Role, roles)),
        password=password,
        department=department,
        email=email,
    )
    with plain_errors():
        create_account(account, actor=SYSTEM, now=datetime.now(UTC))
    click.echo(password)


@accounts.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Give somebody a new first password, print it, and end their log-ins."""
    password = first_password(username)
    with plain_errors():
        reset_password(_id_of(username), new=password, actor=SYSTEM, now=datetime.now(UTC))
    click.echo(password)


@accounts.command("enrol")
@click.argument("username")
@click.argument("scheme")
def enrol_in(username: str, scheme: str) -> None:
    """Enrol somebody in a scheme."""
    with plain_errors():
        enrol(_id_of(username), scheme_id=scheme, due_at=None, actor=SYSTEM, now=datetime.now(UTC))


def _id_of(username: str) -> int:
    user_id = user_id_of(username)
    if user_id is None:
        raise click.ClickException(f"no account has the user name {username}")
    return user_id
