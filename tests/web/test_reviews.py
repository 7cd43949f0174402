"""Held answers, answer files, signals and statements over HTTP: who may, and what is told."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.permissions import Role
from app.models.attempts import Attempt, AttemptEvent, Save, SaveDecision
from app.models.sittings import SittingProctor
from app.services import accounts, attempts, proctoring, starting
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import review_scenes as late
from tests.services import scenes


@pytest.fixture(autouse=True)
def _one_key(app, monkeypatch):
    """The scenes sign with the key that the server has."""
    key = bytes.fromhex(app.extensions["settings"].receipt_key)
    monkeypatch.setattr(scenes, "KEY", key)
    monkeypatch.setattr(late, "KEY", key)


class Desk:
    """A proctor at the pages of one sitting."""

    def __init__(self, client, attempt_id):
        self.client, self.attempt_id = client, attempt_id
        self.sitting_id = late.sitting_of(attempt_id)
        self.user_id = db.session.get_one(Attempt, attempt_id).user_id
        self.held = f"/sittings/{self.sitting_id}/held"
        self.signals = f"/sittings/{self.sitting_id}/signals"

    def decide(self, *save_ids, scope="chosen", decision="accept", reason="Power cut", up_to=0):
        form = {"scope": scope, "decision": decision, "reason": reason, "up_to": up_to}
        return self.client.post(
            f"{self.held}/{self.attempt_id}/decide", data={**form, "save": list(save_ids)}
        )

    def upload(self, content, name="answers.jwe"):
        data = {"file": (io.BytesIO(content), name)} if name else {}
        return self.client.post(f"{self.held}/file", data=data)

    def review(self, decision="no_concern", *, note="", seen=10**9):
        form = {"decision": decision, "note": note, "seen": seen}
        return self.client.post(f"{self.signals}/{self.attempt_id}/review", data=form)


@pytest.fixture
def late_one(app, clock):
    """(attempt id, user id): graded with nothing, every right answer held."""
    found = late.came_late(app)
    clock.forward(minutes=70)
    return found


@pytest.fixture
def desk(client, late_one):
    factories.user("proctor", Role.PROCTOR, name="监考甲", language="en")
    return Desk(log_in(client, "proctor"), late_one[0])


def own(app, late_one):
    """The candidate's browser."""
    return log_in(app.test_client())


def decisions(session):
    return session.scalar(select(func.count()).select_from(SaveDecision))


# ── held answers ──────────────────────────────────────────────────────────────


def test_the_proctor_sees_who_waits_and_decides(desk, session):
    assert "学员甲" in desk.client.get(desk.held).text

    response = desk.decide(*late.held_ids(desk.attempt_id))

    assert (response.status_code, response.location) == (302, f"{desk.held}/{desk.attempt_id}")
    assert late.results(desk.attempt_id)[-1] == (2, True, 100)
    assert "学员甲" not in desk.client.get(desk.held).text
    assert "学员甲" in desk.client.get(f"{desk.held}?state=decided").text


def test_all_of_them_are_those_that_the_page_has_shown(desk, session):
    page = desk.client.get(f"{desk.held}/{desk.attempt_id}").text
    (up_to,) = re.findall(r'name="up_to" value="(\d+)"', page)
    late.send(desk.attempt_id, desk.user_id, {1: "a"}, now=late.LATE, first=60)

    desk.decide(scope="all", up_to=up_to)

    assert decisions(session) == 3


def test_ticked_ones_alone_are_decided(desk, session):
    (first,) = late.held_ids(desk.attempt_id, 1)

    desk.decide(first, scope="chosen", decision="refuse")

    assert session.execute(select(SaveDecision.save_id, SaveDecision.accepted)).all() == [
        (first, False)
    ]


def test_a_decision_without_a_reason_keeps_what_was_chosen(desk, session):
    (first,) = late.held_ids(desk.attempt_id, 1)

    response = desk.decide(first, reason=" ")

    assert response.status_code == 400
    assert "Give a reason." in response.text
    assert re.search(rf'value="{first}"[^>]* checked', response.text)
    assert re.search(r'value="chosen"[^>]* checked', response.text)
    assert decisions(session) == 0


