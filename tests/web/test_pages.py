"""Every page: headers, no inline script or style, nothing from another host."""

from __future__ import annotations

import uuid
from datetime import UTC
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from app.domain.appeals import AppealOutcome
from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.kinds import QuestionType
from app.domain.rescores import Act
from app.loader.exchange.yaml_files import text_of
from app.models.accommodations import Accommodation
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.certification import CertificateReview
from app.models.content import LessonText
from app.models.learning import PracticeAnswer
from app.models.papers import Paper
from app.models.schemes import Exam
from app.models.sittings import Incident, Sitting
from app.services import appeals, import_work, question_exports, question_imports, starting
from app.services.question_exports import Order
from app.services.question_imports import Upload
from app.services.trail import Actor
from app.web.headers import POLICY
from tests import factories, paper_scenes
from tests.factories import log_in
from tests.services import marking_scenes as desk
from tests.services import result_scenes, scenes

NOT_PAGES = {
    "certificates.pdf",
    "editor.medium",
    "exams.medium",
    "results.excel",
    "transcripts.pdf",
    "appeals.letter_pdf",
    "system.favicon",
    "system.offline_worker",
}


class Scan(HTMLParser):
    """Notes what the content security policy would stop."""

    def __init__(self):
        super().__init__()
        self.found, self.ids, self._in_script = [], [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._in_script = tag == "script"
        if tag in ("style", "base", "iframe", "object", "embed"):
            self.found.append(tag)
        if tag == "script" and "src" not in given:
            self.found.append("script without a file")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "srcset", "data", "poster"):
                self._check_address(tag, value or "")
        if "id" in given:
            self.ids.append(given["id"])

    def _check_address(self, tag, value):
        if tag == "a" and value.startswith("http://localhost/"):
            return
        if not value.startswith(("/", "#", "?")) or value.startswith("//"):
            self.found.append(f"{tag} → {value}")

    def handle_data(self, data):
        if self._in_script and data.strip():
            self.found.append("inline script")

    def handle_endtag(self, tag):
        self._in_script = False


def on_paper(session):
    """A batch that waits for a decision, and a paper."""
    exam_id = session.scalar(select(Exam.id).order_by(Exam.id))
    return {
        "exam_id": exam_id,
        "plan_number": 0,
        "batch_id": paper_scenes.proposed(exam_id),
        "paper_number": 1,
        "paper_id": session.scalar(select(Paper.id)),
    }


@pytest.fixture
def everything(app, client, session):
    """Somebody with every role, a finished attempt, a running one, and content to show."""
    factories.syllabus()
    factories.bank([*factories.exam_pool(), *scenes.every_type(11, pool="practice")])
    user_id = factories.user("person", *Role)
    done = scenes.finish(app, factories.attempt(app, user_id), user_id)
    running = running_attempt(app, session)
    log_in(client, "person")
    for number in range(11, 18):
        form = {"question": f"PL14-{number}", "version": 1, "seed": 1, "answer": "null"}
        response = client.post("/practice/swot/answer", data=form)
        assert response.status_code == 302, response.text
    values = {
        "act": "message",
        "accommodation_id": accommodation(session, user_id),
        "incident_id": incident(session, user_id),
        "sitting_id": session.scalar(select(Sitting.id)),
        "attempt_id": done,
        "registration_id": session.scalar(
            select(Attempt.registration_id).where(Attempt.id == done)
        ),
        "user_id": user_id,
        "question_id": "PL14-51",
        "scope": "swot",
        "name": f"{'0' * 64}.png",
        "number": session.scalar(select(Certificate.number)),
        "answer_id": session.scalar(select(PracticeAnswer.id)),
        "lesson_id": "swot",
        **on_paper(session),
        **exchanged(app, user_id),
        **settled(app, done),
        **on_the_desk(app, user_id),
    }
    return client, values, running


def on_the_desk(app, user_id):
    """A short answer and a case of somebody's on the desk of this person."""
    factories.bank([desk.short_answer("PL14-71"), desk.case("PL14-72")])
    row, sitting_id = desk.exam(code="skills")
    desk.handed_in(app, sitting_id)
    short, case = (desk.take(row, position, user_id) for position in (desk.SHORT, desk.CASE))
    return {"script": short, "case": case}


def exchanged(app, user_id):
    """An import with a dry run to look at, and a finished export."""
    run_id, export_id = str(uuid.uuid4()), str(uuid.uuid4())
    by = {"actor": Actor(user_id), "now": factories.NOW}
    instance = app.extensions["settings"].instance
    text = text_of([factories.content("PL14-77")]) + "- id: PL14-78\n- a question\n"
    upload = Upload(text.encode(), "题目.yaml")
    question_imports.start(run_id, upload, options=ImportOptions(), instance=instance, **by)
    import_work.dry_run(run_id, instance=instance, now=factories.NOW)
    order = Order(BankFilter(), "gift", with_exam=True, reason="for the test")
    question_exports.start(export_id, order, instance=instance, **by)
    question_exports.make(export_id, instance=instance, now=factories.NOW, zone=UTC)
    return {"run_id": run_id, "export_id": export_id}


