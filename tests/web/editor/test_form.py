"""The form of the editor: every type comes back as it was, and nothing typed is lost."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.questions import Question, QuestionVersion
from tests import factories
from tests.factories import log_in
from tests.services import scenes

CRITERION = {
    "name": scenes.text("条理"),
    "weight": 4,
    "levels": [scenes.text("好") | {"share": 1.0}, scenes.text("差") | {"share": 0.0}],
}
WRITTEN = [
    {
        "type": "short_answer",
        "key_points": [
            scenes.text("一") | {"weight": 1.5, "synonyms": {"zh": ["壹", "首"], "en": ["one"]}},
            scenes.text("二"),
            scenes.text("三"),
        ],
        "any_of": 2,
        "model_answer": scenes.text("范文"),
    },
    {
        "type": "case",
        "parts": [
            {
                "stem": scenes.text(f"任务{n}"),
                "model_answer": scenes.text("范文"),
                "criteria": [CRITERION],
            }
            for n in "一二"
        ],
    },
]
EXTRAS = [
    {"options": [scenes.text(x) | {"right": x == "乙", "fixed": x == "丁"} for x in "甲乙丙丁"]},
    {
        "options": [
            scenes.text(x) | {"right": x == "乙", "feedback": scenes.text("再想")} for x in "甲乙丙"
        ]
    },
    {"type": "numeric", "answer": "2.5", "relative_tolerance": 0.05, "unit": scenes.text("分钟")},
    {"type": "numeric", "answer": "3", "tolerance": 0.5, "decimals": 0},
    {
        "type": "fill_in",
        "stem": {"zh": "____和____", "en": "____ and ____"},
        "blanks": [
            {"zh": ["快", "迅速"], "en": ["fast"]},
            {"zh": ["准"], "en": ["right", "exact"]},
        ],
        "interchangeable": True,
    },
    {
        "type": "matching",
        "pairs": [{"left": scenes.text(a), "right": scenes.text(b)} for a, b in scenes.PAIRS],
        "distractors": [scenes.text("多余")],
    },
    {"type": "true_false", "answer": False},
]


def contents():
    written = [
        factories.content(f"PL14-{80 + n}", **own) for n, own in enumerate([*WRITTEN, *EXTRAS])
    ]
    return [*scenes.every_type(pool="practice"), *written]


class Form(HTMLParser):
    """The fields that a browser would send back from the editor."""

    def __init__(self, html):
        super().__init__()
        self.fields, self._area, self._select = {}, None, None
        self._templates, self._editor = 0, False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "template":
            self._templates += 1
        if tag == "form":
            self._editor = "data-editor" in given
        if self._templates or not self._editor:
            return
        if tag == "textarea":
            self._area = given["name"]
            self.fields[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value")
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "template":
            self._templates -= 1
        if tag == "textarea":
            self._area = None
        if tag == "form":
            self._editor = False

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")
        elif self._select and self.fields.get(self._select, "") is None:
            self.fields[self._select] = data


@pytest.fixture
def editor(app, client):
    factories.syllabus()
    factories.bank(contents())
    factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


def form_of(editor, question_id="PL14-51"):
    return Form(editor.get(f"/questions/{question_id}/edit").text).fields


def save(editor, fields, question_id="PL14-51"):
    return editor.post(f"/questions/{question_id}/edit", data=fields)


def count(session):
    return session.scalar(select(func.count()).select_from(QuestionVersion))


def test_the_editor_gives_back_every_type_unchanged(editor, session):
    before = count(session)
    for content in contents():
        response = save(editor, form_of(editor, content.id), content.id)

        assert response.status_code == 302, (content.id, response.text)
        assert "Nothing was changed." in editor.get(response.location).text, content.id
    assert count(session) == before


def test_an_edit_makes_a_version_with_its_author_and_note(editor, session):
    fields = form_of(editor) | {"stem.zh": "新题干 䶮？", "note": "更清楚"}

    response = save(editor, fields)

    page = editor.get(response.location).text
    assert "Saved as version 2." in page
    assert "更清楚" in page
    assert session.get_one(Question, "PL14-51").stem_zh == "新题干 䶮？"


def test_problems_are_all_shown_and_what_was_typed_is_kept(editor, session):
    before = count(session)
    fields = form_of(editor) | {"stem.en": "", "body.options.0.zh": "我改的😀", "source": ""}
    fields.pop("body.options.1.right")

    response = save(editor, fields)

    assert response.status_code == 400
    for words in ("no option is marked right", "translation is missing", "is missing"):
        assert words in response.text
    assert "我改的😀" in response.text
    assert count(session) == before


NUL_PLACES = [
    ("PL14-51", "stem.zh"),
    ("PL14-51", "body.options.0.en"),
    ("PL14-51", "source"),
    ("PL14-51", "note"),
    ("PL14-51", "level"),
    ("PL14-54", "body.blanks.0.zh"),
    ("PL14-55", "body.variables.0.name"),
    ("PL14-80", "body.key_points.0.synonyms.zh"),
]


def test_a_nul_character_is_refused_and_nothing_is_lost(editor, session):
    before = count(session)
    for question_id, field in NUL_PLACES:
        fields = form_of(editor, question_id)
        fields |= {"explanation.zh": "留下我", field: f"{fields[field]}\x00"}

        response = save(editor, fields, question_id)

        assert (response.status_code, "留下我" in response.text) == (400, True), field
    assert count(session) == before


def test_somebody_elses_edit_is_not_overwritten_and_ones_own_text_is_kept(editor, session):
    mine = form_of(editor) | {"stem.zh": "我的说法？"}
    save(editor, form_of(editor) | {"stem.zh": "别人的说法？"})

    response = save(editor, mine)

    assert response.status_code == 409
    assert "我的说法？" in response.text
    assert session.get_one(Question, "PL14-51").stem_zh == "别人的说法？"


@pytest.mark.parametrize(
    "tampered",
    [{"id": "PL14-52"}, {"pool": "exam"}, {"type": "true_false"}, {"from_version": "x"}],
)
def test_id_pool_and_type_are_not_the_forms_to_change(editor, session, tampered):
    save(editor, form_of(editor) | {"stem.zh": "改？"} | tampered)

    row = session.get_one(Question, "PL14-51")
    assert (row.pool, row.type) == ("practice", "single")
    assert session.get_one(Question, "PL14-52").current_version == 1


def test_every_look_at_an_exam_question_is_on_record(editor, session):
    factories.bank([factories.content("PL14-99", pool="exam")])
    for path in (
        "/questions/PL14-99/edit",
        "/questions/PL14-99/duplicate",
        "/questions/PL14-51/edit",
    ):
        editor.get(path)

    assert viewed(session) == ["PL14-99", "PL14-99"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"stem.zh": ""}, 400),
        ({"from_version": "1"}, 409),
        ({"from_version": ""}, 409),
        ({"stem.zh": "", "from_version": ""}, 400),
    ],
)
def test_a_save_that_shows_an_exam_question_is_on_record(editor, session, changes, status):
    factories.bank([factories.content("PL14-99", pool="exam")])
    fields = form_of(editor, "PL14-99")
    save(editor, fields | {"source": "别人改的出处"}, "PL14-99")
    before = len(viewed(session))

    response = save(editor, fields | {"explanation.zh": "我的解析"} | changes, "PL14-99")

    assert response.status_code == status
    assert "别人改的出处" in response.text
    assert viewed(session)[before:] == ["PL14-99"]


def viewed(session):
    return session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "question.viewed")
    ).all()


def test_stems_of_exam_questions_among_ones_drafts_are_on_record(editor, session):
    factories.bank([factories.content("PL14-99", pool="exam")])
    for question_id in ("PL14-51", "PL14-99"):
        keep(editor, question_id, {"stem.zh": f"改过的{question_id}"})

    page = editor.get("/questions/new").text

    assert "改过的PL14-99" in page
    (listed,) = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "questions.listed")
    ).all()
    assert listed.subject == "own drafts"
    assert "PL14-99" in str(listed.detail)
    assert "PL14-51" not in str(listed.detail)


def test_the_note_for_the_history_is_kept_with_the_draft(editor, session):
    keep(editor, "PL14-51", {"stem.zh": "新题干", "note": "措辞更清楚"})

    fields = form_of(editor)

    assert (fields["stem.zh"], fields["note"]) == ("新题干", "措辞更清楚")
    save(editor, fields)
    newest = session.scalar(
        select(QuestionVersion).where(
            QuestionVersion.question_id == "PL14-51", QuestionVersion.number == 2
        )
    )
    assert newest.note == "措辞更清楚"
    assert "note" not in newest.content


def keep(editor, question_id, changes):
    """An autosave of the form with these changes."""
    fields = form_of(editor, question_id) | {"question": question_id, "seq": "3"}
    kept = editor.post("/questions/autosave", data=fields | changes)
    assert kept.json["is_stored"]
