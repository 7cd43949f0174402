"""The desk's pages: whose sittings they are, forms of acts, incidents, what is kept back."""

from __future__ import annotations

import html
import re

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.domain.attempts import Move
from app.domain.events import Event, Irregularity
from app.domain.permissions import Role
from app.models.attempts import AttemptEvent
from app.models.results import Result
from app.models.sittings import Incident, Registration, RegistrationEvent, Sitting
from app.queries.versions import paper_slots
from app.services import proctoring
from app.services.trail import Actor
from app.web.proctoring.event_wording import SENTENCES, event_sentence, event_words
from tests import factories
from tests.factories import log_in
from tests.services import rooms, scenes
from tests.services.rooms import NOW


@pytest.fixture
def desk(client, clock):
    """(browser of the sitting's proctor, sitting, three open attempts)."""
    sitting_id, ids = rooms.room()
    rooms.proctor("proctor1", of=[sitting_id])
    return log_in(client, "proctor1"), sitting_id, ids


def browser(app, username):
    return log_in(app.test_client(), username)


def hidden(page):
    """The hidden fields of a form, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {
        name: [html.unescape(value) for other, value in found if other == name] for name, _ in found
    }


def open_form(client, sitting_id, act, **args):
    page = client.get(f"/sittings/{sitting_id}/desk/acts/{act}", query_string=args)
    assert page.status_code == 200, page.text
    return hidden(page)


# ── whose sitting it is ───────────────────────────────────────────────────────


def pages_of(sitting_id, attempt_id, registration_id, incident_id):
    return [
        ("GET", f"/sittings/{sitting_id}/desk"),
        ("GET", f"/sittings/{sitting_id}/desk?fragment=rows"),
        ("GET", f"/sittings/{sitting_id}/desk/attempts/{attempt_id}"),
        ("GET", f"/sittings/{sitting_id}/desk/places/{registration_id}"),
        ("GET", f"/sittings/{sitting_id}/desk/acts/message?scope=all"),
        ("POST", f"/sittings/{sitting_id}/desk/acts/message?scope=all"),
        ("GET", f"/sittings/{sitting_id}/incidents"),
        ("GET", f"/sittings/{sitting_id}/incidents/new"),
        ("POST", f"/sittings/{sitting_id}/incidents/new"),
        ("GET", f"/sittings/{sitting_id}/incidents/{incident_id}"),
        ("POST", f"/sittings/{sitting_id}/incidents/{incident_id}/decide"),
    ]


def propose(client, sitting_id, ids, **changes):
    form = {"description": "断网", "remedy": "minutes", "minutes": "10", "attempt": ids}
    response = client.post(f"/sittings/{sitting_id}/incidents/new", data={**form, **changes})
    return response, int((response.location or "0").rpartition("/")[2] or 0)


def test_the_sitting_of_another_proctor_is_not_there(desk, app):
    client, sitting_id, ids = desk
    place = rooms.attempt(ids[0]).registration_id
    _, incident_id = propose(client, sitting_id, ids)
    rooms.proctor("proctor2")
    other = browser(app, "proctor2")

    found = {
        (method, path): other.open(
            path,
            method=method,
            data={"scope": "all", "text": "x", "decision": "approve", "reason": "x"}
            if method == "POST"
            else None,
        ).status_code
        for method, path in pages_of(sitting_id, ids[0], place, incident_id)
    }

    assert set(found.values()) == {404}, found
    assert rooms.log(ids[0], "message") == []


def test_a_sitting_that_names_nobody_is_open_to_every_proctor(client):
    sitting_id, _ = rooms.room(1)
    rooms.proctor("proctor2")

    assert log_in(client, "proctor2").get(f"/sittings/{sitting_id}/desk").status_code == 200


def test_hr_looks_on_without_buttons(desk, app):
    _, sitting_id, ids = desk
    rooms.proctor("hr1", Role.HR)
    hr = browser(app, "hr1")

    page = hr.get(f"/sittings/{sitting_id}/desk")
    act = hr.post(f"/sittings/{sitting_id}/desk/acts/message", data={"scope": "all", "text": "x"})

    assert page.status_code == 200
    assert "candidate1" in page.text
    assert "/desk/acts/" not in re.sub(
        r"<form method=\"get\" id=\"desk-form\"[^>]*>", "", page.text
    )
    assert act.status_code == 403


def test_who_manages_and_proctors_acts_in_their_own_sittings_alone(desk, app):
    _, sitting_id, ids = desk
    rooms.proctor("both", Role.HR, Role.PROCTOR)
    both = browser(app, "both")

    look = both.get(f"/sittings/{sitting_id}/desk").status_code
    act = both.post(
        f"/sittings/{sitting_id}/desk/acts/message", data={"scope": "all", "text": "x"}
    ).status_code

    assert (look, act) == (200, 404)
    assert rooms.log(ids[0], "message") == []


def test_attempts_of_another_sitting_are_not_at_this_desk(desk):
    client, sitting_id, _ = desk
    _, stranger = rooms.other_room()

    page = client.get(f"/sittings/{sitting_id}/desk/attempts/{stranger}")
    act = client.post(
        f"/sittings/{sitting_id}/desk/acts/void", data={"attempt": stranger, "text": "x"}
    )

    assert (page.status_code, act.status_code) == (404, 404)
    assert rooms.attempt(stranger).state == "in_progress"


def test_a_candidate_sees_no_desk(desk, app):
    _, sitting_id, _ = desk

    page = browser(app, "candidate1").get(f"/sittings/{sitting_id}/desk")

    assert page.status_code == 403


# ── what is kept back ─────────────────────────────────────────────────────────


def test_proctors_see_no_question_no_answer_and_no_score(app, client, session):
    attempt_id, user_id = scenes.passed(app)
    sitting_id = rooms.attempt(attempt_id).sitting_id
    rooms.proctor("proctor1")
    log_in(client, "proctor1")
    texts = [slot.question.stem.zh for slot in paper_slots(rooms.attempt(attempt_id).paper_id)]
    assert session.scalars(select(Result.passed)).one() is True

    shown = "".join(
        client.get(f"/sittings/{sitting_id}/{path}").text
        for path in ("desk", "desk?fragment=rows", f"desk/attempts/{attempt_id}", "incidents/new")
    )

    assert "学员甲" in shown
    assert not any(text in shown for text in texts)
    assert "100.0" not in shown
    assert "通过" not in shown


# ── the list ──────────────────────────────────────────────────────────────────


def test_the_fragment_is_the_list_and_the_totals_and_no_page(desk):
    client, sitting_id, ids = desk
    page = client.get(f"/sittings/{sitting_id}/desk?fragment=rows").text

    assert page.lstrip().startswith('<div data-desk data-at="12:00:00">')
    assert page.count("<tr id=") == 3
    assert 'id="desk-totals"' in page
    assert "<html" not in page


def test_the_fragment_follows_filters_and_keeps_them_in_its_links(desk):
    client, sitting_id, _ = desk

    page = client.get(f"/sittings/{sitting_id}/desk?fragment=rows&search=candidate2&sort=seen").text

    assert page.count("<tr id=") == 1
    links = re.findall(r'href="([^"]*presence=working[^"]*)"', page)
    assert links
    assert all("search=candidate2" in link and "fragment" not in link for link in links)


def test_the_list_moves_with_the_clock(desk, clock):
    client, sitting_id, _ = desk

    def presences():
        page = client.get(f"/sittings/{sitting_id}/desk?fragment=rows").text
        return set(re.findall(r'data-presence="(\w+)"', page))

    at_first = presences()
    clock.forward(minutes=2)
    later = presences()
    for _ in range(6):  # somebody who looks stays logged in
        clock.forward(minutes=10)
        at_last = presences()

    assert (at_first, later, at_last) == ({"working"}, {"offline"}, {"finished"})


def test_pages_run_as_many_statements_with_thirty_rows_as_with_one(client, statements):
    sitting_id, (first,) = rooms.room(1)
    rooms.proctor("proctor1")
    log_in(client, "proctor1")
    paths = [
        f"/sittings/{sitting_id}/desk",
        f"/sittings/{sitting_id}/desk?fragment=rows",
        f"/sittings/{sitting_id}/desk/attempts/{first}",
        f"/sittings/{sitting_id}/incidents/new",
        f"/sittings/{sitting_id}/desk/acts/message?scope=all",
    ]

    def costs():
        found = {}
        for path in paths:
            client.get(path)
            statements.clear()
            assert client.get(path).status_code == 200
            found[path] = len(statements)
        return found

    with_one = costs()
    for number in range(10, 39):
        rooms.begin(sitting_id, f"more{number}")

    assert costs() == with_one
    assert with_one[paths[1]] <= 11
    assert max(with_one.values()) <= 14, with_one


# ── acts ──────────────────────────────────────────────────────────────────────


def test_ticked_candidates_get_a_form_with_their_names_and_attempts(desk):
    client, sitting_id, ids = desk
    places = [rooms.attempt(one).registration_id for one in ids[:2]]

    page = client.get(f"/sittings/{sitting_id}/desk/acts/pause", query_string={"chosen": places})

    assert hidden(page)["attempt"] == [str(one) for one in ids[:2]]
    assert "考生1" in page.text
    assert "考生3" not in page.text


def test_an_act_is_done_said_and_returns_to_where_it_came_from(desk):
    client, sitting_id, ids = desk
    back = f"/sittings/{sitting_id}/desk?presence=working&search=%E8%80%83"
    form = open_form(client, sitting_id, "minutes", scope="all", back=back)

    response = client.post(
        f"/sittings/{sitting_id}/desk/acts/minutes",
        data={**form, "minutes": "10", "beyond_window": "yes", "text": "停电"},
    )

    assert (response.status_code, response.location) == (302, back)
    assert [rooms.attempt(one).granted_seconds for one in ids] == [600] * 3
    assert rooms.attempt(ids[0]).late_seconds == 600
    assert "notice-good" in client.get(response.location).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/people",
        "/sittings/1/desk\\@evil",
        "javascript:1",
    ],
)
def test_an_act_returns_nowhere_but_to_its_desk(desk, elsewhere):
    client, sitting_id, ids = desk

    response = client.post(
        f"/sittings/{sitting_id}/desk/acts/message",
        data={"scope": "all", "text": "x", "back": elsewhere},
    )

    assert response.location == f"/sittings/{sitting_id}/desk"


def test_a_refused_form_comes_back_as_it_was_filled_in(desk):
    client, sitting_id, ids = desk
    form = open_form(client, sitting_id, "minutes", scope="all")

    refused = client.post(
        f"/sittings/{sitting_id}/desk/acts/minutes",
        data={**form, "minutes": "999", "text": "机房停电"},
    )

    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert 'value="999"' in refused.text
    assert "机房停电</textarea>" in refused.text
    assert 'name="beyond_window" value="yes">' in refused.text
    assert hidden(refused)["key"] == form["key"]
    assert rooms.attempt(ids[0]).granted_seconds == 0


@pytest.mark.parametrize("number", ["", "x", "1.5", "-3", "１"])
def test_minutes_that_are_no_number_are_refused_with_a_sentence(desk, number):
    client, sitting_id, ids = desk

    refused = client.post(
        f"/sittings/{sitting_id}/desk/acts/minutes",
        data={"scope": "all", "minutes": number, "text": "x"},
    )

    assert (refused.status_code, 'role="alert"' in refused.text) == (400, True)
    assert rooms.attempt(ids[0]).granted_seconds == 0


def test_in_a_dialog_a_refusal_is_the_form_and_success_is_a_sentence(desk):
    client, sitting_id, _ = desk
    address = f"/sittings/{sitting_id}/desk/acts/message?fragment=form"
    json = {"Accept": "application/json"}

    form = client.get(f"{address}&scope=all")
    refused = client.post(address, data={"scope": "all", "text": " "}, headers=json)
    done = client.post(address, data={"scope": "all", "text": "x"}, headers=json)

    assert all("data-act-form" in page.text for page in (form, refused))
    assert all("<html" not in page.text for page in (form, refused))
    assert refused.status_code == 400
    assert (done.status_code, "3" in done.json["message"]) == (200, True)


def test_sending_the_form_twice_does_the_act_once(desk):
    client, sitting_id, ids = desk
    form = open_form(client, sitting_id, "minutes", scope="all")

    for _ in range(2):
        response = client.post(
            f"/sittings/{sitting_id}/desk/acts/minutes",
            data={**form, "minutes": "10", "text": "停电"},
        )
        assert response.status_code == 302

    assert rooms.attempt(ids[0]).granted_seconds == 600


def test_a_form_about_nobody_says_so(desk):
    client, sitting_id, _ = desk

    page = client.get(f"/sittings/{sitting_id}/desk/acts/pause")

    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "<textarea" not in page.text


@pytest.mark.parametrize("act", ["void", "admit"])
def test_some_acts_are_never_for_everybody(desk, act):
    client, sitting_id, ids = desk

    form = client.get(f"/sittings/{sitting_id}/desk/acts/{act}?scope=all")
    sent = client.post(
        f"/sittings/{sitting_id}/desk/acts/{act}", data={"scope": "all", "text": "x"}
    )

    assert form.status_code == 400
    assert sent.status_code != 200
    assert [rooms.attempt(one).state for one in ids] == ["in_progress"] * 3


def test_an_unknown_act_is_not_there(desk):
    client, sitting_id, _ = desk

    assert client.get(f"/sittings/{sitting_id}/desk/acts/reward?scope=all").status_code == 404


def test_handing_in_for_candidates_grades_them(desk, session):
    client, sitting_id, ids = desk

    client.post(
        f"/sittings/{sitting_id}/desk/acts/submit",
        data={"attempt": ids[:2], "text": "考试纪律"},
    )

    assert [rooms.attempt(one).state for one in ids] == ["released", "released", "in_progress"]
    assert session.scalar(select(func.count()).select_from(Result)) == 2


def test_an_irregularity_needs_a_kind(desk):
    client, sitting_id, ids = desk
    address = f"/sittings/{sitting_id}/desk/acts/irregularity"

    refused = client.post(address, data={"attempt": ids[0], "text": "手机", "kind": "x"})
    done = client.post(address, data={"attempt": ids[0], "text": "手机", "kind": "aid"})

    assert (refused.status_code, done.status_code) == (400, 302)
    assert "手机</textarea>" in refused.text
    assert [e.detail["irregularity"] for e in rooms.log(ids[0], "irregularity")] == ["aid"]


def test_admitting_is_about_places_and_reports_about_who_has_not_started(desk, session):
    client, sitting_id, _ = desk
    session.get_one(Sitting, sitting_id).needs_admission = True
    session.commit()
    place = factories.registration(sitting_id, factories.user("waiting9", name="等候者"))

    admit = open_form(client, sitting_id, "admit", only=place)
    report = open_form(client, sitting_id, "irregularity", only=place)
    client.post(f"/sittings/{sitting_id}/desk/acts/admit", data={**admit, "text": "看过身份证"})
    client.post(
        f"/sittings/{sitting_id}/desk/acts/irregularity",
        data={**report, "kind": "identity", "text": "照片旧"},
    )

    session.expire_all()
    assert session.get_one(Registration, place).state == "ready"
    kinds = session.scalars(
        select(RegistrationEvent.kind).where(RegistrationEvent.registration_id == place)
    ).all()
    assert {"admitted", "irregularity"} <= set(kinds)


def test_texts_with_signs_that_no_database_keeps_do_not_break_anything(desk):
    client, sitting_id, ids = desk

    done = client.post(
        f"/sittings/{sitting_id}/desk/acts/message",
        data={"attempt": [ids[0], "x", "-1", "9" * 30], "text": "一\x00二\r\n三", "key": "\x00"},
    )

    assert done.status_code == 302
    assert rooms.log(ids[0], "message")[0].detail["text"] == "一二\n三"


# ── one candidate ─────────────────────────────────────────────────────────────


def test_the_page_of_a_candidate_tells_the_deadline_and_what_happened(desk, clock):
    client, sitting_id, ids = desk
    proctoring.add_minutes(
        sitting_id, ids[:1], minutes=10, reason="停电补时", actor=Actor(), now=NOW
    )

    page = client.get(f"/sittings/{sitting_id}/desk/attempts/{ids[0]}").text

    assert "13:10:00" in page
    assert "停电补时" in page
    assert f"attempt={ids[0]}" in page


def test_the_hash_of_the_agreement_is_not_shown_as_words(desk):
    client, sitting_id, ids = desk

    page = client.get(f"/sittings/{sitting_id}/desk/attempts/{ids[0]}").text

    assert not re.search(r"[0-9a-f]{64}", re.sub(r'value="[^"]*"', "", page))


def test_what_kept_somebody_out_is_on_the_page_of_their_place(desk, session):
    client, sitting_id, _ = desk
    place = factories.registration(sitting_id, factories.user("waiting9"))
    session.add(
        RegistrationEvent(
            registration_id=place,
            at=NOW,
            kind="entry_refused",
            detail={"code": "wrong-access-code"},
        )
    )
    session.commit()

    page = client.get(f"/sittings/{sitting_id}/desk/places/{place}")

    with force_locale("zh"):
        assert event_sentence("entry_refused", {"code": "wrong-access-code"}) in page.text


def test_a_statement_is_read_by_those_alone_who_review_signals(desk, app, session):
    client, sitting_id, ids = desk
    session.add(
        AttemptEvent(attempt_id=ids[0], at=NOW, kind="statement", detail={"text": "我去开门了"})
    )
    session.commit()
    factories.user("admin1", Role.ADMIN)
    path = f"/sittings/{sitting_id}/desk/attempts/{ids[0]}"

    assert "我去开门了" in client.get(path).text
    assert "我去开门了" not in browser(app, "admin1").get(path).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_event_has_a_sentence_of_its_own(app, language):
    kinds = [kind.value for kind in (*Event, *Move)]

    with app.test_request_context(), force_locale(language):
        sentences = {kind: event_sentence(kind, {}) for kind in kinds}

    assert set(SENTENCES) == set(kinds)
    assert len(set(sentences.values())) == len(kinds)
    assert not [kind for kind, sentence in sentences.items() if kind in sentence and "_" in kind]


def test_details_that_nobody_expects_still_make_a_sentence(app):
    odd = [{}, {"seconds": "x"}, {"seconds": None}, {"minutes": None}, {"closed_at": 3}]

    with app.test_request_context():
        for kind in SENTENCES:
            for detail in odd:
                assert event_sentence(kind, detail)
                assert event_words(kind, {"reason": 1, "text": None}) == ""


# ── incidents ─────────────────────────────────────────────────────────────────


def test_the_form_lists_who_was_in_the_exam_then(desk, clock):
    client, sitting_id, ids = desk
    clock.forward(minutes=30)

    then = client.get(
        f"/sittings/{sitting_id}/incidents/new?since=2026-11-02T12:10&until=2026-11-02T12:20"
    )
    before = client.get(
        f"/sittings/{sitting_id}/incidents/new?since=2026-11-02T11:00&until=2026-11-02T11:30"
    )

    assert re.findall(r'value="(\d+)" checked', then.text) == [str(one) for one in ids]
    assert 'name="attempt"' not in before.text


@pytest.mark.parametrize(
    ("since", "until"),
    [("x", "2026-11-02T12:20"), ("2026-11-02T13:00", "2026-11-02T12:00"), ("0001-01-01T00:00", "")],
)
def test_an_interval_that_is_none_is_said(desk, since, until):
    client, sitting_id, _ = desk

    page = client.get(
        f"/sittings/{sitting_id}/incidents/new", query_string={"since": since, "until": until}
    )

    assert (page.status_code, 'role="alert"' in page.text) == (400, True)


def test_a_refused_proposal_keeps_ticks_and_words(desk):
    client, sitting_id, ids = desk

    refused, _ = propose(
        client,
        sitting_id,
        ids[1:2],
        minutes="many",
        description="空调故障",
        since="2026-11-02T12:00",
        until="2026-11-02T12:20",
    )

    assert refused.status_code == 400
    assert "空调故障</textarea>" in refused.text
    assert 'value="many"' in refused.text
    assert re.findall(r'value="(\d+)" checked', refused.text) == [str(ids[1])]


def test_two_people_are_needed_from_the_report_to_the_minutes(desk, app, session):
    client, sitting_id, ids = desk
    rooms.proctor("hr1", Role.HR)
    hr = browser(app, "hr1")
    response, incident_id = propose(client, sitting_id, ids)
    address = f"/sittings/{sitting_id}/incidents/{incident_id}"

    own = client.post(f"{address}/decide", data={"decision": "approve", "reason": "x"})
    unsaid = hr.post(f"{address}/decide", data={"decision": "approve", "reason": ""})
    done = hr.post(f"{address}/decide", data={"decision": "approve", "reason": "属实"})
    again = hr.post(f"{address}/decide", data={"decision": "reject", "reason": "改主意"})

    assert response.status_code == 302
    assert (own.status_code, unsaid.status_code) == (403, 400)
    assert (done.status_code, again.status_code) == (302, 409)
    assert [rooms.attempt(one).granted_seconds for one in ids] == [600] * 3
    assert session.scalars(select(Incident.state)).one() == "approved"
    assert "属实" in hr.get(address).text


def test_the_page_offers_the_decision_to_those_who_may_take_it(desk, app):
    client, sitting_id, ids = desk
    rooms.proctor("hr1", Role.HR)
    factories.user("admin1", Role.ADMIN)
    _, incident_id = propose(client, sitting_id, ids, remedy="resit")
    address = f"/sittings/{sitting_id}/incidents/{incident_id}"

    offered = {
        name: 'name="decision"' in other.get(address).text
        for name, other in (
            ("proposer", client),
            ("hr", browser(app, "hr1")),
            ("admin", browser(app, "admin1")),
        )
    }

    assert offered == {"proposer": False, "hr": True, "admin": False}


def test_the_list_of_incidents_is_filtered_by_state(desk, app):
    client, sitting_id, ids = desk
    rooms.proctor("hr1", Role.HR)
    _, first = propose(client, sitting_id, ids, description="断网甲")
    propose(client, sitting_id, ids, description="断网乙")
    browser(app, "hr1").post(
        f"/sittings/{sitting_id}/incidents/{first}/decide",
        data={"decision": "reject", "reason": "x"},
    )

    def shown(**filters):
        page = client.get(f"/sittings/{sitting_id}/incidents", query_string=filters).text
        return [words for words in ("断网甲", "断网乙") if words in page]

    assert shown() == ["断网甲", "断网乙"]
    assert shown(state="proposed") == ["断网乙"]
    assert shown(state="rejected") == ["断网甲"]


def test_an_incident_of_another_sitting_is_not_there(desk, session):
    client, sitting_id, ids = desk
    other, _ = rooms.other_room()
    _, incident_id = propose(client, sitting_id, ids)

    assert client.get(f"/sittings/{other}/incidents/{incident_id}").status_code == 404


def test_irregularities_have_names(app):
    with app.test_request_context(), force_locale("en"):
        sentences = {
            event_sentence("irregularity", {"irregularity": kind.value}) for kind in Irregularity
        }

    assert len(sentences) == len(Irregularity)
