"""What is read about the machine: real readings, and what comes of not being told."""

from __future__ import annotations

import ctypes
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from app import create_app
from app.db import db
from app.queries import machine
from tests.conftest import make_settings


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (0, 0, True),
        (5, 15_999_999, True),
        (5, 16_000_000, False),
        (-1, 0, None),
    ],
)
def test_the_kernel_tells_whether_the_clock_is_kept_right(monkeypatch, answer, error, told):
    def adjtimex(timex):
        timex._obj.maxerror = error
        return answer

    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(adjtimex=adjtimex))

    assert machine.clock_is_synchronised() is told


def test_a_system_without_the_call_does_not_tell(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace())
    assert machine.clock_is_synchronised() is None

    monkeypatch.setattr(machine.sys, "platform", "darwin")
    assert machine.clock_is_synchronised() is None


def test_this_system_can_be_asked():
    assert machine.clock_is_synchronised() in (True, False, None)


def test_only_a_database_with_a_clock_of_its_own_has_one_that_is_apart(app, db_kind):
    offset = machine.clock_offset()

    if db_kind == "sqlite":
        assert offset is None
    else:
        assert abs(offset) < timedelta(seconds=30)


def test_free_bytes_are_those_of_the_folder(tmp_path):
    assert machine.free_bytes(tmp_path) > 0
    assert machine.free_bytes(tmp_path / "nowhere") is None
    assert machine.free_bytes(None) is None


def test_the_folder_of_the_database_is_where_its_files_are(app, db_kind):
    folder = machine.database_folder()

    if db_kind == "sqlite":
        assert (folder / "test.sqlite3").exists()
    else:
        assert folder is None or isinstance(folder, Path)


def test_the_settings_are_those_in_force(app, db_kind):
    kind, found = machine.database_settings()

    assert kind == db_kind
    wanted = {"sqlite": {"synchronous": "2"}, "postgresql": {"synchronous_commit": "on"}}
    assert wanted[kind].items() <= found.items()


def test_a_setting_that_was_turned_off_is_seen(tmp_path):
    application = create_app(make_settings(f"sqlite:///{tmp_path / 'x.sqlite3'}", tmp_path))

    with application.app_context():
        engine = db.engine
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        _, found = machine.database_settings()
        db.session.remove()
        engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": "0"}


@pytest.mark.parametrize("db_kind", ["postgresql"], indirect=True)
def test_postgresql_that_does_not_flush_is_seen(app, session):
    session.execute(db.text("SET LOCAL synchronous_commit = off"))

    assert machine.database_settings()[1]["synchronous_commit"] == "off"
