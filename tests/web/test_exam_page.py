"""The exam page as the server writes it: parts, breaks, larger text, and what it needs offline."""

from __future__ import annotations

import json
import re

import pytest
from joserfc.jwk import ECKey

from app.domain.entrance import config_key_hash
from app.models.attempts import Attempt
from app.models.sittings import Sitting
from app.services.attempts import take_break
from app.services.trail import Actor
from app.web.exams.entrance import SEB_HEADER
from tests import factories
from tests.factories import log_in


@pytest.fixture
def begin(app, client):
    """Starts an attempt of an exam with these fields and logs in; returns its id."""

    def start(**changes):
        attempt_id = factories.attempt(app, factories.user(language="en"), **changes)
        log_in(client)
        return attempt_id

    return start


def change(session, attempt_id, **values):
    attempt = session.get_one(Attempt, attempt_id)
    for name, value in values.items():
        setattr(attempt, name, value)
    session.commit()


def attribute(page, name):
    found = re.search(rf'{name}="([^"]*)"', page)
    return found and found[1]


def in_parts():
    return {"plan": factories.IN_SECTIONS, "sections": factories.SECTIONS}


def test_a_one_way_exam_shows_the_open_part_and_how_many_there_are(begin, client):
    page = client.get(f"/attempts/{begin(**in_parts())}").text

    assert "Part one" in page and "Part two" not in page
    assert "Part 1 of 2" in page
    assert re.findall(r'data-goto="(\d+)"', page) == ["1", "2"]
    assert attribute(page, "data-open-handing") == "section"


def test_the_last_part_ends_with_handing_in(begin, client):
    attempt_id = begin(**in_parts())
    claimed = client.post(f"/attempts/{attempt_id}/tab").json
    body = {"section": 1, "epoch": claimed["epoch"]}
    assert client.post(f"/attempts/{attempt_id}/section", json=body).json["section"] == 2

    page = client.get(f"/attempts/{attempt_id}").text

    assert re.findall(r'data-goto="(\d+)"', page) == ["3"]
    assert "Part 2 of 2" in page
    assert attribute(page, "data-open-handing") == "submit"


def test_an_exam_without_parts_speaks_of_none(begin, client):
    page = client.get(f"/attempts/{begin()}").text

    assert "exam-part" not in page
    assert 'id="section-dialog"' not in page


def test_a_break_is_offered_only_while_there_is_some_left(begin, client, session, clock):
    attempt_id = begin()
    assert 'id="break-dialog"' not in client.get(f"/attempts/{attempt_id}").text

    change(session, attempt_id, break_seconds=600)
    page = client.get(f"/attempts/{attempt_id}").text
    assert "You have 10 minutes of breaks left." in page

    user_id = session.get_one(Attempt, attempt_id).user_id
    take_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=clock())
    paused = client.get(f"/attempts/{attempt_id}").text
    assert attribute(paused, "data-pause-ms") == "600000"
    assert "question-stem" not in paused
    clock.forward(minutes=10)
    page = client.get(f"/attempts/{attempt_id}").text
    assert "question-stem" in page
    assert 'id="break-dialog"' not in page


def test_larger_text_is_a_class_of_the_page(begin, client, session):
    attempt_id = begin()
    assert 'class="exam-page"' in client.get(f"/attempts/{attempt_id}").text

    change(session, attempt_id, larger_text=True)

    assert 'class="exam-page exam-larger"' in client.get(f"/attempts/{attempt_id}").text


def test_the_page_holds_the_public_half_of_the_key_for_answer_files(app, begin, client):
    page = client.get(f"/attempts/{begin()}").text

    key = json.loads(attribute(page, "data-answer-key").replace("&#34;", '"'))
    own = ECKey.import_key(dict(app.extensions["settings"].answer_file_key))
    assert (key["crv"], key["x"]) == ("P-256", own.as_dict(private=False)["x"])
    assert "d" not in key


def test_the_page_names_the_worker_that_opens_it_offline(begin, client):
    response = client.get(f"/attempts/{begin()}")

    assert attribute(response.text, "data-worker-url") == "/sw.js"
    policy = attribute(response.text, "data-policy").replace("&#39;", "'")
    assert policy == response.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy


def test_in_safe_exam_browser_there_is_no_worker(begin, client, session):
    attempt_id = begin()
    sitting = session.get_one(Sitting, session.get_one(Attempt, attempt_id).sitting_id)
    sitting.seb_keys = ["0" * 64]
    session.commit()
    sent = config_key_hash(f"http://localhost/attempts/{attempt_id}", "0" * 64)

    page = client.get(f"/attempts/{attempt_id}", headers={SEB_HEADER: sent}).text

    assert "question-stem" in page
    assert "data-worker-url" not in page


def test_the_worker_is_served_from_the_root_and_never_kept(client):
    response = client.get("/sw.js")

    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in response.headers


def test_claiming_returns_every_answer_with_its_receipt(begin, client):
    attempt_id = begin()
    tab = client.post(f"/attempts/{attempt_id}/tab").json
    item = {"position": 1, "seq": 1, "answer": "a", "flagged": True}
    batch = {"token": tab["token"], "epoch": tab["epoch"], "saves": [item]}
    (receipt,) = client.post(f"/attempts/{attempt_id}/saves", json=batch).json["receipts"]

    answers = client.post(f"/attempts/{attempt_id}/tab").json["answers"]

    assert answers == {
        "1": {
            "answer": "a",
            "flagged": True,
            "epoch": 1,
            "seq": 1,
            "at": receipt["at"],
            "receipt": receipt["receipt"],
        }
    }


def test_somebody_elses_attempt_is_missing_by_its_code(begin, client):
    attempt_id = begin()
    factories.user("other")
    log_in(client, "other")

    response = client.post(f"/attempts/{attempt_id}/tab", headers={"Accept": "application/json"})

    assert (response.status_code, response.json["code"]) == (404, "attempt-missing")
