"""Course, lessons and practice, as a trainee meets them."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import func, select

from app.models.content import LessonText
from app.models.learning import LessonProgress, PracticeAnswer
from tests import factories
from tests.factories import log_in
from tests.services import scenes


@pytest.fixture
def trainee(app, client, session):
    factories.syllabus()
    factories.bank(
        [*scenes.every_type(11, pool="practice"), factories.content("PL14-51", pool="exam")]
    )
    texts = (("zh", "优劣势"), ("en", "Strengths"))
    for language, title in texts:
        text = {"lesson_id": "swot", "language": language, "title": title, "minutes": 5}
        session.add(LessonText(**text, html=f"<p>{title}</p>", toc=[], hash="0" * 64))
    session.commit()
    factories.user(language="en")
    return log_in(client)


def answer(trainee, question_id="PL14-11", given="b", **changes):
    form = {"question": question_id, "version": 1, "seed": 1, "answer": json.dumps(given)}
    return trainee.post("/practice/swot/answer", data=form | changes)


def count(session):
    return session.scalar(select(func.count()).select_from(PracticeAnswer))


def test_a_lesson_is_read_in_the_readers_language(trainee):
    assert "<p>Strengths</p>" in trainee.get("/lessons/swot").text

    trainee.post("/language", data={"language": "zh"})

    assert "<p>优劣势</p>" in trainee.get("/lessons/swot").text


def test_a_lesson_marked_as_done_is_done_on_the_course_page(trainee):
    trainee.post("/lessons/swot/done", data={"done": "yes"})
    assert 'data-state="done"' in trainee.get("/course").text

    trainee.post("/lessons/swot/done", data={"done": "no"})

    assert 'data-state="started"' in trainee.get("/course").text


@pytest.mark.parametrize(
    ("sent", "kept"), [("42", 42), ("-1", 0), ("x", 0), ("9" * 30, 0), ("999999", 3600), ("٣", 3)]
)
def test_time_on_a_lesson_is_added(trainee, session, sent, kept):
    response = trainee.post("/lessons/swot/time", data={"seconds": sent})

    assert response.status_code == 204
    assert session.scalar(select(LessonProgress.seconds)) == kept


def test_a_reader_sees_the_time_spent_on_a_lesson(trainee):
    before = trainee.get("/lessons/swot").text
    trainee.post("/lessons/swot/time", data={"seconds": "180"})

    assert "Time spent" not in before
    assert "Time spent here so far: 3 min" in trainee.get("/lessons/swot").text


def test_an_answer_leads_to_its_feedback_with_the_explanation(trainee):
    asked = trainee.get("/practice/swot").text
    assert "Secret reason" not in asked

    feedback = trainee.get(answer(trainee).location).text

    assert "Secret reason PL14-11" in feedback
    assert "option-right" in feedback


def test_every_type_can_be_asked_and_its_feedback_shown(trainee):
    wrong = ["a", ["b"], False, ["别的"], "1", {"1": "r1"}, ["r1", "r2", "r3", "r4"]]
    for number, given in enumerate(wrong, start=11):
        response = answer(trainee, f"PL14-{number}", given)

        assert trainee.get(response.location).status_code == 200, number


@pytest.mark.parametrize("question_id", ["PL14-51", "PL99-01", "", "x\x00"])
def test_what_is_not_a_practice_question_is_not_there(trainee, session, question_id):
    assert answer(trainee, question_id).status_code == 404
    assert count(session) == 0


TAMPERED = [
    {"answer": '"z"'},
    {"answer": "{"},
    {"answer": "[" * 100_000},
    {"answer": '["b"]'},
    {"version": "x"},
    {"version": "9" * 30},
    {"version": "-1"},
    {"seed": ""},
    {"seed": "9" * 5000},
    {"spent_ms": "x"},
]


def test_a_tampered_answer_is_asked_for_again(trainee, session):
    for tampered in TAMPERED:
        response = answer(trainee, **tampered)

        assert response.status_code in (400, 404), tampered
        assert 'role="alert"' in response.text or response.status_code == 404
    assert count(session) == 0


def test_a_long_time_at_a_question_is_no_reason_to_refuse(trainee, session):
    answer(trainee, spent_ms="9" * 30)

    assert session.scalar(select(PracticeAnswer.spent_ms)) == 3600 * 1000


def test_skipping_asks_another_question(trainee):
    for number in range(11, 18):
        page = trainee.get(f"/practice/swot?after=PL14-{number}").text

        assert re.search(r'name="question" value="([^"]+)"', page)[1] != f"PL14-{number}"


def test_a_scope_that_does_not_exist_is_not_there(trainee):
    for path in ("/practice/nowhere", "/lessons/nowhere"):
        assert trainee.get(path).status_code == 404
    assert trainee.post("/lessons/nowhere/done").status_code == 404


def test_a_lesson_without_questions_says_so(app, client, session):
    factories.syllabus()
    factories.user()

    assert "PL14" not in log_in(client).get("/practice/swot").text
    assert client.get("/practice").status_code == 200
