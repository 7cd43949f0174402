"""The review in the browser: the queue, the steps each person may take, and what leads on."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.domain.permissions import Permission, Role
from app.domain.questions.lifecycle import QuestionStep
from app.models.questions import Question
from app.models.workshop import QuestionMove
from app.services import questions
from app.services.trail import Actor
from tests import factories
from tests.conftest import Browser
from tests.factories import log_in

DRAFT = {"version": 1, "state": "draft"}
LIVE = {"version": 1, "state": "live"}


@pytest.fixture
def people(app):
    """Browsers of an author and of two reviewers, all in English."""
    factories.syllabus()
    ids = {
        name: factories.user(name, Role.INSTRUCTOR, name=f"{name}人", language="en")
        for name in ("author", "first", "second")
    }
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    browsers = {name: log_in(app.test_client(), name) for name in ids}
    return ids, browsers


def write(author_id, **changes):
    return questions.create_question(
        factories.content(**changes), note="", actor=Actor(author_id), now=factories.NOW
    )


def submitted(ids, count=1, **changes):
    """Questions of the author that wait for a content review, the first the longest."""
    found = []
    for number in range(count):
        question_id = write(ids["author"], **changes)
        factories.step(
            question_id,
            QuestionStep.SUBMIT,
            ids["author"],
            now=factories.NOW + timedelta(minutes=number),
        )
        found.append(question_id)
    return found


def decide(browser, question_id, decision, note="", query="", version=1, at=None):
    """at: the state that the page showed; None: the one that the question is in."""
    at = at or db.session.get_one(Question, question_id, populate_existing=True).state
    return browser.post(
        f"/questions/{question_id}/decide{query}",
        data={"version": version, "state": at, "decision": decision, "note": note},
    )


def state(session, question_id):
    session.expire_all()
    return session.get_one(Question, question_id).state


def waiting(browser, query=""):
    page = browser.get(f"/questions/review{query}").text
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)


def test_a_question_goes_its_whole_way_in_the_browser(people, session):
    ids, browsers = people
    question_id = write(ids["author"])

    browsers["author"].post(f"/questions/{question_id}/submit", data=DRAFT)
    assert state(session, question_id) == "content_review"

    sent_back = decide(browsers["first"], question_id, "send_back", "Option C is unclear")
    assert sent_back.status_code == 302
    assert state(session, question_id) == "draft"
    assert "Option C is unclear" in browsers["author"].get("/questions/mine").text
    assert "Sent back by first人" in browsers["author"].get(f"/questions/{question_id}").text

    browsers["author"].post(f"/questions/{question_id}/submit", data=DRAFT)
    decide(browsers["first"], question_id, "approve")
    decide(browsers["second"], question_id, "approve")
    decide(browsers["second"], question_id, "promote")
    assert state(session, question_id) == "live"

    page = browsers["author"].get(f"/questions/{question_id}").text
    for words in ("Was put into use", "Sent back", "Option C is unclear", "Submitted for review"):
        assert words in page


def test_the_author_and_the_first_reviewer_are_told_why_they_may_not_decide(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)

    page = browsers["author"].get(f"/questions/{question_id}").text
    refused = decide(browsers["author"], question_id, "approve")
    assert "somebody else has to decide" in page
    assert 'value="approve"' not in page
    assert refused.status_code == 403
    assert state(session, question_id) == "content_review"

    decide(browsers["first"], question_id, "approve")
    again = decide(browsers["first"], question_id, "approve")
    assert again.status_code == 403
    assert "somebody else has to review fairness" in again.text
    assert state(session, question_id) == "fairness_review"


def test_sending_back_without_a_reason_is_refused_and_nothing_is_lost(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)

    response = decide(browsers["first"], question_id, "send_back")
    too_long = decide(browsers["first"], question_id, "send_back", "x" * 2001)

    assert response.status_code == 400
    assert "Say why, in the note." in response.text
    assert "x" * 2001 in too_long.text
    assert state(session, question_id) == "content_review"


def test_a_decision_about_an_older_version_is_refused(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)
    questions.edit_question(
        factories.content(question_id, difficulty=5),
        from_version=1,
        note="",
        actor=Actor(ids["author"]),
        now=factories.NOW,
    )

    response = decide(browsers["first"], question_id, "approve")

    assert response.status_code == 409
    assert "newer version" in response.text


def test_an_approval_of_the_content_is_not_taken_for_that_of_fairness(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)
    page = browsers["second"].get(f"/questions/{question_id}").text
    assert re.search(r'name="state" value="content_review"', page)
    decide(browsers["first"], question_id, "approve")

    response = decide(browsers["second"], question_id, "approve", "fine", at="content_review")

    assert response.status_code == 409
    assert "has moved on" in response.text
    assert "fine</textarea>" in response.text
    assert re.search(r'name="state" value="fairness_review"', response.text)
    assert state(session, question_id) == "fairness_review"


def test_a_decision_that_does_not_exist_is_refused(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)

    for decision in ("", "retire", "write", "approve\x00"):
        assert decide(browsers["first"], question_id, decision).status_code == 400
    assert state(session, question_id) == "content_review"


def test_deciding_leads_on_to_the_next_one_and_at_the_end_to_the_queue(people):
    ids, browsers = people
    one, two, three = submitted(ids, count=3)

    after_two = decide(browsers["first"], two, "approve", query="?queue=1&at=1")
    after_three = decide(browsers["first"], three, "approve", query="?queue=1&at=1")

    assert after_two.location == f"/questions/{three}?queue=1&at=1"
    assert after_three.location == "/questions/review"
    assert waiting(browsers["first"]) == [one]


def test_the_queue_is_filtered_and_shows_nobody_their_own(people):
    ids, browsers = people
    one, two = submitted(ids, count=2)
    decide(browsers["first"], one, "approve")

    assert waiting(browsers["author"]) == []
    assert waiting(browsers["first"]) == [two]
    assert sorted(waiting(browsers["second"])) == [one, two]
    assert waiting(browsers["second"], "?state=fairness_review") == [one]
    assert waiting(browsers["second"], "?module=planning&lesson=swot&state=content_review") == [two]
    assert waiting(browsers["second"], "?module=other") == []
    assert len(waiting(browsers["second"], f"?author={ids['author']}")) == 2
    assert waiting(browsers["second"], f"?author={ids['first']}") == []
    assert waiting(browsers["second"], "?author=0") == []


def test_the_navigation_counts_what_waits_on_pages_of_the_staff_alone(people):
    ids, browsers = people
    submitted(ids, count=2)

    counts = {
        path: re.findall(r'class="nav-count">(\d+)', browsers["first"].get(path).text)
        for path in ("/questions", "/questions/review", "/course")
    }

    assert counts == {"/questions": ["2"], "/questions/review": ["2"], "/course": []}
    assert "nav-count" not in browsers["author"].get("/questions").text


def test_an_error_page_after_a_failure_asks_the_database_nothing(app, people, monkeypatch):
    _, browsers = people
    monkeypatch.setitem(app.view_functions, "bank.own", failing)
    monkeypatch.setattr("app.web.templating.queue_counts", failing)
    settings = dataclasses.replace(app.extensions["settings"], testing=False)
    monkeypatch.setitem(app.extensions, "settings", settings)

    response = browsers["first"].get("/questions/mine")

    assert response.status_code == 500
    assert "It has been noted." in response.text


def failing(*args, **values):
    raise RuntimeError("the database is away")


failing.permission = Permission.EDIT_QUESTIONS


def test_the_entry_of_the_review_alone_is_current_there(people):
    _, browsers = people

    page = browsers["first"].get("/questions/review").text
    navigation = page[page.index('<nav class="site-nav"') : page.index("</header>")]

    assert re.findall(r'href="([^"]*)" aria-current="page"', navigation) == ["/questions/review"]


def test_retiring_shows_the_uses_first_and_needs_a_reason(people, session):
    ids, browsers = people
    factories.bank([factories.content("PL14-40")])

    page = browsers["first"].get("/questions/PL14-40/retire").text
    refused = browsers["first"].post("/questions/PL14-40/retire", data=LIVE | {"note": "  "})
    assert "No paper has it." in page
    assert refused.status_code == 400
    assert state(session, "PL14-40") == "live"

    browsers["first"].post("/questions/PL14-40/retire", data=LIVE | {"note": "outdated"})
    assert state(session, "PL14-40") == "retired"

    browsers["first"].post("/questions/PL14-40/revive", data=LIVE | {"state": "retired"})
    assert state(session, "PL14-40") == "draft"


def test_retiring_names_the_papers_and_the_sittings_that_keep_it(app, people):
    ids, browsers = people
    factories.bank(factories.exam_pool(singles=2, statements=1))
    factories.attempt(app)

    page = browsers["first"].get("/questions/PL14-51/retire").text

    assert "papers that have it keep it" in page
    assert "1 candidates are working on a paper with it right now" in page
    assert "Theory" in page


def test_nobody_without_the_permission_sees_or_moves_anything(app, people, session):
    ids, _ = people
    [question_id] = submitted(ids)
    factories.user("trainee")
    trainee = log_in(app.test_client(), "trainee")

    answers = [
        trainee.get("/questions/review"),
        trainee.get("/questions/mine"),
        trainee.get(f"/questions/{question_id}"),
        trainee.get(f"/questions/{question_id}/differences"),
        trainee.post(f"/questions/{question_id}/comments", data={"comment": "x", "version": 1}),
        decide(trainee, question_id, "approve"),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert state(session, question_id) == "content_review"


def test_queues_run_as_many_statements_with_many_rows_as_with_few(people, statements):
    ids, browsers = people

    def count():
        found = {}
        for name, path in (("first", "/questions/review"), ("author", "/questions/mine")):
            browsers[name].get(path)
            statements.clear()
            assert browsers[name].get(path).status_code == 200
            found[path] = len(statements)
        return found

    submitted(ids, count=1)
    few = count()

    submitted(ids, count=20)

    assert count() == few
    assert max(few.values()) <= 14, few


def test_steps_are_written_with_the_person_who_took_them(people, session):
    ids, browsers = people
    [question_id] = submitted(ids)

    decide(browsers["first"], question_id, "approve", "fine")

    move = session.scalars(select(QuestionMove).order_by(QuestionMove.id.desc())).first()
    assert (move.user_id, move.note, move.to_state) == (ids["first"], "fine", "fairness_review")
