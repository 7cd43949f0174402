"""Pages of exports: what leaves the bank, for whom, on record, and marked."""

from __future__ import annotations

import io
import uuid
import zipfile

import pytest
from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.loader.exchange.formats import READABLE, WRITABLE
from app.loader.exchange.yaml_files import text_of
from app.models.accounts import User
from app.models.audit import AuditEntry
from app.queries.export_questions import all_exports
from app.services import question_exports
from app.services.question_exports import KEPT, Order
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import scenes


@pytest.fixture
def bank(app, client):
    """Two practice questions and one exam question; logged in as the keeper of the bank."""
    factories.syllabus()
    factories.bank(
        [
            factories.content("PL14-01"),
            factories.content("PL14-02"),
            factories.content("PL14-51", pool="exam"),
        ]
    )
    factories.user("keeper", Role.BANK_KEEPER, name="题库管理员")
    return log_in(client, "keeper")


def order(client, query="", **fields):
    form = {"key": str(uuid.uuid4()), "format": "yaml", **fields}
    return client.post(f"/questions/export{query}", data=form)


def exported(client, query="", **fields):
    response = order(client, query, **fields)
    assert response.status_code == 302, response.text
    return response.location


def entries(session, action):
    return session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def test_what_the_filter_finds_is_exported_byte_for_byte(bank):
    address = exported(bank, "?pool=practice")

    data = bank.get(f"{address}/file").data

    questions = [factories.content("PL14-01"), factories.content("PL14-02")]
    assert data == text_of(questions).encode()


def test_exam_questions_stay_out_unless_they_are_asked_for(bank):
    address = exported(bank)

    assert b"PL14-51" not in bank.get(f"{address}/file").data
    assert "未导出的考试题：1 题。" in bank.get(address).text


def test_exam_questions_need_a_reason(bank):
    response = order(bank, with_exam="1", reason=" ")

    assert response.status_code == 400
    assert "notice-bad" in response.text


def test_exam_questions_leave_on_record_and_marked(bank, session):
    address = exported(bank, "?pool=exam", with_exam="1", reason="for the printer")

    data = bank.get(f"{address}/file").data.decode()

    assert "PL14-51" in data
    assert "题库管理员" in data.splitlines()[0]
    assert address.rpartition("/")[2] in data.splitlines()[0]
    (made,) = entries(session, "questions.exported")
    assert (made.detail["count"], made.detail["exam"]) == (1, 1)
    assert made.detail["filter"] == {"pool": "exam"}
    assert made.detail["reason"] == "for the printer"
    (fetched,) = entries(session, "questions.export_fetched")
    assert fetched.subject == made.subject


def test_instructors_export_practice_questions_alone(bank, app):
    factories.user("teacher", Role.INSTRUCTOR)
    teacher = log_in(app.test_client(), "teacher")

    assert order(teacher, with_exam="1", reason="why not").status_code == 403
    address = exported(teacher)
    assert b"PL14-51" not in teacher.get(f"{address}/file").data


def test_the_export_of_another_is_not_there(bank, app):
    address = exported(bank)
    factories.user("other", Role.BANK_KEEPER)
    other = log_in(app.test_client(), "other")

    assert other.get(address).status_code == 404
    assert other.get(f"{address}/file").status_code == 404


def test_losses_are_listed_before_the_download(bank):
    factories.bank(scenes.every_type(31, pool="practice"))

    page = bank.get(exported(bank, format="gift")).text

    assert "PL14-3" in page


def test_an_unknown_format_is_refused(bank):
    assert order(bank, format="docx").status_code == 400


def test_the_same_order_sent_twice_is_one_export(bank, app, session):
    key = str(uuid.uuid4())
    first = exported(bank, key=key)

    assert exported(bank, key=key) == first
    assert len(entries(session, "questions.exported")) == 1


def test_the_same_form_with_other_choices_is_another_export(bank):
    key = str(uuid.uuid4())
    first = exported(bank, key=key)

    second = exported(bank, "?pool=exam", key=key, with_exam="1", reason="printer")

    assert second != first
    assert b"PL14-51" in bank.get(f"{second}/file").data


def test_exports_are_removed_after_a_day(bank, app):
    exported(bank)
    instance = app.extensions["settings"].instance

    question_exports.forget(instance=instance, now=factories.NOW + KEPT * 2)

    assert all_exports(instance) == []


@pytest.mark.parametrize("code", sorted(WRITABLE))
def test_every_format_is_marked_and_reads_back_as_without_the_mark(bank, code):
    address = exported(bank, "?pool=exam", with_exam="1", reason="a reason", format=code)

    data = bank.get(f"{address}/file").data

    assert address.rpartition("/")[2].encode() in everything_in(data)
    read = READABLE["qti" if code.startswith("qti") else code].read
    plain = WRITABLE[code].write([factories.content("PL14-51", pool="exam")], {})
    assert read(data).drafts[0].raw == read(plain.data).drafts[0].raw
    assert read(data).notes == read(plain.data).notes


def everything_in(data):
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_page_that_waits_is_reloaded_by_itself_only_without_scripts(bank, app):
    export_id = str(uuid.uuid4())
    question_exports.start(
        export_id,
        Order(BankFilter(), "yaml"),
        actor=Actor(db.session.scalar(select(User.id).where(User.username == "keeper"))),
        now=factories.NOW,
        instance=app.extensions["settings"].instance,
    )

    page = bank.get(f"/questions/export/{export_id}").text

    assert "data-waiting" in page
    assert page.count('http-equiv="refresh"') == 1
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "js/exchange/waiting.js" in page
