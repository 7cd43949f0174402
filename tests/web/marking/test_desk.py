"""The marker's desk: blind, with its evidence, kept as one goes, with and without scripts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.marking import Marking
from app.models.sittings import Registration
from tests import factories
from tests.factories import log_in
from tests.services import marking_scenes as desk
from tests.services.marking_scenes import CASE, SHORT

JSON = {"Accept": "application/json"}


@pytest.fixture
def room(app, client):
    """(client logged in as marker, exam, attempt ids): one answer to each question."""
    row, attempts = desk.in_marking(app)
    desk.marker("anna")
    return log_in(client, "anna"), row, attempts


def open_desk(client, row, position=SHORT):
    """The address of the answer that comes next."""
    version = desk.version_of(row, position)
    response = client.post(f"/marking/{row.id}/{version}/next")
    assert response.status_code == 302
    return response.location


def body(response):
    """A page without the tokens that differ at every request."""
    return re.sub(r'(name="csrf_token" value|data-csrf)="[^"]*"', "", response.text)


def test_the_list_tells_what_there_is_to_mark(room):
    client, _, _ = room

    page = client.get("/marking").text

    assert "PL14-51" in page and "PL14-81" in page
    assert page.count('<form method="post" action="/marking/') == 2


def test_the_desk_shows_question_key_and_answer_and_no_name(room, session):
    client, row, (attempt_id,) = room
    admission = session.scalar(select(Registration.admission_number))

    page = client.get(open_desk(client, row)).text

    assert "范文机密" in page and "题干 PL14-51" in page
    secrets = ["考生机密", "candidate", admission, f"attempts/{attempt_id}"]
    assert [secret for secret in secrets if secret in page] == []


def test_places_of_key_points_are_marked_and_negations_told(room):
    client, row, _ = room

    page = client.get(open_desk(client, row)).text

    assert re.search(r'<mark class="found found-exact">沟通<sup>1', page)
    assert re.search(r'<mark class="found found-negated">培训<sup>2', page)


def test_the_second_marker_s_page_is_the_same_whatever_the_first_has_given(app, room, client):
    _, row, _ = room
    first = desk.marker()
    number = desk.take(row, SHORT, first)
    address = open_desk(client, row)
    assert address.endswith(number)
    before = body(client.get(address))

    desk.give(app, number, desk.own(37), first)

    assert body(client.get(address)) == before


def test_what_the_desk_sends_as_json_has_no_name_and_no_other_mark(app, room):
    client, row, _ = room
    other = desk.marker()
    desk.mark(app, row, SHORT, desk.own(37), other)
    address = open_desk(client, row)

    answer = client.post(f"{address}/draft", data={"seq": "1", "ticked.0": "yes"}, headers=JSON)

    assert set(answer.json) == {"ok", "is_stored", "saved_at", "points"}
    assert (answer.json["points"], answer.json["is_stored"]) == ("10", True)


def test_a_draft_comes_back_with_the_page(room):
    client, row, _ = room
    address = open_desk(client, row)
    client.post(
        f"{address}/draft",
        data={"seq": "3", "ticked.1": "yes", "comment": "缺考核"},
        headers=JSON,
    )

    page = client.get(address).text

    assert re.search(r'name="ticked.1" value="yes" data-digit="2" checked', page)
    assert "缺考核" in page
    assert 'name="seq" value="3"' in page


def test_a_mark_leads_on_to_the_next_answer_or_back_to_the_list(room, session):
    client, row, _ = room
    address = open_desk(client, row, CASE)

    response = client.post(address, data={"level.1.1": "0", "level.2.1": "1", "then": "next"})

    assert (response.status_code, response.location) == (302, "/marking")
    assert session.scalar(select(Marking.points).where(Marking.state == "done")) == 45


def test_a_script_is_told_where_to_go_on(room):
    client, row, _ = room
    address = open_desk(client, row, CASE)

    answer = client.post(address, data={"level.1.1": "0", "level.2.1": "0"}, headers=JSON)

    assert answer.json == {"ok": True, "location": "/marking"}


def test_a_mark_that_lacks_something_is_refused_with_what_was_chosen(room):
    client, row, _ = room
    address = open_desk(client, row, CASE)

    response = client.post(address, data={"level.1.1": "1"})

    assert response.status_code == 400
    assert re.search(r'name="level.1.1" value="1" data-digit="2" checked', response.text)
    assert 'role="alert"' in response.text
    refused = client.post(address, data={"level.1.1": "1"}, headers=JSON)
    assert refused.json["code"] == "mark-incomplete"


def test_an_answer_of_somebody_else_is_not_found(room):
    client, row, _ = room
    number = desk.take(row, SHORT, desk.marker())

    for method, path in (("GET", ""), ("POST", ""), ("POST", "/draft"), ("POST", "/hand-back")):
        assert client.open(f"/marking/scripts/{number}{path}", method=method).status_code == 404


def test_an_answer_is_handed_back_with_a_reason(room, session):
    client, row, _ = room
    address = open_desk(client, row)

    assert client.post(f"{address}/hand-back", data={"reason": " "}).status_code == 400
    client.post(f"{address}/hand-back", data={"reason": "我认识这名考生"})

    assert client.get(address).status_code == 404
    assert "handed_back" in session.scalars(select(Marking.state)).all()


def test_sentences_are_shared_by_markers_of_a_question(room, client):
    _, row, _ = room
    address = open_desk(client, row)
    client.post(f"{address}/comments", data={"text": "缺第二点"})
    desk.marker("bert")
    log_in(client, "bert")

    page = client.get(open_desk(client, row)).text

    assert "缺第二点" in page
    assert "/retire" not in page


def test_looking_at_an_exam_question_is_on_record(room, session):
    client, row, _ = room
    client.get(open_desk(client, row))

    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == "marking desk")).one()
    assert entry.detail == {"questions": ["PL14-51"]}


def test_nobody_but_markers_marks(app, client):
    row, _ = desk.in_marking(app)
    factories.user("hr", Role.HR)
    log_in(client, "hr")

    assert client.get("/marking").status_code == 403
    assert client.post(f"/marking/{row.id}/1/next").status_code == 403


def test_a_question_that_is_done_is_offered_no_more(room):
    client, row, _ = room
    client.post(open_desk(client, row), data={"own": "12.5"})

    page = client.get("/marking").text
    everything = client.get("/marking?show=all").text

    assert "PL14-51" not in page
    assert "PL14-51" in everything
