"""What the editor asks for while somebody writes."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionDraft
from app.services.question_drafts import autosave
from app.services.questions import edit_question
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import scenes
from tests.web.editor.test_form import WRITTEN, contents

NEW = {
    "type": "single",
    "pool": "practice",
    "points.0.id": "PL14",
    "level": "apply",
    "difficulty": "3",
    "stem.zh": "新题？",
    "stem.en": "New?",
    **{
        f"body.options.{n}.{language}": f"{language}{n}"
        for n in range(4)
        for language in ("zh", "en")
    },
    "body.options.1.right": "1",
    "explanation.zh": "因为",
    "explanation.en": "Because",
    "source": "004 Q9",
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def author(app, client):
    factories.syllabus()
    factories.bank(contents())
    client.author_id = factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


def send(author, path, **fields):
    return author.post(f"/questions/{path}", data=NEW | fields, headers=JSON)


def test_a_draft_of_a_new_question_is_kept_found_again_and_becomes_the_question(author, session):
    draft_id = str(uuid.uuid4())
    kept = send(author, "autosave", draft=draft_id, seq="4").json
    page = author.get(f"/questions/new?draft={draft_id}").text

    saved = send(author, "new", draft=draft_id, seq="5").json

    assert (kept["is_stored"], kept["seq"]) == (True, 4)
    assert "新题？" in page and 'name="seq" value="4"' in page
    assert saved["location"] == f"/questions/{saved['question']}"
    assert session.get_one(Question, saved["question"]).stem_zh == "新题？"
    again = author.get(f"/questions/new?draft={draft_id}")
    assert again.location == f"/questions/{saved['question']}/edit"


def test_an_older_draft_never_replaces_a_newer_one(author):
    newer = {"question": "PL14-51", "from_version": "1", "seq": "7"}
    send(author, "autosave", **newer)

    late = send(author, "autosave", **(newer | {"seq": "6", "stem.zh": "旧"})).json

    assert (late["is_stored"], late["seq"]) == (False, 7)
    assert "旧</textarea>" not in author.get("/questions/PL14-51/edit").text


def test_the_same_new_question_sent_twice_is_one(author, session):
    before = session.scalar(select(func.count()).select_from(Question))
    draft_id = str(uuid.uuid4())

    found = {send(author, "new", draft=draft_id, seq="1").json["question"] for _ in range(2)}

    assert len(found) == 1
    assert session.scalar(select(func.count()).select_from(Question)) == before + 1


def test_save_and_next_goes_on_with_one_more_of_the_kind_or_with_the_next_question(author):
    more = send(author, "new", draft=str(uuid.uuid4()), then="next").json["location"]
    next_one = send(author, "PL14-51/edit", from_version="1", then="next").json["location"]

    assert more == "/questions/new?type=single&pool=practice&point=PL14"
    assert next_one == "/questions/PL14-52/edit"


def test_what_is_wrong_is_told_to_a_script_and_nothing_is_saved(author, session):
    before = session.scalar(select(func.count()).select_from(QuestionVersion))

    response = send(author, "PL14-51/edit", **{"from_version": "1", "stem.en": ""})

    assert response.status_code == 400
    assert (response.json["code"], response.json["places"]) == ("unfinished", ["stem.en"])
    assert session.scalar(select(func.count()).select_from(QuestionVersion)) == before


def test_remarks_stand_at_their_fields_although_an_entry_between_is_empty(author):
    gap = {"body.options.1.zh": "", "body.options.1.en": "", "body.options.1.right": ""}
    found = send(author, "check", **(gap | {"body.options.2.zh": "总是", "stem.en": ""})).json

    at = {(one["field"], one["weight"]) for one in found["remarks"]}
    assert {("stem.en", "gap"), ("body.options.2.zh", "hint"), ("body.options", "fault")} <= at
    assert found["counts"] == {"fault": 1, "gap": 1, "hint": 1}


def test_a_question_without_a_fault_has_nothing_to_remark(author):
    assert send(author, "check").json["remarks"] == []


@pytest.mark.parametrize(("language", "words"), [("zh", "新题？"), ("en", "New?")])
def test_the_preview_is_the_candidates_page_of_what_is_not_saved(author, language, words):
    shown = send(author, "preview", preview_language=language).text

    assert words in shown
    assert shown.count('class="option"') == 4
    assert "Because" not in shown and "因为" not in shown


@pytest.mark.parametrize("content", contents(), ids=lambda one: f"{one.type.value}-{one.id}")
def test_every_type_can_be_previewed_and_checked_unsaved(author, content):
    for path in ("preview", "check", "similar"):
        response = send(author, path, question=content.id)

        assert response.status_code == 200, (path, response.text)


def test_samples_show_drawn_values_with_the_right_result(author):
    fields = {
        "question": "PL14-55",
        "body.answer": "calls * 2",
        "body.variables.0.name": "calls",
        "body.variables.0.least": "3",
        "body.variables.0.most": "3",
        "body.variables.0.step": "1",
        "body.decimals": "0",
    }

    shown = send(author, "preview", **fields).text
    broken = send(author, "preview", **(fields | {"body.answer": "calls * other"})).text

    assert shown.count("<td>3</td><td>6</td>") == 5
    assert "cannot be worked out: other" in broken


def test_an_answer_is_tried_out_against_wordings_that_are_not_saved(author):
    fields = {
        "question": "PL14-80",
        "body.key_points.0.zh": "倾听",
        "body.key_points.0.en": "listen",
        "body.key_points.0.weight": "1",
        "body.key_points.1.zh": "回访",
        "body.key_points.1.en": "call",
        "body.key_points.1.weight": "3",
        "body.key_points.1.synonyms.zh": "再联系",
    }

    shown = send(author, "try-out", tried="以后再联系", **fields).text

    assert WRITTEN[0]["type"] == "short_answer"
    assert "found: 再联系" in shown
    assert "75 %" in shown
    assert send(author, "try-out", tried="x").status_code == 400


def test_similar_questions_of_the_other_pool_are_warned_of_and_their_text_is_on_record(
    author, session
):
    stem = {"zh": "客户服务环境分析包括哪三个方面的内容？", "en": "Which three?"}
    factories.bank([factories.content("PL14-99", pool="exam", stem=stem)])

    shown = send(author, "similar", **{"stem.zh": stem["zh"]}).text
    before = viewed(session)
    stem_shown = author.post("/questions/PL14-99/stem", headers=JSON).json

    assert "PL14-99" in shown and "other pool" in shown
    assert stem["zh"] not in shown
    assert (before, viewed(session)) == ([], ["PL14-99"])
    assert stem_shown["zh"] == stem["zh"]


def viewed(session):
    return session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "question.viewed")
    ).all()


def write_as_another(*, seq=1):
    other_id = factories.user("other", Role.INSTRUCTOR, name="王老师")
    raw = scenes.every_type(pool="practice")[0].dump()
    autosave("PL14-51", raw, from_version=1, seq=seq, user_id=other_id, now=factories.NOW)
    return other_id


def test_somebody_else_who_writes_is_named_for_ten_minutes(author, clock):
    write_as_another()
    now = author.get("/questions/PL14-51/presence").json["others"]
    page = author.get("/questions/PL14-51/edit").text
    clock.forward(minutes=11)

    later = author.get("/questions/PL14-51/presence").json["others"]

    assert len(now) == 1 and "王老师" in now[0]
    assert now[0] in page
    assert later == []


def test_a_conflict_shows_both_keeps_ones_own_and_puts_them_together(author, session):
    draft = {"question": "PL14-51", "from_version": "1", "seq": "1", "stem.zh": "我的？"}
    draft |= {"explanation.zh": "解析机密 PL14-51", "explanation.en": "Secret reason PL14-51"}
    send(author, "autosave", **draft)
    save_as_another(explanation={"zh": "别人的解析", "en": "Their reason"})

    refused = send(author, "PL14-51/edit", **draft)
    page = author.get("/questions/PL14-51/edit").text
    together = author.get("/questions/PL14-51/edit?merge=1").text

    assert (refused.status_code, refused.json["code"]) == (409, "edited-meanwhile")
    assert "王老师" in page and "我的？</textarea>" in page and "别人的" in page
    assert "我的？</textarea>" in together and "别人的解析</textarea>" in together
    assert 'name="from_version" value="2"' in together
    assert session.get_one(Question, "PL14-51").current_version == 2


def save_as_another(**changes):
    other_id = factories.user("other", Role.INSTRUCTOR, name="王老师")
    content = factories.content("PL14-51", **changes)
    edit_question(content, from_version=1, note="", actor=Actor(other_id), now=factories.NOW)


def test_after_comparing_ones_own_is_saved_on_top(author, session):
    save_as_another(difficulty=5)
    mine = {"from_version": "1", "stem.zh": "我的？"}

    response = send(author, "PL14-51/edit", **mine, compared="2")

    assert response.status_code == 200
    assert session.get_one(Question, "PL14-51").current_version == 3


def test_a_draft_is_thrown_away_and_late_autosaves_do_not_bring_it_back(author, session):
    draft = send(author, "autosave", question="PL14-51", from_version="1", seq="3").json["draft"]

    author.post("/questions/drafts/discard", data={"draft": draft, "seq": "3"})
    late = send(author, "autosave", question="PL14-51", from_version="1", seq="3").json

    assert late["is_stored"] is False
    assert session.get_one(QuestionDraft, draft).raw is None


def test_the_draft_of_another_is_not_there(author):
    draft_id = str(uuid.uuid4())
    send(author, "autosave", draft=draft_id, seq="4")
    factories.user("stranger", Role.INSTRUCTOR)
    log_in(author, "stranger")

    assert "新题？" not in author.get(f"/questions/new?draft={draft_id}").text
    assert send(author, "autosave", draft=draft_id, seq="9").status_code == 400


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("check", {"type": "essay"}, 400),
        ("preview", {"type": ""}, 400),
        ("check", {"question": "XX99-99"}, 404),
        ("autosave", {"draft": "x", "seq": "1"}, 400),
        ("autosave", {"draft": str(uuid.uuid4()), "seq": "1", "stem.zh": "长" * 200_001}, 413),
        ("preview", {"stem.zh": "长" * 200_001}, 413),
        ("new", {"draft": "x"}, 400),
        ("new", {"pool": "both"}, 404),
    ],
)
def test_what_cannot_be_is_refused(author, path, fields, status):
    assert send(author, path, **fields).status_code == status


def test_a_copy_becomes_a_question_of_its_own(author, session):
    page = author.get("/questions/PL14-51/duplicate").text

    assert "This is a copy of PL14-51" in page
    assert 'action="/questions/new"' in page
    assert session.get_one(Question, "PL14-51").current_version == 1


def test_ones_drafts_are_listed_where_a_new_question_begins(author):
    draft_id = str(uuid.uuid4())
    send(author, "autosave", draft=draft_id, seq="1")

    page = author.get("/questions/new").text

    assert f"/questions/new?draft={draft_id}" in page
    assert page.count("type=case") == 2
