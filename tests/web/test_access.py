"""Every endpoint says what it asks for, and every role gets exactly that."""

from __future__ import annotations

import pytest

from app import create_app
from app.domain.permissions import ROLE_PERMISSIONS, Permission, Role
from app.services.accounts import set_roles
from app.services.trail import SYSTEM
from tests import factories
from tests.conftest import make_settings
from tests.factories import log_in

VALUES = {
    "act": "message",
    "accommodation_id": 999_999,
    "attempt_id": 999_999,
    "appeal_id": 999_999,
    "change_id": 999_999,
    "exam_id": 999_999,
    "release_id": 999_999,
    "rescore_id": 999_999,
    "review_id": 999_999,
    "scheme_version_id": 999_999,
    "version_id": 999_999,
    "comment_id": 999_999,
    "filter_id": 999_999,
    "incident_id": 999_999,
    "registration_id": 999_999,
    "sitting_id": 999_999,
    "user_id": 999_999,
    "session_id": 999_999,
    "answer_id": 999_999,
    "plan_number": 999_999,
    "batch_id": 999_999,
    "paper_number": 999_999,
    "paper_id": 999_999,
    "lesson_id": "nowhere",
    "question_id": "XX99-99",
    "scope": "nowhere",
    "name": "nothing",
    "number": "QJ-2026-U1-000001-0",
    "script": "AAAA-AAAA",
    "run_id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    "export_id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
}


def endpoints(app):
    """(rule, method, address, permission) of everything that is not a static file."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.endswith("static"):
                continue
            address = app.url_for(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
            view = app.view_functions[rule.endpoint]
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method, address, getattr(view, "permission", "undeclared")


def test_every_endpoint_declares_what_it_asks_for(app):
    found = {rule.endpoint: permission for rule, _, _, permission in endpoints(app)}

    assert len(found) > 30
    assert all(p is None or isinstance(p, Permission) for p in found.values()), found


def test_only_these_endpoints_are_public(app):
    found = {rule.endpoint for rule, _, _, permission in endpoints(app) if permission is None}

    assert found == {
        "accounts.language",
        "accounts.sign_in",
        "accounts.sign_out",
        "certificates.ask",
        "certificates.keys",
        "certificates.verify",
        "home.index",
        "sittings.enter",
        "system.favicon",
        "system.healthz",
        "system.offline_worker",
        "system.readyz",
    }


def test_a_view_that_declares_nothing_is_refused(tmp_path):
    fresh = create_app(make_settings(f"sqlite:///{tmp_path / 'x.sqlite3'}", tmp_path))
    fresh.add_url_rule("/forgotten", view_func=lambda: "secret")

    response = fresh.test_client().get("/forgotten")

    assert response.status_code == 403
    assert "secret" not in response.text


@pytest.mark.parametrize("role", list(Role))
def test_the_role_table_decides(client, app, role):
    factories.user("person", role)
    log_in(client, "person")
    wrong = []
    for rule, method, address, permission in endpoints(app):
        if permission is None or rule.endpoint == "accounts.password":
            continue
        response = client.open(address, method=method, headers={"Accept": "text/html"})
        refused = response.status_code == 403
        if refused == (permission in ROLE_PERMISSIONS[role]) or response.status_code == 401:
            wrong.append((rule.endpoint, method, response.status_code))
        assert "/login" not in (response.location or "")

    assert wrong == []


def test_whoever_is_not_logged_in_is_asked_to(client, app):
    for rule, method, address, permission in endpoints(app):
        if permission is None:
            continue

        response = client.open(address, method=method)

        assert (response.status_code, response.location.partition("?")[0]) == (302, "/login"), rule


def test_a_program_that_is_not_logged_in_is_told_in_json(client, app):
    for rule, method, address, permission in endpoints(app):
        if permission is None:
            continue

        response = client.open(address, method=method, headers={"Accept": "application/json"})

        assert (response.status_code, response.json["code"]) == (401, "signed-out"), rule


def test_several_roles_add_up(client):
    factories.user("both", Role.TRAINEE, Role.HR)
    log_in(client, "both")

    assert client.get("/exams").status_code == 200
    assert client.get("/results").status_code == 200
    assert client.get("/audit").status_code == 403


def test_no_role_both_administers_and_audits():
    both = {Permission.MANAGE_ACCOUNTS, Permission.SEE_AUDIT}

    assert not [role for role, may in ROLE_PERMISSIONS.items() if both <= may]


def test_a_role_that_was_taken_away_is_gone_at_once(client):
    user_id = factories.user("person", Role.HR)
    log_in(client, "person")
    assert client.get("/results").status_code == 200

    set_roles(user_id, roles=[Role.TRAINEE], actor=SYSTEM, now=factories.NOW)

    assert client.get("/results").status_code == 403
