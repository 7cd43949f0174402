"""An approval and a start at the same moment: whoever comes second finds the other."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import timedelta

import flask_migrate
import psycopg
import pytest

from app import create_app
from app.db import db
from app.domain.accommodations import Accommodation as Given
from app.domain.text import Text
from app.models.attempts import Attempt
from app.queries import versions
from app.services import accommodations, starting
from app.services.mails import Letterhead
from app.services.trail import Actor
from tests import factories
from tests.conftest import POSTGRESQL, ROOT, make_settings

NOW = factories.NOW
LETTERHEAD = Letterhead(Text("学院", "Academy"), "Asia/Shanghai")
HALF_MORE = Given(
    time_factor=1.5,
    break_minutes=0,
    larger_text=False,
    separate_room=False,
    valid_from=NOW.date(),
    valid_until=None,
)


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
def place(real_app):
    """(registration, user) of somebody who is ready."""
    with real_app.app_context():
        factories.syllabus()
        factories.bank(factories.exam_pool())
        user_id = factories.user(email="a@example.org")
        return factories.registration(factories.sitting(factories.exam()), user_id), user_id


def paused_after(monkeypatch, module, name):
    """Make a function of the module dwell once it is done; an event tells that it does."""
    real, dwells = getattr(module, name), threading.Event()

    def slow(*args, **kwargs):
        found = real(*args, **kwargs)
        dwells.set()
        time.sleep(0.5)
        return found

    monkeypatch.setattr(module, name, slow)
    return dwells


def begin(app, place, *, then):
    """Start in a thread of its own, once `then` is set."""

    def act():
        then.wait(10)
        with app.app_context():
            starting.start(place[0], user_id=place[1], seed=1, actor=Actor(), now=NOW)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def approve(app, place):
    with app.app_context():
        accommodations.approve(
            place[1],
            HALF_MORE,
            reason="x",
            letterhead=LETTERHEAD,
            today=NOW.date(),
            actor=Actor(),
            now=NOW,
        )


def deadline(app):
    with app.app_context():
        return db.session.scalars(db.select(Attempt)).one().deadline_at


def test_an_approval_waits_for_a_start_that_has_looked_already(real_app, place, monkeypatch):
    looked = paused_after(monkeypatch, starting, "provision_of")
    at_once = threading.Event()
    at_once.set()

    thread = begin(real_app, place, then=at_once)
    assert looked.wait(10)
    approve(real_app, place)
    thread.join()

    assert deadline(real_app) == NOW + timedelta(minutes=90)


def test_a_start_waits_for_an_approval_that_has_looked_already(real_app, place, monkeypatch):
    looked = paused_after(monkeypatch, accommodations, "_apply_to_open_attempt")

    thread = begin(real_app, place, then=looked)
    approve(real_app, place)
    thread.join()

    assert deadline(real_app) == NOW + timedelta(minutes=90)
