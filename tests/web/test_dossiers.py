"""Pages of dossiers: the list, the export with its reason, the check, receipts."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from datetime import timedelta

import pytest
from flask import g
from flask_babel import force_locale
from sqlalchemy import select, update

from app.domain.dossiers import form
from app.domain.permissions import Role
from app.domain.text import Language
from app.models.attempts import Attempt, Save
from app.models.audit import AuditEntry
from app.models.questions import QuestionVersion
from app.models.sittings import Registration, Sitting
from app.services import attempts, dossiers, starting
from app.services.trail import Actor
from app.web.dossiers.document import dossier_pdf
from app.web.dossiers.receipt_list import _harmless
from app.web.dossiers.report import report
from app.web.dossiers.speech import speech
from tests import factories
from tests.factories import log_in
from tests.services import scenes

NOW = factories.NOW


@pytest.fixture(autouse=True)
def _own_receipts(app, monkeypatch):
    """Receipts of the scenes are made with the installation's key."""
    monkeypatch.setattr(scenes, "KEY", bytes.fromhex(app.extensions["settings"].receipt_key))


@pytest.fixture
def passed(app, session):
    """Somebody has passed an exam with every type of question; the attempt's id."""
    factories.syllabus()
    factories.bank(scenes.every_type())
    attempt_id, _ = scenes.passed(app, plan=scenes.plan_of_every_type())
    return attempt_id


@pytest.fixture
def auditor(client, session):
    factories.user("auditor", Role.AUDITOR, name="审计员", language="en")
    return log_in(client, "auditor")


def export(client, attempt_id, kind="json", reason="appeal 17"):
    return client.post(f"/dossiers/{attempt_id}", data={"reason": reason, "kind": kind})


def upload(client, content, name="dossier.json"):
    return client.post("/dossiers/verify", data={"file": (io.BytesIO(content), name)})


def main_of(response):
    return response.text.partition("<main")[2].partition("</main>")[0]


# The list


def test_an_auditor_finds_the_dossiers_in_the_navigation(auditor):
    assert 'href="/dossiers"' in auditor.get("/audit").text


def test_the_list_has_every_attempt_and_leads_to_its_dossier(passed, auditor, session):
    text = main_of(auditor.get("/dossiers"))

    assert session.scalar(select(Registration.admission_number)) in text
    assert f'href="/dossiers/{passed}"' in text
    assert "Result released" in text


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("search=trainee1", True),
        ("search=nobody", False),
        ("state=released", True),
        ("state=paused", False),
        ("since=2026-11-02&until=2026-11-02", True),
        ("since=2026-11-03", False),
        ("until=2026-11-01", False),
        ("until=9999-12-31", True),
        ("page=99&sort=name", True),
    ],
)
def test_the_list_is_filtered_by_its_address(passed, auditor, query, there):
    response = auditor.get(f"/dossiers?{query}")

    assert response.status_code == 200
    assert (f'href="/dossiers/{passed}"' in response.text) is there


def test_a_day_that_is_none_is_refused_in_a_sentence(passed, auditor):
    response = auditor.get("/dossiers?since=tomorrow&search=trainee")

    assert response.status_code == 400
    assert "A day must look like 2026-11-02." in response.text
    assert 'value="trainee"' in response.text


def test_a_day_is_the_organisation_s(app, passed, auditor, session):
    # 17:30 UTC of the 2nd is half past one of the 3rd in Shanghai
    late = NOW.replace(hour=17, minute=30)
    session.execute(update(Attempt).values(started_at=late))
    session.commit()

    assert f"/dossiers/{passed}" in auditor.get("/dossiers?since=2026-11-03").text
    assert f"/dossiers/{passed}" not in auditor.get("/dossiers?until=2026-11-02").text


