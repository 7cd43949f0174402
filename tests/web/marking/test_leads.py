"""Pages of lead markers."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from app.domain.permissions import Role
from app.models.marking import Marking, Script
from app.models.schemes import Exam
from app.services import marking_leads
from app.services.trail import Actor
from tests.factories import NOW, log_in
from tests.services import marking_scenes as desk
from tests.services.marking_scenes import CASE, SHORT


@pytest.fixture
def lead(app, client):
    """(client logged in as a lead, exam, attempt ids)."""
    row, attempts = desk.in_marking(app, count=2, marking={"checks": 0, "back_reading": 1})
    desk.marker("boss", Role.LEAD_MARKER)
    return log_in(client, "boss"), row, attempts


def disputed(app, row):
    for points in (0, 40, 20):
        number = desk.mark(app, row, SHORT, desk.own(points), desk.marker())
    return number


def settled(app, row):
    for person in (desk.marker(), desk.marker()):
        number = desk.mark(app, row, SHORT, desk.own(20), person)
    return number


def rows(response):
    return re.findall(r'<th scope="row">(?:<a[^>]*>)?([0-9A-Z]{4}-[0-9A-Z]{4})', response.text)


def test_the_table_tells_progress_time_and_agreement(app, lead):
    client, row, _ = lead
    settled(app, row)

    page = client.get("/marking/table").text

    assert "PL14-51" in page
    assert re.search(r'data-live="settled">1<', page)
    assert "0:00" in page or "0:30" in page


def test_the_open_table_is_refreshed_by_its_figures(app, lead):
    client, row, _ = lead
    disputed(app, row)

    found = client.get(f"/marking/table/figures?exam={row.id}").json

    assert (found["scripts"], found["settled"], found["disputes"]) == (4, 0, 1)
    assert "<table" in found["html"] and "<html" not in found["html"]


def test_an_exam_that_nobody_marks_has_an_empty_table(client, app):
    desk.marker("boss", Role.LEAD_MARKER)
    log_in(client, "boss")

    assert client.get("/marking/table").status_code == 200
    assert client.get("/marking/table?exam=999").status_code == 200
    assert client.get("/marking/reading").status_code == 200


def test_a_dispute_is_listed_and_decided(app, lead, session):
    client, row, _ = lead
    number = disputed(app, row)
    assert rows(client.get("/marking/disputes")) == [number]

    address = f"/marking/scripts/{number}/marks"
    assert "考生机密" not in client.get(address).text
    refused = client.post(address, data={"own": "22", "reason": ""})
    client.post(address, data={"own": "22", "reason": "两人都漏看一点"})

    assert refused.status_code == 400
    assert desk.script(number).points == 22
    assert rows(client.get("/marking/disputes")) == []
    assert rows(client.get("/marking/disputes?state=done")) == [number]


def test_the_sample_is_read_again(app, lead):
    client, row, _ = lead
    number = settled(app, row)
    assert rows(client.get("/marking/reading")) == [number]

    client.post(f"/marking/scripts/{number}/agree")

    assert rows(client.get("/marking/reading")) == []
    assert rows(client.get("/marking/reading?state=done")) == [number]


def test_answers_outside_the_sample_are_not_read_again(app, lead, session):
    client, row, _ = lead
    settled(app, row)
    session.execute(update(Exam).values(marking={"back_reading": 0.1}))
    session.execute(update(Script).values(shuffle=5999))
    session.commit()

    assert rows(client.get("/marking/reading")) == []


def test_markings_are_filtered_and_handed_out(app, lead, session):
    client, row, _ = lead
    a = desk.marker()
    desk.take(row, CASE, a)
    assert len(rows(client.get("/marking/work"))) == 8
    assert len(rows(client.get("/marking/work?question=PL14-81&state=taken"))) == 1
    assert len(rows(client.get(f"/marking/work?marker={a}"))) == 1

    client.post(
        "/marking/work",
        data={"scope": "all", "question": "PL14-51", "person": str(a), "reason": "均分"},
    )

    assert len(rows(client.get(f"/marking/work?marker={a}&question=PL14-51"))) == 2
    kept = session.scalars(select(Marking.marker_id).where(Marking.state == "open")).all()
    assert kept.count(a) == 2  # never both of one answer


def test_what_cannot_be_handed_out_is_said(lead):
    client, _, _ = lead

    response = client.post("/marking/work", data={"scope": "all", "reason": "x"})

    assert response.status_code == 400
    assert 'role="alert"' in response.text


def test_a_check_script_is_written_and_another_lead_approves_it(app, lead, session):
    client, row, _ = lead
    version = desk.version_of(row, SHORT)
    form = f"/marking/checks/new?exam={row.id}&version={version}"
    assert "题干 PL14-51" in client.get(form).text
    data = {"exam": row.id, "version": version, "answer": "要沟通", "reason": "只有一点"}
    assert client.post("/marking/checks/new", data={**data, "points": "99"}).status_code == 400

    client.post("/marking/checks/new", data={**data, "points": "10"})

    (number,) = rows(client.get("/marking/checks?state=waiting"))
    assert client.post(f"/marking/checks/{number}/approve").status_code == 403
    desk.marker("boss2", Role.LEAD_MARKER)
    log_in(client, "boss2")
    client.post(f"/marking/checks/{number}/approve")
    assert rows(client.get("/marking/checks?state=in_use")) == [number]
    client.post(f"/marking/checks/{number}/retire")
    assert rows(client.get("/marking/checks?state=retired")) == [number]


def test_a_settled_answer_becomes_a_check_script_without_its_candidate(app, lead):
    client, row, _ = lead
    number = settled(app, row)

    page = client.get(f"/marking/checks/new?script={number}").text

    assert "先加强沟通" in page
    assert "考生机密" not in page


def test_a_marker_sees_no_page_of_the_lead(app, client):
    row, _ = desk.in_marking(app)
    number = desk.mark(app, row, SHORT, desk.own(5), desk.marker("anna"))
    log_in(client, "anna")

    pages = ["table", "table/figures", "disputes", "reading", "work", "checks"]
    assert {client.get(f"/marking/{page}").status_code for page in pages} == {403}
    assert client.get(f"/marking/scripts/{number}/marks").status_code == 403


def test_every_list_runs_as_many_statements_with_many_rows_as_with_one(app, client, statements):
    row, sitting_id = desk.exam(marking={"checks": 0, "back_reading": 1})
    boss = desk.marker("boss", Role.LEAD_MARKER)
    log_in(client, "boss")
    pages = [
        "/marking?show=all",
        "/marking/table",
        "/marking/disputes",
        "/marking/reading",
        "/marking/work?state=",
        "/marking/checks",
    ]

    def grow(count):
        for _ in range(count):
            desk.handed_in(app, sitting_id)
            disputed(app, row)
            for person in (desk.marker(), desk.marker()):
                desk.mark(app, row, CASE, desk.levels(0, 0), person)

    def counted():
        found = {}
        for page in pages:
            client.get(page)
            statements.clear()
            assert client.get(page).status_code == 200
            found[page] = len(statements)
        return found

    grow(1)
    with_one = counted()
    grow(5)

    assert counted() == with_one
    assert max(with_one.values()) <= 14, with_one
    assert boss


def test_a_lead_does_not_decide_what_is_decided_by_reading_alone(app, lead):
    client, row, _ = lead
    number = settled(app, row)
    marking_leads.agree(number, actor=Actor(desk.marker(role=Role.LEAD_MARKER)), now=NOW)

    assert client.post(f"/marking/scripts/{number}/agree").status_code == 409
