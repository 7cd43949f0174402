"""What machines ask, and the audit log on its page."""

from __future__ import annotations

import pytest

from app import create_app
from app.domain.permissions import Role
from tests import factories
from tests.conftest import make_settings
from tests.factories import log_in


def test_the_process_lives(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_a_migrated_database_is_ready(client):
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (
        200,
        {"status": "ok"},
    )


def test_a_database_without_tables_is_not_ready(tmp_path):
    fresh = create_app(make_settings(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path))

    response = fresh.test_client().get("/readyz")

    assert (response.status_code, response.json["status"]) == (503, "not migrated")


def test_a_database_that_is_away_is_not_ready(tmp_path):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    fresh = create_app(make_settings(url, tmp_path))

    response = fresh.test_client().get("/readyz")

    assert (response.status_code, response.json["status"]) == (503, "no database")


@pytest.fixture
def auditor(client):
    factories.user("auditor", Role.AUDITOR, name="审计员")
    factories.user("trainee_1")
    return log_in(client, "auditor")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("action=account.created", 2),
        ("action=nothing", 0),
        ("search=user:", 2),
        ("search=%25", 0),
        ("page=77", 2),
    ],
)
def test_the_audit_log_is_filtered(auditor, query, found):
    assert auditor.get(f"/audit?{query}").text.count('<tr><th scope="row">') == found


def test_nobody_writes_into_the_audit_log(auditor):
    assert auditor.post("/audit").status_code == 405
