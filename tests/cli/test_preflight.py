"""flask exams preflight: the same list, and an exit code for a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.domain.preflight.machine import WORKER
from app.models.audit import AuditEntry
from app.models.sittings import SittingProctor
from app.queries import machine
from app.services.beats import beat
from tests import factories


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["exams", "preflight", *args])


@pytest.fixture
def sitting_id(app, session, monkeypatch):
    """A sitting for which everything is ready, by the real clock: a command reads it."""
    for name, value in (("clock_is_synchronised", True), ("free_bytes", 10**12)):
        monkeypatch.setattr(machine, name, lambda *_, value=value: value)
    now = datetime.now(UTC)
    factories.syllabus()
    factories.bank(factories.exam_pool())
    found = factories.sitting(factories.exam(), opens_at=now + timedelta(hours=1))
    factories.registration(found, factories.user(email="trainee1@example.org"))
    proctor_id = factories.user("proctor", Role.PROCTOR)
    session.add(SittingProctor(sitting_id=found, user_id=proctor_id))
    session.commit()
    beat(WORKER, now=now)
    return found


def test_a_go_ends_well(run, sitting_id):
    result = run(str(sitting_id))

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert len([line for line in lines if line.endswith(" ms")]) == 6
    assert len(lines) > 15


def test_a_no_go_ends_with_code_1(run, sitting_id):
    beat(WORKER, now=datetime.now(UTC) - timedelta(minutes=4))

    assert run(str(sitting_id)).exit_code == 1


def test_a_warning_is_no_failure(run, sitting_id, monkeypatch):
    monkeypatch.setattr(machine, "clock_is_synchronised", lambda: None)

    assert run(str(sitting_id)).exit_code == 0


def test_a_sitting_that_is_not_there_is_told_in_a_sentence(run, app):
    result = run("999999")

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_the_run_is_on_record(run, sitting_id, session):
    run(str(sitting_id))

    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_id) == ("sitting.preflight", None)
