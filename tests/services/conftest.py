"""Services that race: applications whose transactions are real ones, and threads that wait."""

from __future__ import annotations

import threading
import time
import uuid

import flask_migrate
import psycopg
import pytest

from app import create_app
from app.db import db
from app.queries import versions
from tests.conftest import POSTGRESQL, ROOT, make_settings


@pytest.fixture
def real_app(db_kind, tmp_path):
    """An application on a database of its own, whose transactions are real ones."""
    name = f"qijue_race_{uuid.uuid4().hex[:12]}"
    url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
    if db_kind == "postgresql":
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = f"{POSTGRESQL.rpartition('/')[0]}/{name}".replace(
            "postgresql:", "postgresql+psycopg:"
        )
    application = create_app(make_settings(url, tmp_path))
    versions.forget_all()
    with application.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    yield application
    with application.app_context():
        db.engine.dispose()
    if db_kind == "postgresql":
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def paused_after(monkeypatch):
    """Make a function of a module dwell once it is done; an event tells that it does."""

    def pause(module, name):

        real, dwells = getattr(module, name), threading.Event()

        def slow(*args, **kwargs):
            found = real(*args, **kwargs)
            dwells.set()
            time.sleep(0.5)
            return found

        monkeypatch.setattr(module, name, slow)
        return dwells

    return pause