def test_a_reason_that_is_too_long_is_kept_in_the_form(desk):
    response = desk.decide(*late.held_ids(desk.attempt_id), reason="y" * 1001)

    assert response.status_code == 400
    assert "y" * 1001 in response.text


def test_deciding_twice_is_refused_on_the_page(desk, session):
    ids = late.held_ids(desk.attempt_id)
    desk.decide(*ids)

    again = desk.decide(*ids, decision="refuse")

    assert again.status_code == 409
    assert "decided already" in again.text
    assert desk.decide(scope="all", up_to=max(ids)).status_code == 400
    assert decisions(session) == 3


@pytest.mark.parametrize("decision", ["", "maybe"])
def test_a_decision_that_is_none_is_refused(desk, session, decision):
    assert desk.decide(*late.held_ids(desk.attempt_id), decision=decision).status_code == 400
    assert decisions(session) == 0


def test_nonsense_in_the_form_breaks_nothing(desk, session):
    for up_to in ("9" * 30, "-1", "x"):
        assert desk.decide(scope="all", up_to=up_to).status_code in (302, 400)
    assert desk.decide("x", "9" * 30, reason="a\x00b").status_code == 400


def staff_pages(desk):
    return [
        desk.held,
        f"{desk.held}?state=",
        f"{desk.held}/{desk.attempt_id}",
        f"{desk.held}/file",
        desk.signals,
        f"{desk.signals}/{desk.attempt_id}",
    ]


FORBIDDEN = [
    "题干",
    "Stem",
    "解析",
    "Secret",
    "甲</",
    "乙",
    ">second<",
    "score",
    "result-",
    "not passed",
]


def test_no_page_of_the_proctor_shows_a_question_an_answer_or_a_score(desk):
    late.signal(desk.attempt_id, desk.user_id, seconds=30)
    for path in staff_pages(desk):
        page = desk.client.get(path)
        main = page.text.partition("<main")[2].partition("</main")[0]
        shown = re.sub(
            r"Signals never change a score[^<]*|questions, answers and scores[^<]*", "", main
        )

        assert page.status_code == 200
        found = [
            word for word in FORBIDDEN if word in shown.replace("学员甲", "").replace("监考甲", "")
        ]
        assert found == [], path


def test_before_and_after_the_decision_no_score_is_told(desk):
    desk.decide(*late.held_ids(desk.attempt_id))

    page = desk.client.get(f"{desk.held}/{desk.attempt_id}").text

    assert not re.search(r"\b100\b|\b0 /|/ 100", page.partition("<main")[2])


def test_who_manages_sittings_may_look_and_not_decide(app, client, desk, session):
    factories.user("hr", Role.HR, language="en")
    hr = Desk(log_in(app.test_client(), "hr"), desk.attempt_id)

    page = hr.client.get(f"{hr.held}/{hr.attempt_id}")

    assert page.status_code == 200
    assert 'name="decision"' not in page.text
    assert hr.client.get(hr.held).status_code == 200
    assert hr.decide(*late.held_ids(hr.attempt_id)).status_code == 403
    assert hr.client.get(f"{hr.held}/file").status_code == 403
    assert decisions(session) == 0


def test_a_proctor_of_another_sitting_finds_nothing(app, desk, session):
    named = factories.user("named", Role.PROCTOR)
    session.add(SittingProctor(sitting_id=desk.sitting_id, user_id=named))
    session.commit()
    content = late.sealed(app, b"{}")

    found = [desk.client.get(path).status_code for path in staff_pages(desk)]

    assert set(found) == {404}
    assert desk.decide(*late.held_ids(desk.attempt_id)).status_code == 404
    assert desk.upload(content).status_code == 404
    assert desk.review().status_code == 404
    assert decisions(session) == 0


def test_an_attempt_of_another_sitting_is_not_there(app, desk, session):
    other = factories.sitting(factories.exam(code="skills"))

    for path in (
        f"/sittings/{other}/held/{desk.attempt_id}",
        f"/sittings/{other}/signals/{desk.attempt_id}",
    ):
        assert desk.client.get(path).status_code == 404
    desk.held = f"/sittings/{other}/held"
    assert desk.decide(*late.held_ids(desk.attempt_id)).status_code == 404
    assert decisions(session) == 0


