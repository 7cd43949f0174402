import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.questions.body import Layout
from app.domain.questions.kinds import QuestionType as T
from app.domain.questions.numeric import Variable
from app.domain.questions.question import load_question
from app.loader.exchange import qti
from app.loader.rendering import render_text
from tests.domain.strategies import OBJECTIVE, questions
from tests.loader.exchange.qti_files import unzipped, zipped

RECORD = "qijue.json"
every_version = pytest.mark.parametrize("form", qti.FORMATS, ids=lambda form: form.code)
slow = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def without_record(data):
    return zipped({name: part for name, part in unzipped(data).items() if name != RECORD})


def renamed(some):
    return [
        load_question({**question.dump(), "id": f"PL14-{number:02}"})
        for number, question in enumerate(some, start=1)
    ]


def shown(text):
    return {language: " ".join(render_text(words).split()) for language, words in text.items()}


def shown_everywhere(value):
    """The texts of a question as readers see them, however their Markdown is written."""
    if isinstance(value, dict) and value.keys() >= {"zh", "en"}:
        rest = {key: part for key, part in value.items() if key not in ("zh", "en")}
        if isinstance(value["zh"], str):
            return {**shown({"zh": value["zh"], "en": value["en"]}), **shown_everywhere(rest)}
        return {**value, **shown_everywhere(rest)}
    if isinstance(value, dict):
        return {key: shown_everywhere(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shown_everywhere(part) for part in value]
    return value


def comparable(raw):
    """What an item says of a question; the order of distractors means nothing."""
    raw = shown_everywhere(
        {
            key: part
            for key, part in raw.items()
            if key not in ("pool", "level", "source", "interchangeable")
        }
    )
    if "distractors" in raw:
        raw["distractors"] = sorted(raw["distractors"], key=str)
    if "blanks" in raw:
        raw["blanks"] = [sorted({*blank["zh"], *blank["en"]}) for blank in raw["blanks"]]
    return raw


@every_version
@slow
@given(some=st.lists(questions(), min_size=1, max_size=4))
def test_a_package_gives_back_equal_questions_and_the_same_bytes(form, some):
    some = renamed(some)

    first = form.write(some, {}).data
    reading = form.read(first)

    assert [load_question(draft.raw) for draft in reading.drafts] == some
    assert not reading.refused and not reading.notes
    assert form.write([load_question(draft.raw) for draft in reading.drafts], {}).data == first


@every_version
@slow
@given(question=questions(*[kind for kind in OBJECTIVE if kind is not T.NUMERIC]))
def test_the_items_alone_say_everything_of_what_is_scored_by_rule(form, question):
    package = without_record(form.write([question], {}).data)

    reading = form.read(package)

    assert not reading.refused
    (draft,) = reading.drafts
    assert comparable(draft.raw) == comparable(question.dump())
    assert not draft.notes


@every_version
@slow
@given(question=questions(T.NUMERIC))
def test_the_items_alone_say_everything_of_a_numeric_question(form, question):
    package = without_record(form.write([question], {}).data)

    (draft,) = form.read(package).drafts

    again = load_question({**question.dump(), **draft.raw}).body
    body = question.body
    assert (again.tolerance, again.relative) == (body.tolerance, body.relative)
    assert again.decimals == body.decimals
    assert (again.unit is None) == (body.unit is None)
    assert [reachable(variable) for variable in again.variables] == [
        reachable(variable) for variable in body.variables
    ]
    for seed in range(5):
        layout = body.arrange(random.Random(seed)) if body.variables else Layout()
        assert again.expected(layout) == body.expected(layout)


def reachable(variable: Variable):
    steps = int((variable.most - variable.least) / variable.step + 1e-9)
    return variable.name, variable.least, variable.step if steps else 0, steps


@every_version
def test_what_was_edited_elsewhere_is_read_from_the_item(form, question):
    files = unzipped(form.write([question], {}).data)
    path = f"items/{question.id}.xml"
    files[path] = files[path].replace("题干".encode(), "新的题干".encode())

    (draft,) = form.read(zipped(files)).drafts

    assert draft.raw["stem"]["zh"] == "新的题干"
    assert draft.raw["source"] == question.source
    assert draft.raw["pool"] == question.pool
    assert "changed after it left here" in str(draft.notes[0])


@every_version
def test_a_damaged_record_is_noted_and_the_items_are_read(form, question):
    files = unzipped(form.write([question], {}).data)
    files[RECORD] = files[RECORD][:-5]

    reading = form.read(zipped(files))

    assert [draft.raw["type"] for draft in reading.drafts] == ["single"]
    assert "record in this package is damaged" in str(reading.notes[0])


def test_a_record_of_something_else_is_not_believed(question):
    files = unzipped(qti.FORMATS[0].write([question], {}).data)
    half = {"format": "qijue questions 1", "items": {"a.xml": {"question": "\ud800"}}}
    for record in ([], {"format": "qijue questions 1"}, {"format": "other", "items": {}}, half):
        files[RECORD] = json.dumps(record).encode()

        reading = qti.FORMATS[0].read(zipped(files))

        assert "damaged" in str(reading.notes[0])
        assert len(reading.drafts) == 1


def test_every_version_is_read_by_every_format(question):
    packages = [form.write([question], {}).data for form in qti.FORMATS]

    readings = [qti.FORMATS[0].read(data) for data in packages]

    assert len(set(packages)) == 3
    assert all(load_question(reading.drafts[0].raw) == question for reading in readings)


@pytest.fixture
def question():
    return load_question(
        {
            "id": "PL14-01",
            "type": "single",
            "pool": "exam",
            "points": ["PL14"],
            "level": "apply",
            "difficulty": 4,
            "stem": {"zh": "题干", "en": "Stem"},
            "options": [
                {"zh": "甲", "en": "first", "right": True},
                {"zh": "乙", "en": "second", "feedback": {"zh": "不是。", "en": "No."}},
                {"zh": "以上都是", "en": "all of them", "fixed": True},
            ],
            "explanation": {"zh": "解析", "en": "Reason"},
            "source": "004 Q9",
        }
    )