def settled(app, attempt_id):
    """An answered appeal, a proposed re-score, a release, a certificate that waits for a person."""
    sitting_id = factories.sitting(result_scenes.exam(code="second"))
    other = result_scenes.sat(app, sitting_id, "second")
    hr, certifier = result_scenes.staff()
    release_id = result_scenes.release(app, sitting_id, hr, certifier)
    appeal_id = result_scenes.appeal(app, attempt_id, now=factories.NOW)
    handler = Actor(factories.user("handler", Role.HR))
    appeals.take(appeal_id, actor=handler, now=factories.NOW)
    appeals.answer(
        appeal_id,
        outcome=AppealOutcome.REJECTED,
        letter={"zh": "维持"},
        notes={"sums": "对"},
        letterhead=result_scenes.letterhead(app),
        actor=handler,
        now=factories.NOW,
    )
    review = CertificateReview(
        certificate_id=factories.db.session.scalar(select(Certificate.id)),
        attempt_id=attempt_id,
        cause="rescore:1",
        opened_at=factories.NOW,
        outcome="open",
    )
    factories.db.session.add(review)
    factories.db.session.commit()
    return {
        "appeal_id": appeal_id,
        "exam_id": factories.db.session.get_one(Attempt, other).exam_id,
        "release_id": release_id,
        "rescore_id": result_scenes.propose_rescore(other, 1, Act.DROP, by=hr),
        "review_id": review.id,
        "scheme_version_id": result_scenes.scheme_version(),
        "version_id": result_scenes.version_at(other, 1),
    }


def accommodation(session, user_id):
    row = Accommodation(
        user_id=user_id,
        time_factor=1.25,
        break_minutes=10,
        larger_text=True,
        separate_room=False,
        reason="certificate of a doctor",
        valid_from=factories.NOW.date(),
        approved_at=factories.NOW,
    )
    session.add(row)
    session.commit()
    return row.id


def incident(session, user_id):
    row = Incident(
        sitting_id=session.scalar(select(Sitting.id)),
        description="no power for ten minutes",
        remedy="minutes",
        minutes=10,
        state="proposed",
        proposed_by=user_id,
        proposed_at=factories.NOW,
    )
    session.add(row)
    session.commit()
    return row.id


def running_attempt(app, session):
    user_id = factories.user("writer")
    place = factories.registration(session.scalar(select(Sitting.id)), user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=factories.NOW)


BANK = [
    "?search=service&type=single&sort=changed",
    "?search=nothing",
    "/bulk?scope=all",
    "/bulk/preview?scope=all&set_difficulty=5",
    "/bulk/preview?scope=all&set_pool=practice&show=refused",
    "/PL14-51?at=1&pool=exam",
    *(f"/new?type={type_}" for type_ in QuestionType),
]


def addresses(app, values):
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.endpoint.endswith("static"):
                arguments = {name: values[name] for name in rule.arguments}
                if rule.endpoint == "proctoring.act":
                    arguments["scope"] = "all"
                yield rule.endpoint, app.url_for(rule.endpoint, **arguments)
    for answer_id in range(values["answer_id"], values["answer_id"] + 7):
        yield "practice.feedback", f"/practice/swot/feedback/{answer_id}"
    for number in range(11, 18):
        yield "bank.question", f"/questions/PL14-{number}"
        yield "editor.edit", f"/questions/PL14-{number}/edit"
    for address in BANK:
        yield "bank", f"/questions{address}"
    for page in (f"scripts/{values['case']}", f"scripts/{values['case']}/marks"):
        yield "marking", f"/marking/{page}"
    for script in (values["script"], values["case"]):
        yield "marking", f"/marking/checks/new?script={script}"
    yield "errors", "/nowhere"


STATUS = {
    "errors": 404,
    "dossiers.receipt": 400,
    "bank.bulk": 400,
    "bank.bulk_preview": 400,
    "exams.medium": 404,
    "editor.medium": 404,
    "certification.person": 404,  # a rule decides on this one
    "marking.new_check": 404,
}


def is_safe(headers):
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_needs_anything_inline_or_from_elsewhere(app, everything):
    client, values, running = everything
    lesson_text(values["lesson_id"])
    pages = [(e, a) for e, a in addresses(app, values) if e not in NOT_PAGES]
    found = {}
    shown = 0

    for endpoint, address in pages:
        response = client.get(address)
        is_safe(response.headers)
        if response.mimetype != "text/html" or response.status_code == 302:
            continue
        expected = STATUS.get(endpoint, 200)
        assert response.status_code == expected, (address, endpoint)
        shown += 1
        scan = Scan()
        scan.feed(response.text)
        twins = {id_ for id_ in scan.ids if scan.ids.count(id_) > 1}
        if scan.found or twins:
            found[address] = (scan.found, twins)

    assert found == {}
    assert shown > 35
    assert running


def lesson_text(lesson_id):
    for language in ("zh", "en"):
        factories.db.session.add(
            LessonText(
                lesson_id=lesson_id,
                language=language,
                title="课",
                minutes=5,
                html="<p>课</p>",
                toc=[{"id": "PL14", "title": "考点"}],
                hash="0" * 64,
            )
        )
    factories.db.session.commit()


def test_the_exam_page_needs_nothing_inline_or_from_elsewhere(everything):
    client, _, running = everything
    client.post("/logout")

    response = log_in(client, "writer").get(f"/attempts/{running}")

    is_safe(response.headers)
    scan = Scan()
    scan.feed(response.text)
    assert scan.found == []


def test_the_policy_allows_no_inline_code_and_no_frame():
    assert "unsafe" not in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "default-src 'none'" in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize("path", ["/healthz", "/.well-known/qijue-keys.json", "/nowhere", "/login"])
def test_json_and_errors_carry_the_same_headers(client, path):
    response = client.get(path, headers={"Accept": "application/json"})

    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_error_is_a_page_for_people_and_json_for_programs(client):
    page = client.get("/nowhere")
    told = client.get("/nowhere", headers={"Accept": "application/json"})

    assert (page.status_code, told.status_code) == (404, 404)
    assert "<h1>" in page.text
    assert told.json["code"] == "http-404"
    assert told.json["message"] in page.text


def test_a_method_that_an_address_does_not_take_is_told(client):
    assert client.get("/logout").status_code == 405


def test_static_files_may_be_kept(client):
    response = client.get("/static/css/tokens.css")

    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]