def test_nobody_decides_about_the_own_exam(app, client, late_one, session):
    user_id = late_one[1]
    accounts.set_roles(
        user_id, roles=[Role.TRAINEE, Role.PROCTOR], actor=Actor(), now=factories.NOW
    )
    both = Desk(log_in(client), late_one[0])

    page = both.client.get(f"{both.held}/{both.attempt_id}").text

    assert 'name="decision"' not in page
    assert both.decide(*late.held_ids(both.attempt_id)).status_code == 403
    assert both.review().status_code == 403
    assert decisions(session) == 0


# ── answer files ──────────────────────────────────────────────────────────────


@pytest.fixture
def file_of(app, late_one):
    """Makes the encrypted file of the late candidate."""

    def make(answers, first=40):
        rows = late.rows_of(*late_one, answers, first=first, key=late.KEY)
        return late.sealed(app, late.answer_file(*late_one, rows))

    return make


def test_an_answer_file_is_taken_in_and_its_report_shown(desk, file_of, session):
    content = file_of({1: "a", 2: "z"})

    page = desk.upload(content)

    assert page.status_code == 200
    counts = re.findall(r"<dt>[^<]*</dt><dd>(\d+)</dd>", page.text)
    assert counts == ["1", "0", "1"]
    assert "does not fit the question" in page.text
    again = desk.upload(content)
    assert re.findall(r"<dt>[^<]*</dt><dd>(\d+)</dd>", again.text) == ["0", "1", "1"]
    assert session.scalar(select(func.count()).select_from(Save)) == 4


def test_the_report_shows_no_answer(desk, file_of):
    page = desk.upload(file_of({1: "z9answer"}))

    assert "z9answer" not in page.text


def test_a_file_that_is_refused_says_why(app, desk, late_one, session):
    stranger = late.answer_file(late_one[0], late_one[1] + 1, [])
    cases = [
        (desk.upload(b"", name=""), 400, "Choose a file."),
        (desk.upload(b"rubbish"), 400, "cannot be opened"),
        (desk.upload(late.sealed(app, stranger)), 400, "nobody"),
        (desk.upload(b"x" * 1_000_001), 413, "at most 1000 kB"),
    ]

    assert [(page.status_code, words in page.text) for page, _, words in cases] == [
        (status, True) for _, status, _ in cases
    ]
    assert session.scalar(select(func.count()).select_from(Save)) == 3


def test_every_problem_of_a_broken_file_is_named(app, desk):
    page = desk.upload(late.sealed(app, b'{"format": "x", "attempt": "7"}'))

    assert page.status_code == 400
    for place in ("format", "attempt", "user", "made_at", "rows"):
        assert f"<code>{place}</code>" in page.text


def test_the_page_has_the_public_key_and_never_the_private_one(app):
    with app.test_request_context():
        public = app.jinja_env.globals["answer_file_public_key"]()
    private = app.extensions["settings"].answer_file_key

    assert private["x"] in public
    assert private["d"] not in public
    assert '"d"' not in public


# ── signals ───────────────────────────────────────────────────────────────────


@pytest.fixture
def noticed(desk):
    late.signal(desk.attempt_id, desk.user_id, seconds=2)
    late.signal(desk.attempt_id, desk.user_id, seconds=75)
    late.note(desk.attempt_id, "irregularity", irregularity="aid", text="A <phone>")
    return desk


def test_signals_are_listed_with_times_and_total(noticed):
    page = noticed.client.get(noticed.signals).text

    assert "1 min 15 s" in page
    assert "Signals never change a score" in page
    assert "学员甲" not in noticed.client.get(f"{noticed.signals}?least=76").text
    assert "学员甲" in noticed.client.get(f"{noticed.signals}?kind=irregularity&reviewed=no").text


def test_the_timeline_shows_brief_losses_as_such(noticed):
    page = noticed.client.get(f"{noticed.signals}/{noticed.attempt_id}").text

    assert "brief, as with a system message" in page
    assert "A &lt;phone&gt;" in page
    assert "1 min 15 s" in page


