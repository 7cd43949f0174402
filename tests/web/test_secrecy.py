"""Nothing that a candidate can fetch during an exam tells which answer is right (promise 5)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.models.attempts import Attempt
from app.models.results import Result
from app.models.sittings import Sitting
from app.queries.versions import paper_slots
from app.services import questions, starting
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import scenes

MARKERS = [
    "机密",
    "secret",
    "Secret",
    "解析",
    "calls * 73",
    "calls*73",
    "explanation",
    "option-right",
    "option-missed",
    "answer-right",
    "model_answer",
    '"right"',
    "data-right",
    "true_answer",
    "tolerance",
    "004 Q9",
    "result-score",
    "result-verdict-good",
    "result-verdict-bad",
    "99.4",
]


@pytest.fixture(params=["zh", "en"])
def candidate(request, app, client):
    """In a running exam with every type that a rule scores, worth 99.4 in all."""
    factories.syllabus()
    feedback = {"feedback": {"zh": "机密反馈", "en": "secret feedback"}}
    with_feedback = [
        scenes.text(letter) | {"right": letter == "乙"} | feedback for letter in "甲乙丙丁"
    ]
    factories.bank(
        [
            factories.content("PL14-51", pool="exam", options=with_feedback),
            *scenes.every_type()[1:],
            factories.content("PL14-01", explanation=scenes.text("练习"), source="005"),
        ]
    )
    user_id = factories.user(language=request.param)
    plan = scenes.plan_of_every_type(14.2)
    plan[-1]["points"] = 14.2
    attempt_id = factories.attempt(
        app, user_id, plan=plan, papers=1, attempts=2, release="by_person"
    )
    return log_in(client), attempt_id


def leaks(text, allowed=()):
    return [marker for marker in MARKERS if marker in text and marker not in allowed]


def pages(client, attempt_id, session):
    """Every address a candidate may open during the exam or before the release."""
    sitting_id = session.scalar(select(Sitting.id))
    return [
        "/",
        "/exams",
        f"/exams/{sitting_id}",
        f"/attempts/{attempt_id}",
        f"/attempts/{attempt_id}/done",
        "/course",
        "/practice",
        "/practice/swot",
        "/practice/planning",
        "/certificates",
        "/account",
    ]


def test_the_exam_holds_every_type_that_a_rule_scores(candidate, session):
    paper_id = session.get_one(Attempt, candidate[1]).paper_id

    assert {slot.question.type.value for slot in paper_slots(paper_id)} == set(scenes.RIGHT)


def test_no_page_of_a_running_exam_tells_the_key_or_a_score(candidate, session):
    client, attempt_id = candidate
    right = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_of(session, attempt_id), right)

    found = {path: leaks(client.get(path).text) for path in pages(client, attempt_id, session)}

    assert {path: leak for path, leak in found.items() if leak} == {}


def user_of(session, attempt_id):
    return session.get_one(Attempt, attempt_id).user_id


def test_no_json_of_a_running_exam_tells_the_key_or_a_score(candidate):
    client, attempt_id = candidate
    claimed = client.post(f"/attempts/{attempt_id}/tab")
    wrong = {1: "a", 2: ["b"], 3: False, 4: ["别的"], 5: "1", 6: {"1": "r1"}}
    saves = [{"position": p, "seq": p, "answer": answer} for p, answer in wrong.items()]
    batch = {"token": claimed.json["token"], "epoch": claimed.json["epoch"], "saves": saves}

    saved = client.post(f"/attempts/{attempt_id}/saves", json=batch)
    again = client.post(f"/attempts/{attempt_id}/tab")

    assert saved.status_code == 200
    assert [leaks(response.text) for response in (claimed, saved, again)] == [[], [], []]


def test_right_and_wrong_answers_are_answered_alike(candidate):
    client, attempt_id = candidate
    claimed = client.post(f"/attempts/{attempt_id}/tab").json
    shapes = []
    for seq, answer in enumerate("abcd", start=1):
        item = {"position": 1, "seq": seq, "answer": answer}
        batch = {"token": claimed["token"], "epoch": claimed["epoch"], "saves": [item]}
        text = client.post(f"/attempts/{attempt_id}/saves", json=batch).text
        shapes.append(re.sub(r'"receipt":\s*"\w+"|"seq":\s*\d', "", text))

    assert len(set(shapes)) == 1


def test_nothing_is_told_before_the_release(candidate, session, app):
    client, attempt_id = candidate
    scenes.finish(app, attempt_id, user_of(session, attempt_id))
    assert session.scalar(select(Result.score)) == 99.4

    found = {path: leaks(client.get(path).text) for path in pages(client, attempt_id, session)}

    assert {path: leak for path, leak in found.items() if leak} == {}


def test_a_candidate_has_no_way_into_the_bank_or_the_results(candidate):
    for path in ("/questions", "/questions/PL14-51", "/results", "/results.xlsx"):
        assert candidate[0].get(path).status_code == 403


def test_an_exam_question_cannot_be_practised(candidate, session):
    form = {"question": "PL14-51", "version": 1, "seed": 1, "answer": '"b"'}

    response = candidate[0].post("/practice/swot/answer", data=form)

    assert response.status_code == 404
    assert leaks(response.text) == []


def other_keys():
    """The same questions with other keys; ordering is not among them, its key is its entries."""
    single, multiple, statement, gap, numeric, matching, _ = scenes.every_type()
    pairs = [
        (left, right)
        for (left, _), (_, right) in zip(scenes.PAIRS, scenes.PAIRS[::-1], strict=True)
    ]
    raw = [
        {"options": [o.text.dump() | {"right": o.id == "d"} for o in single.body.options]},
        {
            "type": "multiple",
            "options": [o.text.dump() | {"right": o.id in "bd"} for o in multiple.body.options],
        },
        {"type": "true_false", "answer": not statement.body.right},
        {"type": "fill_in", "stem": gap.stem.dump(), "blanks": [{"zh": ["别的"], "en": ["other"]}]},
        numeric.dump() | {"answer": "calls * 8"},
        {
            "type": "matching",
            "pairs": [{"left": scenes.text(a), "right": scenes.text(b)} for a, b in pairs],
        },
    ]
    return [
        factories.content(old.id, **{"pool": "exam", **own})
        for old, own in zip(scenes.every_type(), raw, strict=False)
    ]


def test_the_exam_page_is_the_same_byte_for_byte_whatever_the_key(app, client, session, clock):
    factories.syllabus()
    factories.bank(scenes.every_type()[:6])
    plan = scenes.plan_of_every_type()[:6]
    exam = factories.exam(plan=plan, papers=1, attempts=1)
    first = exam_page(client, exam, "trainee1")
    for content in other_keys():
        assert (
            questions.edit_question(
                content, from_version=1, note="", actor=Actor(), now=factories.NOW
            )
            == 2
        )

    second = exam_page(client, exam, "trainee2")

    assert first == second


def exam_page(client, exam, username):
    """What a candidate sees of a new paper, without ids, tokens and the candidate's own name."""
    user_id = factories.user(username)
    place = factories.registration(factories.sitting(exam), user_id)
    attempt_id = starting.start(
        place, user_id=user_id, seed=5, actor=Actor(user_id), now=factories.NOW
    )
    client.post("/logout")
    text = log_in(client, username).get(f"/attempts/{attempt_id}").text
    assert 'data-position="6"' in text
    text = text.replace(f"/attempts/{attempt_id}", "/attempts/N")
    text = re.sub(r'data-(attempt|user)="\d+"', "", text).replace(username, "NAME")
    return re.sub(r"[\w-]{20,}\.[\w-]+\.[\w-]+", "TOKEN", text)
