"""Pages of imports: upload, dry run, confirmation, progress, and what was made."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.domain.preflight.machine import WORKER
from app.loader.exchange.contract import LARGEST_IMPORT
from app.loader.exchange.yaml_files import text_of
from app.models.audit import AuditEntry
from app.models.questions import Question
from app.models.workshop import ImportRun, QuestionDraft
from app.services import import_work
from app.services.beats import beat
from tests import factories
from tests.factories import log_in

PLAIN = "1. 客户服务的第一步是什么？\nA. 倾听\nB. 推销\nC. 争辩\nD. 沉默\n答案：A\n解析：先听。\n"
RUN = re.compile(r"/questions/import/[0-9a-f-]{36}")


@pytest.fixture
def writer(app, client):
    """Logged in as an instructor, with a syllabus; what wakes the worker is counted."""
    factories.syllabus()
    factories.user("writer1", Role.INSTRUCTOR)
    app.extensions["call_worker"] = woken = Woken()
    client.woken = woken
    return log_in(client, "writer1")


class Woken:
    count = 0

    def __call__(self):
        self.count += 1


def send(client, *questions, data=None, name="题目.yaml", **fields):
    data = text_of(questions).encode() if data is None else data
    form = {"key": str(uuid.uuid4()), "pool": "practice", **fields}
    return client.post("/questions/import", data={**form, "file": (io.BytesIO(data), name)})


def planned(client, *questions, **fields):
    response = send(client, *questions, **fields)
    assert response.status_code == 302, response.text
    return response.location


def confirm(client, address):
    page = client.get(address).text
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    return client.post(f"{address}/confirm", data={"digest": digest})


def test_a_file_is_shown_before_anything_is_made(writer, session):
    address = planned(writer, factories.content("PL14-02"))

    page = writer.get(address)

    assert page.status_code == 200
    assert "题干 PL14-02？" in page.text
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_what_is_confirmed_becomes_drafts_of_the_importer(writer, session):
    address = planned(writer, factories.content("PL14-02"))

    response = confirm(writer, address)

    assert (response.status_code, response.location) == (302, address)
    assert session.get_one(Question, "PL14-02").state == "draft"
    done = writer.get(address).text
    assert "/questions/PL14-02" in done
    assert re.search(r"/questions\?[^\"]*author=", done)


def test_confirming_twice_does_it_once(writer, session):
    address = planned(writer, factories.content("PL14-02"))
    digest = re.search(r'name="digest" value="(\w+)"', writer.get(address).text)[1]

    for _ in range(2):
        writer.post(f"{address}/confirm", data={"digest": digest})

    assert session.get_one(Question, "PL14-02").current_version == 1


def test_the_same_form_sent_twice_is_one_import(writer, session):
    key = str(uuid.uuid4())
    first = planned(writer, factories.content("PL14-02"), key=key)

    assert planned(writer, factories.content("PL14-02"), key=key) == first
    assert planned(writer, factories.content("PL14-03"), key=key) != first
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 2


def test_pasted_text_in_the_usual_layout_is_kept_as_an_unfinished_draft(writer, session):
    form = {"key": str(uuid.uuid4()), "text": PLAIN, "pool": "practice", "point": "PL14"}
    address = writer.post("/questions/import", data=form).location

    confirm(writer, address)

    draft = session.scalars(select(QuestionDraft)).one()
    assert draft.raw["stem"]["zh"].startswith("客户服务的第一步")
    assert f"draft={draft.id}" in writer.get(address).text


def test_reasons_and_what_was_not_understood_stand_beside_the_element(writer):
    data = text_of([factories.content("PL14-02")]).replace("level: remember", "level: hard")

    page = writer.get(planned(writer, data=data.encode())).text

    assert "应为以下之一" in page
    assert "remember, apply, analyse" in page


def test_the_report_is_filtered_by_outcome(writer):
    factories.bank([factories.content("PL14-01")])
    address = planned(writer, factories.content("PL14-01"), factories.content("PL14-02"))

    unchanged = writer.get(f"{address}?outcome=unchanged").text

    assert "PL14-01" in unchanged
    assert "PL14-02" not in unchanged


def test_looking_at_exam_questions_in_a_report_is_on_record(writer, session):
    factories.bank([factories.content("PL14-51", pool="exam")])
    address = planned(writer, factories.content("PL14-51", pool="exam", difficulty=5))

    writer.get(address)

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "questions.listed")
    ).first()
    assert (entry.subject, entry.detail["questions"]) == ("import", ["PL14-51"])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"hello", 400),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 400),
        (b"PK\x03\x04cut off", 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    writer, data, status
):
    response = send(writer, data=data, text="题干", source="一本书")

    assert response.status_code == status
    assert "notice-bad" in response.text
    assert "一本书" in response.text


def test_a_broken_file_says_why(writer):
    page = writer.get(planned(writer, data=b"- id: PL14-01\n  stem: {zh: [\n"))

    assert "notice-bad" in page.text


def test_a_file_of_200_mb_is_refused_with_a_sentence(writer, session):
    response = send(writer, data=b"-" * (LARGEST_IMPORT + 4 * 1024 * 1024))

    assert response.status_code == 413
    assert "50 MB" in response.text
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_without_a_file_and_without_text_nothing_happens(writer):
    response = writer.post("/questions/import", data={"key": str(uuid.uuid4())})

    assert response.status_code == 400


def test_many_questions_are_left_to_the_worker(writer, session, monkeypatch, app):
    monkeypatch.setattr(import_work, "FEW", 1)
    address = planned(writer, factories.content("PL14-02"), factories.content("PL14-03"))

    page = writer.get(address)

    assert writer.woken.count == 1
    assert 'http-equiv="refresh"' in page.text
    told = writer.get(f"{address}/progress").json
    assert told["working"] is True
    instance = app.extensions["settings"].instance
    import_work.dry_run(address.rpartition("/")[2], instance=instance, now=factories.NOW)
    assert writer.get(f"{address}/progress").json["working"] is False
    confirm(writer, address)
    assert writer.woken.count == 2
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_page_says_when_no_worker_runs(writer):
    silent = writer.get("/questions/import").text
    beat(WORKER, now=factories.NOW)

    running = writer.get("/questions/import").text

    assert "notice-warn" in silent
    assert "notice-warn" not in running


def test_an_import_can_be_cancelled(writer, session):
    address = planned(writer, factories.content("PL14-02"))

    writer.post(f"{address}/cancel")

    assert session.scalar(select(ImportRun.state)) == "cancelled"


def test_the_import_of_another_is_not_there(writer, client, app):
    address = planned(writer, factories.content("PL14-02"))
    factories.user("stranger", Role.INSTRUCTOR)
    stranger = log_in(app.test_client(), "stranger")

    answers = [
        stranger.get(address),
        stranger.get(f"{address}/progress"),
        stranger.post(f"{address}/confirm", data={"digest": "x"}),
        stranger.post(f"{address}/cancel"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize(("language", "heading"), [("zh", "题目"), ("en", "Questions")])
def test_the_template_can_be_filled_in_and_sent_back(writer, language, heading):
    response = writer.get(f"/questions/import/template.xlsx?language={language}")

    page = writer.get(planned(writer, data=response.data, name="template.xlsx"))

    assert response.status_code == 200
    assert "Excel" in page.text


def test_what_is_wrong_with_pasted_text_is_told_at_its_field(writer):
    page = writer.post("/questions/import", data={"text": "x" * 1_000_001}).text

    field = re.search(r'<textarea[^>]*id="text"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="text-help text-error"' in field
    assert 'id="text-error"' in page
    assert "text-error" not in writer.get("/questions/import").text