def test_a_review_is_shown_with_its_history_and_changes_no_result(noticed):
    before = late.results(noticed.attempt_id)

    noticed.review("referred", note="Two devices")
    noticed.review("no_concern")

    page = noticed.client.get(f"{noticed.signals}/{noticed.attempt_id}").text
    history = page.partition('aria-labelledby="review"')[2].partition("<form")[0]
    assert re.findall(r"(Referred|No concern)</span>\s+监考甲", history) == [
        "Referred",
        "No concern",
    ]
    assert "Two devices" in history
    assert late.results(noticed.attempt_id) == before
    assert "学员甲" not in noticed.client.get(f"{noticed.signals}?reviewed=no").text


def test_a_review_without_its_note_keeps_the_choice(noticed, session):
    response = noticed.review("referred")

    assert response.status_code == 400
    assert re.search(r'value="referred"[^>]* checked', response.text)
    assert late.events(noticed.attempt_id, "signals_reviewed") == []
    assert noticed.review("void").status_code == 400


def test_hr_reviews_in_every_sitting(app, noticed, session):
    named = factories.user("named", Role.PROCTOR)
    session.add(SittingProctor(sitting_id=noticed.sitting_id, user_id=named))
    session.commit()
    factories.user("hr", Role.HR, language="en")
    hr = Desk(log_in(app.test_client(), "hr"), noticed.attempt_id)

    assert hr.review("noted", note="Looked at").status_code == 302
    assert len(late.events(hr.attempt_id, "signals_reviewed")) == 1


# ── the candidate ─────────────────────────────────────────────────────────────


def test_the_candidate_is_told_that_answers_were_held_and_what_was_decided(app, desk, late_one):
    candidate = own(app, late_one)
    waiting = candidate.get(f"/attempts/{late_one[0]}/done").text
    desk.decide(*late.held_ids(late_one[0], 1), reason="断电")
    desk.decide(*late.held_ids(late_one[0], 2, 3), decision="refuse", reason="没有理由")

    decided = candidate.get(f"/attempts/{late_one[0]}/done").text
    record = candidate.get(f"/attempts/{late_one[0]}/record").text

    assert 'id="held-undecided"' in waiting
    assert 'id="held-decided"' not in waiting
    assert 'id="held-decided"' in decided
    assert 'id="held-undecided"' not in decided
    assert "断电" in record
    assert "没有理由" in record
    assert 'class="result-score">40 ' in decided


def test_the_candidate_reads_signals_minutes_and_pauses_without_reasons(app, client):
    attempt_id, user_id = late.started(app)
    late.signal(attempt_id, user_id, seconds=75)
    sitting_id = late.sitting_of(attempt_id)
    act = {"reason": "机密缘由", "actor": Actor()}
    proctoring.add_minutes(sitting_id, [attempt_id], minutes=7, now=factories.NOW, **act)
    proctoring.pause(sitting_id, [attempt_id], now=factories.NOW, **act)
    at = factories.NOW + timedelta(minutes=2)
    proctoring.resume(sitting_id, [attempt_id], now=at, **act)
    late.note(attempt_id, "irregularity", irregularity="aid", text="机密登记")
    late.note(attempt_id, "signals_reviewed", decision="noted", note="机密备注")
    scenes.finish(app, attempt_id, user_id, right=False, now=at)

    page = log_in(client).get(f"/attempts/{attempt_id}/record").text

    assert "机密" not in page
    assert page.count("<time") == 4
    assert f"/attempts/{attempt_id}/receipts" in page
    assert "7" in page


def test_a_statement_is_added_and_shown_to_the_reviewer(app, desk, late_one):
    candidate = own(app, late_one)
    url = f"/attempts/{late_one[0]}/statements"

    first = candidate.post(url, data={"text": "电话响了。\r\n<b>我</b>出去了。"})
    candidate.post(url, data={"text": "还有一点。"})

    assert first.status_code == 302
    page = candidate.get(f"/attempts/{late_one[0]}/record").text
    assert "电话响了。\n&lt;b&gt;我&lt;/b&gt;出去了。" in page
    assert "还有一点。" in page
    assert "电话响了。" in desk.client.get(f"{desk.signals}/{desk.attempt_id}").text


