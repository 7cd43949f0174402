"""The pre-flight page: who may run it, and what it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.domain.preflight.machine import WORKER
from app.models.accounts import User
from app.models.audit import AuditEntry
from app.models.sittings import Sitting, SittingProctor
from app.queries import machine
from app.queries.accounts import user_id_of
from app.services.beats import beat
from tests import factories
from tests.factories import log_in

NOW = factories.NOW


@pytest.fixture
def sitting_id(app, monkeypatch):
    """A sitting for which everything is ready."""
    for name, value in (("clock_is_synchronised", True), ("free_bytes", 10**12)):
        monkeypatch.setattr(machine, name, lambda *_, value=value: value)
    monkeypatch.setattr(machine, "clock_offset", lambda: None)
    factories.syllabus()
    factories.bank(factories.exam_pool())
    found = factories.sitting(factories.exam(), opens_at=NOW + timedelta(hours=1))
    factories.registration(found, factories.user(email="trainee1@example.org"))
    beat(WORKER, now=NOW)
    return found


@pytest.fixture
def hr(client, sitting_id, session):
    factories.user("hr", Role.HR, language="en")
    proctor_id = factories.user("proctor", Role.PROCTOR, language="en")
    session.add(SittingProctor(sitting_id=sitting_id, user_id=proctor_id))
    session.commit()
    return log_in(client, "hr")


def runs(session):
    session.expire_all()
    return session.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.preflight")).all()


def test_a_run_shows_the_verdict_the_list_and_its_time(hr, sitting_id):
    page = hr.post(f"/sittings/{sitting_id}/preflight")

    assert page.status_code == 200
    assert "Go: the exam can be held." in page.text
    assert "Run at 2026-11-02 12:00" in page.text
    for told in (
        "The sitting opens on 2026-11-02 13:00",
        "The worker is alive",
        "100 of 100 points for the right answers",
        "People with a place: 1",
    ):
        assert told in page.text
    assert "Run again" in page.text


def test_a_no_go_is_shown_with_what_speaks_against_it(hr, sitting_id, session):
    session.get_one(Sitting, sitting_id).networks = ["exam room"]
    session.commit()

    page = hr.post(f"/sittings/{sitting_id}/preflight").text

    assert "No-go: put this right before the exam." in page
    assert "This is no network address, and nobody could enter: exam room" in page
    assert "stopped at the step “Take a place, agree and be admitted”" in page


def test_every_run_is_on_record_and_in_the_list_of_runs(hr, sitting_id, session):
    assert "Not run yet" in hr.get(f"/sittings/{sitting_id}/preflight").text

    hr.post(f"/sittings/{sitting_id}/preflight")

    (entry,) = runs(session)
    assert (entry.actor_id, entry.subject) == (user_id_of("hr"), f"sitting:{sitting_id}")
    assert "The last runs" in hr.get(f"/sittings/{sitting_id}/preflight").text


def test_looking_runs_nothing_and_keeps_no_list(hr, sitting_id, session):
    hr.post(f"/sittings/{sitting_id}/preflight")

    page = hr.get(f"/sittings/{sitting_id}/preflight")

    assert "The worker is alive" not in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert len(runs(session)) == 1


def test_a_later_run_sees_what_has_changed(hr, sitting_id, clock):
    assert "The worker is alive" in hr.post(f"/sittings/{sitting_id}/preflight").text
    clock.forward(minutes=4)

    assert "The worker is silent" in hr.post(f"/sittings/{sitting_id}/preflight").text


def test_the_synthetic_candidate_is_on_no_list(hr, sitting_id, session):
    before = session.scalar(select(func.count()).select_from(User))

    hr.post(f"/sittings/{sitting_id}/preflight")

    assert session.scalar(select(func.count()).select_from(User)) == before


def test_the_list_speaks_chinese_to_whoever_reads_chinese(hr, app, sitting_id):
    factories.user("hr2", Role.HR, language="zh")
    reader = log_in(app.test_client(), "hr2")

    page = reader.post(f"/sittings/{sitting_id}/preflight").text

    assert "The worker is alive" not in page
    assert "People with a place" not in page


def test_the_page_tells_no_question_and_no_key(hr, sitting_id):
    page = hr.post(f"/sittings/{sitting_id}/preflight").text

    assert "机密" not in page
    assert "题干" not in page


# -- who may


def test_a_proctor_of_the_sitting_runs_it_and_another_one_does_not_find_it(hr, app, sitting_id):
    factories.user("stranger", Role.PROCTOR)
    path = f"/sittings/{sitting_id}/preflight"

    named, stranger = (log_in(app.test_client(), name) for name in ("proctor", "stranger"))

    assert named.post(path).status_code == 200
    assert (stranger.get(path).status_code, stranger.post(path).status_code) == (404, 404)


def test_a_sitting_that_names_nobody_is_run_by_every_proctor(client, app, sitting_id):
    factories.user("anybody", Role.PROCTOR)

    assert log_in(client, "anybody").post(f"/sittings/{sitting_id}/preflight").status_code == 200


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.INSTRUCTOR, Role.MARKER, Role.AUDITOR])
def test_nobody_else_may(client, session, sitting_id, role):
    factories.user("person", role)
    log_in(client, "person")
    path = f"/sittings/{sitting_id}/preflight"

    assert (client.get(path).status_code, client.post(path).status_code) == (403, 403)
    assert runs(session) == []


def test_a_sitting_that_is_not_there_is_not_there(hr):
    assert hr.post("/sittings/999999/preflight").status_code == 404