def test_the_list_takes_as_many_statements_with_many_attempts_as_with_one(
    app, passed, auditor, statements, session
):
    auditor.get("/dossiers")
    statements.clear()
    auditor.get("/dossiers")
    with_one = len(statements)
    sitting_id = session.scalar(select(Sitting.id))
    for number in range(2, 12):
        user_id = factories.user(f"trainee{number}")
        place = factories.registration(sitting_id, user_id)
        starting.start(place, user_id=user_id, seed=number, actor=Actor(user_id), now=NOW)
    statements.clear()

    text = auditor.get("/dossiers").text

    assert text.count('<th scope="row">') == 11
    assert len(statements) == with_one <= 8


# The export


def test_the_json_goes_out_signed_under_its_name(passed, auditor, session):
    number = session.scalar(select(Registration.admission_number))

    response = export(auditor, passed)

    assert response.headers["Content-Type"] == "application/json"
    name = f'attachment; filename="dossier-{number}-{passed}.json"'
    assert response.headers["Content-Disposition"] == name
    assert response.headers["Cache-Control"] == "no-store"
    assert form.read_file(response.data).dossier["made"]["reason"] == "appeal 17"


def test_who_took_it_and_why_is_in_the_audit_log(passed, auditor, session):
    export(auditor, passed, kind="pdf")

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "dossier.exported")).one()
    assert (entry.detail["kind"], entry.detail["reason"]) == ("pdf", "appeal 17")
    assert entry.actor_id is not None
    assert "Dossier exported" in auditor.get("/audit").text


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_without_a_proper_reason_nothing_goes_out(passed, auditor, session, reason):
    response = export(auditor, passed, reason=reason)

    assert response.status_code == 400
    assert "attachment" not in response.headers.get("Content-Disposition", "")
    assert not session.scalars(
        select(AuditEntry).where(AuditEntry.action == "dossier.exported")
    ).all()
    assert reason.strip() in response.text


def test_the_page_says_when_the_exam_is_still_running(app, client, auditor):
    attempt_id = factories.attempt(app)

    assert "still running" in auditor.get(f"/dossiers/{attempt_id}").text


def test_there_is_no_dossier_of_nothing(auditor):
    assert auditor.get("/dossiers/999999").status_code == 404
    assert export(auditor, 999_999).status_code == 404


@pytest.mark.parametrize("role", [Role.HR, Role.PROCTOR, Role.ADMIN, Role.TRAINEE])
def test_only_auditors_take_dossiers(passed, client, role):
    factories.user("person", role)
    log_in(client, "person")

    assert export(client, passed).status_code == 403


# The PDF