@pytest.mark.parametrize("text", ["", " ", "\x00", "字" * 2001])
def test_a_statement_that_is_refused_keeps_what_was_typed(app, late_one, client, text):
    response = own(app, late_one).post(f"/attempts/{late_one[0]}/statements", data={"text": text})

    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert text.strip("\x00 ") in response.text
    assert late.events(late_one[0], "statement") == []


def test_the_form_for_a_statement_closes_after_thirty_days(app, client, late_one, clock):
    clock.forward(days=31)
    candidate = own(app, late_one)

    page = candidate.get(f"/attempts/{late_one[0]}/record").text
    response = candidate.post(f"/attempts/{late_one[0]}/statements", data={"text": "Late"})

    assert "/statements" not in page
    assert response.status_code == 409


def test_while_the_exam_runs_there_is_no_record_yet(app, client):
    attempt_id, _ = late.started(app)
    candidate = log_in(client)

    response = candidate.get(f"/attempts/{attempt_id}/record")

    assert (response.status_code, response.location) == (302, f"/attempts/{attempt_id}/done")
    assert (
        candidate.post(f"/attempts/{attempt_id}/statements", data={"text": "x"}).status_code == 409
    )


def test_the_record_of_another_is_not_there(app, client, late_one):
    factories.user("stranger")
    stranger = log_in(client, "stranger")

    assert stranger.get(f"/attempts/{late_one[0]}/record").status_code == 404
    response = stranger.post(f"/attempts/{late_one[0]}/statements", data={"text": "x"})
    assert response.status_code == 404
    assert late.events(late_one[0], "statement") == []


# ── lists ─────────────────────────────────────────────────────────────────────

NONSENSE = [
    "/held?search=%00",
    "/held?state=x&sort=x&page=9999999999999999999999",
    "/signals?search=%00",
    "/signals?kind=%27&least=9999999999999999999&sort=x&reviewed=x&short=x",
    "/signals?least=-1",
    "/signals?least=%EF%BC%99",
]


def test_nonsense_in_an_address_breaks_no_list(desk):
    base = f"/sittings/{desk.sitting_id}"

    found = {path: desk.client.get(base + path).status_code for path in NONSENSE}

    assert {path: status for path, status in found.items() if status not in (200, 400)} == {}


def test_pages_run_as_many_statements_with_many_rows_as_with_one(app, desk, statements, session):
    late.signal(desk.attempt_id, desk.user_id, seconds=30)
    paths = [*staff_pages(desk)]

    def costs():
        found = {}
        for path in paths:
            desk.client.get(path)
            statements.clear()
            assert desk.client.get(path).status_code == 200
            found[path] = len(statements)
        return found

    with_one = costs()
    for number in range(20):
        user_id = factories.user(f"more{number}")
        place = factories.registration(desk.sitting_id, user_id)
        attempt_id = starting.start(
            place, user_id=user_id, seed=number, actor=Actor(user_id), now=factories.NOW
        )
        attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
        late.send(attempt_id, user_id, {1: "a"}, now=late.LATE)
        late.signal(attempt_id, user_id, seconds=number)
    late.send(desk.attempt_id, desk.user_id, {1: "a", 2: "c"}, now=late.LATE, first=70)
    late.note(desk.attempt_id, "statement", text="x")

    assert costs() == with_one
    assert max(with_one.values()) <= 10, with_one


def test_the_record_runs_as_many_statements_with_many_signals(app, late_one, client, statements):
    candidate = own(app, late_one)
    url = f"/attempts/{late_one[0]}/record"
    candidate.get(url)
    statements.clear()
    candidate.get(url)
    few = len(statements)
    for seconds in range(20):
        late.signal(*late_one, seconds=seconds)
    statements.clear()

    candidate.get(url)

    assert len(statements) == few <= 6
    assert db.session.scalar(select(func.count()).select_from(AttemptEvent)) > 20
