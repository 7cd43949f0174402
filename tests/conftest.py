"""Fixtures: one migrated database per worker and kind, rolled back after every test.

`db_kind` is "sqlite" or "postgresql". Tests that ask for `app`, `session` or `client` run on
both; on a machine without PostgreSQL the second run is skipped by name, unless --require-all
makes a skip a failure.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from app.config import Settings, new_secrets
from app.db import db
from app.queries import versions
from app.services import passwords
from tests.clock import Clock

POSTGRESQL = os.environ.get(
    "QIJUE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-all", action="store_true", help="a skipped test is a failure")
    parser.addoption("--kills", type=int, default=4, help="of each chaos story")
    parser.addoption("--minutes", type=float, default=25, help="the longest of a chaos story")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if (
        report.skipped
        and item.config.getoption("--require-all")
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped although everything is required: {report.longrepr}"


@cache
def postgresql_reason() -> str | None:
    """Why there is no PostgreSQL here, or None where there is one."""
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        return f"no PostgreSQL at {POSTGRESQL.rpartition('@')[2]}: {error}"
    return None


def make_settings(database_url: str, folder: Path, **changes: object) -> Settings:
    keys = new_secrets()
    return Settings(
        database_url=database_url,
        instance=folder,
        secret_key=str(keys["secret_key"]),
        receipt_key=str(keys["receipt_key"]),
        certificate_key=keys["certificate_key"],
        answer_file_key=keys["answer_file_key"],
        **{"testing": True, **changes},
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Password hashes at the least cost: at the real one they would be half of the suite's time.

    `tests/services/test_accounts` looks at the real cost.
    """
    kept, passwords._HASHER = passwords._HASHER, PasswordHasher(1, 8, 1)
    yield
    passwords._HASHER = kept


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """The applications of this worker by kind of database, each migrated once."""
    made: dict[str, Flask] = {}
    created: list[str] = []
    yield _Databases(made, created, tmp_path_factory)
    for application in made.values():
        with application.app_context():
            db.engine.dispose()
    for name in created:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class _Databases(dict):
    def __init__(self, made, created, tmp_path_factory) -> None:
        super().__init__()
        self._made, self._created, self._folders = made, created, tmp_path_factory

    def __missing__(self, kind: str) -> Flask:
        folder = self._folders.mktemp(kind)
        if kind == "postgresql":
            name = f"qijue_test_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            self._created.append(name)
            url = POSTGRESQL.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
            url = f"{url}/{name}"
        else:
            url = f"sqlite:///{folder / 'test.sqlite3'}"
        application = create_app(make_settings(url, folder))
        with application.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        self[kind] = self._made[kind] = application
        return application


@pytest.fixture(params=["sqlite", "postgresql"])
def db_kind(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql" and (reason := postgresql_reason()):
        pytest.skip(reason)
    return str(request.param)


@pytest.fixture
def clock() -> Clock:
    """The server's clock, at noon (in Shanghai) of a Monday; tests move it."""
    return Clock(NOON)


@pytest.fixture
def app(db_kind: str, databases: dict[str, Flask], clock: Clock) -> Iterator[Flask]:
    """The application on one kind of database, inside a transaction that is rolled back."""
    application = databases[db_kind]
    application.extensions["clock"] = clock
    versions.forget_all()
    with application.app_context():
        connection = db.engine.connect()
        transaction = connection.begin()
        outer = db.session
        db.session = scoped_session(
            lambda: Session(
                bind=connection,
                join_transaction_mode="create_savepoint",
                expire_on_commit=False,
            ),
            scopefunc=lambda: 1,
        )
        try:
            yield application
        finally:
            db.session.remove()
            db.session = outer
            transaction.rollback()
            connection.close()
            g.pop("now", None)


@pytest.fixture
def session(app: Flask) -> scoped_session[Session]:
    """The session of the test, on both databases."""
    return db.session


class Browser(FlaskClient):
    """A client whose every request has a context of its own, as on a server.

    Without it each request would find the time, the person and the language of the one before
    in the context that the fixture `app` holds open.
    """

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without CSRF protection in its way; `tests/web/test_csrf` has it on."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    return app.test_client()


class Statements(list[str]):
    """The SQL statements executed while it listens."""


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """Every SQL statement from here on (BEGIN, COMMIT and savepoints aside)."""
    seen = Statements()

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
