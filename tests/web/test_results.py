"""HR's results as a page and as an Excel file."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.sittings import Sitting
from app.services import starting
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import scenes

NAMES = ['=HYPERLINK("http://evil.example","x")', "+1+1", "@SUM(A1)", "-2", "欧阳𬭎😀"]


@pytest.fixture
def hr(app, client, session):
    """HR, and five people who passed; their user names look like numbers."""
    factories.user("hr", Role.HR, language="en")
    scenes.passed(app, "000001", name=NAMES[0])
    sitting_id = session.scalar(select(Sitting.id))
    for number, name in enumerate(NAMES[1:], start=2):
        user_id = factories.user(f"{number:06d}", name=name)
        place = factories.registration(sitting_id, user_id)
        attempt_id = starting.start(
            place, user_id=user_id, seed=1, actor=Actor(), now=factories.NOW
        )
        scenes.finish(app, attempt_id, user_id, right=number != 5)
    return log_in(client, "hr")


def rows(response):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0)
    head, *body = sheet.to_python()
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_file_has_the_rows_of_the_list(hr):
    found = rows(hr.get("/results.xlsx"))

    assert sorted(row["User name"] for row in found) == [f"{n:06d}" for n in range(1, 6)]
    assert {row["Score"] for row in found} == {100.0, 0.0}
    assert {row["Certification"] for row in found} == {"Unit certificate"}


def test_numbers_that_are_names_stay_text(hr):
    for row in rows(hr.get("/results.xlsx")):
        assert isinstance(row["User name"], str)
        assert isinstance(row["Admission number"], str)
        assert row["Admission number"].startswith("2026")


def test_names_that_look_like_formulas_are_harmless(hr):
    names = {row["Name"] for row in rows(hr.get("/results.xlsx"))}

    assert names == {f"'{name}" for name in NAMES[:4]} | {NAMES[4]}


def test_the_file_follows_the_filters_of_the_list(hr):
    assert len(rows(hr.get("/results.xlsx?passed=no"))) == 1
    assert rows(hr.get("/results.xlsx?search=nobody")) == []


def test_an_export_is_on_record_with_its_filters_and_its_size(hr, session):
    hr.get("/results.xlsx?passed=yes")

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "results.exported"))

    assert (entry.detail["rows"], entry.detail["filters"]["passed"]) == (4, "yes")
    assert entry.actor_id is not None


def test_the_file_is_named_and_typed_as_what_it_is(hr):
    headers = hr.get("/results.xlsx").headers

    assert headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert headers["Content-Disposition"] == 'attachment; filename="results-20261102-0400.xlsx"'


def test_the_page_shows_names_as_text(hr):
    text = hr.get("/results").text

    assert "欧阳𬭎😀" in text
    assert "=HYPERLINK(&#34;" in text


def test_filters_are_carried_into_the_link_of_the_file(hr):
    assert 'href="/results.xlsx?passed=yes"' in hr.get("/results?passed=yes").text


def test_a_sign_of_a_search_pattern_is_searched_for_as_itself(hr):
    assert hr.get("/results?search=%25").text.count('<tr><th scope="row">') == 0
    assert hr.get("/results?search=00000_").text.count('<tr><th scope="row">') == 0
    assert hr.get("/results?search=00000").text.count('<tr><th scope="row">') == 5
