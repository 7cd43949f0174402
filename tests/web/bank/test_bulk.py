"""Many questions are changed in the browser: a preview first, then once, and one undo."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.questions import Question, QuestionVersion
from app.models.workshop import BulkChange
from tests import factories
from tests.factories import log_in

IDS = "PL14-01,PL14-02,PL14-03"


@pytest.fixture
def author(app, client):
    factories.syllabus()
    factories.bank(
        [
            factories.content("PL14-01"),
            factories.content("PL14-02", difficulty=4),
            factories.content("PL14-03", pool="exam"),
        ]
    )
    factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


def form_of(page):
    """What the preview's form would send."""
    form = page.text[page.text.index('action="/questions/bulk"') :]
    form = form[: form.index("</form>")]
    return dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form))


def harder(author, which=f"id={IDS}"):
    return author.get(f"/questions/bulk/preview?{which}&set_difficulty=4&note=why")


def difficulties(session):
    session.expire_all()
    return list(session.scalars(select(Question.difficulty).order_by(Question.id)))


def test_ticks_of_the_list_and_everything_that_a_filter_finds_lead_to_the_form(author):
    ticked = author.get("/questions/bulk?id=PL14-01&id=PL14-02").text
    everything = author.get("/questions/bulk?scope=all&difficulty=2").text

    assert "Ticked: 2 questions." in ticked
    assert "Everything that the filter finds: 2 questions." in everything


def test_nothing_ticked_is_told(author):
    response = author.get("/questions/bulk")

    assert response.status_code == 400
    assert "Tick the questions to change first." in response.text


def test_the_preview_names_what_changes_and_writes_nothing(author, session):
    page = harder(author)

    assert page.status_code == 200
    assert "Change 2 questions" in page.text
    assert difficulties(session) == [2, 4, 2]
    assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 3


def test_the_preview_says_why_a_question_is_refused(author):
    page = author.get(f"/questions/bulk/preview?id={IDS}&set_pool=exam&show=refused").text

    assert page.count("Its pool stays:") == 2


def test_stems_of_the_exam_pool_in_a_preview_are_on_record(author, session):
    harder(author)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "questions.listed")).one()
    assert (entry.subject, entry.detail["questions"]) == ("bulk preview", ["PL14-03"])


def test_a_preview_has_pages(author):
    factories.bank([factories.content(f"PL14-{number}") for number in range(100, 140)])

    first = harder(author, "scope=all")
    second = author.get("/questions/bulk/preview?scope=all&set_difficulty=4&note=why&page=2")

    assert first.text.count('<th scope="row">') == 25
    assert second.text.count('<th scope="row">') == 17
    assert len(form_of(second)["id"].split(",")) == 43


def test_an_order_that_asks_for_nothing_keeps_the_form_and_the_ticks(author):
    response = author.get(f"/questions/bulk/preview?id={IDS}&note=hello")

    assert response.status_code == 400
    assert "Choose what to change" in response.text
    assert f'name="id" value="{IDS}"' in response.text
    assert ">hello</textarea>" in response.text


def test_points_that_are_not_in_the_syllabus_are_told(author):
    response = author.get(f"/questions/bulk/preview?id={IDS}&add_points=XX99")

    assert response.status_code == 400
    assert "Point XX99 is not in the syllabus." in response.text


def test_the_same_form_sent_twice_changes_once(author, session):
    form = form_of(harder(author))

    answers = [author.post("/questions/bulk", data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert difficulties(session) == [4, 4, 4]
    assert session.scalar(select(func.count()).select_from(BulkChange)) == 1
    assert "Questions changed: 2." in author.get(answers[0].location).text


def test_an_outdated_preview_is_shown_anew(author, session):
    form = form_of(harder(author))
    again = form_of(harder(author, "id=PL14-01"))
    author.post("/questions/bulk", data=again)
    author.get("/questions")

    response = author.post("/questions/bulk", data=form | {"note": "another"})

    assert response.status_code == 409
    assert "Look at the new one first." in response.text
    assert "Change 1 questions" in response.text
    assert form_of(response)["expected"] not in (form["expected"], "")
    assert difficulties(session) == [4, 4, 2]


def test_a_change_is_undone_once_from_its_notice(author, session):
    done = author.post("/questions/bulk", data=form_of(harder(author)))
    notice = author.get(done.location).text
    action = re.search(r'action="(/questions/bulk/changes/\d+/undo)"', notice)[1]
    note = re.search(r'name="note" value="([^"]*)"', notice)[1]

    first = author.post(action, data={"note": note}, follow_redirects=True)
    second = author.post(action, data={"note": note})

    assert "Questions that are as they were: 2." in first.text
    assert difficulties(session) == [2, 4, 2]
    assert second.status_code == 409
    assert action not in second.text


def test_an_undo_without_a_reason_is_refused_in_the_history(author):
    author.post("/questions/bulk", data=form_of(harder(author)))
    page = author.get("/questions/bulk/changes").text
    action = re.search(r'action="(/questions/bulk/changes/\d+/undo)"', page)[1]

    response = author.post(action, data={"note": " "})

    assert response.status_code == 400
    assert "Say why, in the note." in response.text


def test_the_change_of_another_cannot_be_undone(author, app, session):
    author.post("/questions/bulk", data=form_of(harder(author)))
    change_id = session.scalar(select(BulkChange.id))
    factories.user("other", Role.INSTRUCTOR)
    other = log_in(app.test_client(), "other")

    response = other.post(f"/questions/bulk/changes/{change_id}/undo", data={"note": "x"})

    assert response.status_code == 404
    assert difficulties(session) == [4, 4, 4]


def test_many_are_retired_with_a_reason_and_never_approved(author, session):
    form = form_of(author.get(f"/questions/bulk/preview?id={IDS}&set_step=retire&note=old"))

    refused = author.post("/questions/bulk", data=form | {"set_step": "approve"})
    author.post("/questions/bulk", data=form)

    assert refused.status_code == 400
    session.expire_all()
    assert set(session.scalars(select(Question.state))) == {"retired"}


def test_a_trainee_changes_nothing(app, session):
    factories.syllabus()
    factories.bank([factories.content("PL14-01")])
    factories.user("trainee")
    trainee = log_in(app.test_client(), "trainee")
    form = {"id": "PL14-01", "set_difficulty": "5", "expected": "1"}

    assert trainee.post("/questions/bulk", data=form).status_code == 403
    assert difficulties(session) == [2]