def streams(pdf):
    """Every stream of the PDF, unpacked where it is packed."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def test_the_pdf_is_tagged_and_has_the_very_json_inside(passed, auditor, session):
    response = export(auditor, passed, kind="pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    unpacked = list(streams(response.data))
    (attached,) = [raw for raw in unpacked if raw.startswith(b'{"dossier":')]
    assert form.read_file(attached).dossier["attempt"]["id"] == passed
    everything = b"".join(unpacked) + response.data
    assert b"dossier.json" in everything
    assert b"StructTreeRoot" in everything
    assert b"pdfuaid" in everything
    assert upload(auditor, attached).text.count("The dossier is genuine") == 1


def shown(app, export_, language="en"):
    """Every text that the document shows."""
    with app.test_request_context(), force_locale(language):
        g.language = Language(language)
        return json.dumps(report(export_.dossier, speech()), ensure_ascii=False)


def exported(app, attempt_id, **changes):
    return dossiers.export(
        attempt_id,
        reason="appeal",
        kind="pdf",
        signer=scenes.signer(app),
        actor=Actor(),
        now=NOW + timedelta(hours=9),
        **changes,
    )


def test_the_document_shows_what_was_asked_answered_and_earned(app, passed):
    text = shown(app, exported(app, passed))

    for words in ("1. PL14-51 version 1", "14 / 14 points", "A. ", ". second", "100 / 100"):
        assert words in text
    first = exported(app, passed).dossier["saves"][0]["receipt"]
    assert first[:16] in text
    assert first not in text


@pytest.mark.parametrize(
    "answer",
    [
        "😀👍🏽 ok",
        "#panic() $x$ *b* ]) #import",
        "ไทย ع \u200d \ufe0f",
        "a\nb\tc\rd\x07",
        "长" * 3000,
    ],
)
def test_whatever_a_candidate_types_the_pdf_is_made(app, session, answer):
    factories.syllabus()
    essay = factories.content(
        "PL14-51",
        pool="exam",
        type="short_answer",
        key_points=[scenes.text("一") | {"weight": 1}, scenes.text("二") | {"weight": 1}],
        model_answer=scenes.text("好"),
    )
    factories.bank([essay])
    user_id = factories.user(name="欧阳😀")
    plan = [{"module": "planning", "type": "short_answer", "count": 1, "points": 100.0}]
    attempt_id = factories.attempt(app, user_id, plan=plan)
    scenes.answer(attempt_id, user_id, {1: answer})

    with app.test_request_context():
        pdf = dossier_pdf(exported(app, attempt_id))

    assert pdf.startswith(b"%PDF")


# The check


def test_a_genuine_file_is_told_with_whose_it_is(passed, auditor):
    text = main_of(upload(auditor, export(auditor, passed).data))

    assert "<h1>The dossier is genuine</h1>" in text
    assert "appeal 17" in text
    assert "学员甲 (trainee1)" in text
    assert "check-broken" not in text


def test_a_changed_file_is_told_and_nothing_of_it_is_believed(passed, auditor):
    raw = json.loads(export(auditor, passed).data)
    raw["dossier"]["person"]["name"] = "Mallory"
    raw["dossier"]["marks"][0]["points"] = "1"

    response = upload(auditor, json.dumps(raw).encode())

    text = main_of(response)
    assert response.status_code == 200
    assert "<h1>The dossier is broken</h1>" in text
    assert text.count("check-broken") == 2 + 1  # signature, points, result
    assert "Mallory" not in text


def test_a_file_that_the_database_has_left_behind_is_told(passed, auditor, session):
    content = export(auditor, passed).data
    session.execute(update(Registration).values(state="voided"))
    session.commit()

    text = main_of(upload(auditor, content))

    assert "the database has moved on" in text
    assert "Registration: the database says otherwise of state." in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "This is a PDF."),
        (b"hello", "This file is not a dossier."),
        (b'{"dossier":{"form":"qijue-dossier/1"},"signature":"x"}', "The dossier is broken"),
    ],
)
def test_another_file_is_told_in_a_sentence(auditor, content, sentence):
    assert sentence in upload(auditor, content).text


def test_no_file_is_told_in_a_sentence(auditor):
    response = auditor.post("/dossiers/verify", data={})

    assert response.status_code == 400
    assert "Choose a file." in response.text


def test_a_file_may_be_larger_than_other_requests_but_not_without_end(auditor, monkeypatch):
    assert upload(auditor, b" " * (3 * 1024 * 1024)).status_code == 400

    assert upload(auditor, b" " * (21 * 1024 * 1024)).status_code == 413


def test_a_large_file_of_somebody_who_may_not_is_not_even_read(client, session):
    factories.user("person", Role.HR)
    log_in(client, "person")

    assert upload(client, b" " * (3 * 1024 * 1024)).status_code == 403


def test_the_check_asks_for_the_form_s_token(app, passed, auditor):
    content = export(auditor, passed).data
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = auditor.get("/dossiers/verify").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        without = upload(auditor, content)
        with_token = auditor.post(
            "/dossiers/verify",
            data={"file": (io.BytesIO(content), "d.json"), "csrf_token": token},
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (without.status_code, with_token.status_code) == (400, 200)
    assert "The dossier is genuine" in with_token.text


# Receipts


def test_a_receipt_leads_to_its_answer_and_attempt(passed, auditor, session):
    row = session.scalars(select(Save).where(Save.position == 1)).one()

    response = auditor.get(f"/dossiers/receipt?receipt=%20{row.receipt.upper()}&of={passed}")

    text = main_of(response)
    assert response.status_code == 200
    assert "The receipt is genuine" in text
    assert f'href="/dossiers/{passed}"' in text
    assert "In time" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("receipt=abc", 400),
        (f"receipt={'g' * 64}", 400),
        (f"receipt={'0' * 64}", 404),
        (f"receipt={'0' * 64}&of=999999", 404),
    ],
)
def test_a_receipt_that_is_none_is_told_in_a_sentence(passed, auditor, query, status):
    response = auditor.get(f"/dossiers/receipt?{query}")

    assert response.status_code == status
    assert "receipt is genuine" not in response.text
    assert 'role="alert"' in response.text or "No stored answer" in response.text


def test_a_receipt_that_does_not_fit_its_row_is_told(app, passed, auditor, monkeypatch, session):
    receipt = session.scalar(select(Save.receipt))
    monkeypatch.setattr("app.services.dossiers.receipt_of", lambda **_: "0" * 64)

    assert "does not fit its answer" in auditor.get(f"/dossiers/receipt?receipt={receipt}").text


def own_list(client, attempt_id):
    response = client.get(f"/attempts/{attempt_id}/receipts")
    assert response.status_code == 200, response.text
    return response, list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_candidates_take_their_receipts_while_the_exam_runs(app, client, session):
    user_id = factories.user(language="en")
    attempt_id = factories.attempt(app, user_id)
    given = scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id)).receipts
    log_in(client)

    response, rows = own_list(client, attempt_id)

    assert response.data.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"-{attempt_id}.csv" in response.headers["Content-Disposition"]
    head = rows.index(
        ["Question number", "Exam window", "Sequence", "Server time", "State", "Receipt"]
    )
    assert rows[head + 1] == [
        str(given[0].position),
        "1",
        "1",
        "2026-11-02T12:00:00+08:00",
        "In time",
        given[0].receipt,
    ]
    assert len(rows) == head + 1 + len(given)
    assert any("proof" in cell for row in rows[:head] for cell in row)


def test_the_list_of_receipts_has_no_question_no_answer_and_no_key(app, client, session):
    factories.syllabus()
    factories.bank(scenes.every_type())
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id, plan=scenes.plan_of_every_type())
    answers = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_id, answers)
    log_in(client)

    _, rows = own_list(client, attempt_id)

    text = json.dumps(rows, ensure_ascii=False)
    for version in session.scalars(select(QuestionVersion)):
        assert version.question_id not in text
        assert version.content["stem"]["zh"] not in text
    for secret in ("机密", "倾听", scenes.KEY.hex(), app.extensions["settings"].secret_key):
        assert secret not in text


def test_late_answers_and_those_of_an_older_window_are_on_the_list(app, client, session):
    user_id = factories.user(language="en")
    attempt_id = factories.attempt(app, user_id)
    scenes.answer(attempt_id, user_id, {3: True})
    scenes.answer(attempt_id, user_id, {3: False}, now=NOW + timedelta(minutes=5))
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=NOW)
    session.execute(update(Attempt).values(state="in_progress", closed_at=None))
    session.commit()
    log_in(client)

    _, rows = own_list(client, attempt_id)

    assert [row[1] for row in rows if len(row) == 6][1:] == ["1", "2"]


def test_nobody_takes_the_receipts_of_somebody_else(app, client, session):
    attempt_id = factories.attempt(app)
    factories.user("other")
    log_in(client, "other")

    assert client.get(f"/attempts/{attempt_id}/receipts").status_code == 404


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_title_is_no_formula_in_a_spreadsheet(app, client, session, title):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    session.execute(update(Sitting).values(title={"zh": title, "en": title}))
    session.commit()
    log_in(client)

    _, rows = own_list(client, attempt_id)

    assert [cell for row in rows for cell in row if cell.endswith(title)] == [_harmless(title)]
    assert _harmless(title) == f"'{title}"
