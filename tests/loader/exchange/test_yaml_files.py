import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.questions.question import load_question
from app.loader.exchange import yaml_files
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from tests.domain.strategies import questions, raw_questions

QUESTIONS = Path(__file__).parents[3] / "questions"
TRUE_FALSE = {
    "id": "PL14-01",
    "type": "true_false",
    "pool": "practice",
    "points": ["PL14"],
    "level": "remember",
    "difficulty": 1,
    "stem": {"zh": "对吗？", "en": "Right?"},
    "answer": True,
    "explanation": {"zh": "对。", "en": "It is."},
    "source": "general knowledge",
}


def written(*raws):
    return yaml_files.write([load_question(raw) for raw in raws], {}).data


def read_back(data):
    return [load_question(draft.raw) for draft in yaml_files.read(data).drafts]


@settings(max_examples=60, deadline=None)
@given(st.lists(questions(), max_size=4))
def test_export_import_and_export_again_give_the_same_bytes(some):
    first = yaml_files.write(some, {}).data

    again = read_back(first)

    assert again == some
    assert yaml_files.write(again, {}).data == first


@settings(max_examples=60, deadline=None)
@given(
    raw_questions(),
    st.text(min_size=1).map(str.strip).filter(lambda text: text and "\x00" not in text),
)
def test_any_text_that_a_question_can_have_comes_back(raw, text):
    raw["explanation"] = {"zh": text, "en": f"a\n\n  {text}"}
    question = load_question(raw)

    again = read_back(yaml_files.write([question], {}).data)

    assert again == [question]


@settings(max_examples=40, deadline=None)
@given(questions())
def test_an_export_means_the_same_to_the_reader_of_the_files(question):
    text = yaml_files.write([question], {}).data.decode()

    (raw,) = yaml.safe_load(text)

    assert load_question(raw) == question


def test_files_of_the_tree_come_back_without_loss():
    for path in sorted(QUESTIONS.glob("*/*.yaml"))[::9]:
        data = path.read_bytes()

        kept = read_back(data)

        assert [q.dump() for q in kept] == [
            load_question(raw).dump() for raw in yaml.load(data, Loader=yaml.CSafeLoader)
        ]
        assert read_back(yaml_files.write(kept, {}).data) == kept


def test_a_file_in_the_style_of_the_tree_is_written_again_as_it_was():
    path = QUESTIONS / "crm" / "crm-organisation.yaml"
    data = path.read_bytes()

    again = yaml_files.write(read_back(data), {}).data

    assert again == data


def test_several_lines_stand_in_a_block():
    raw = TRUE_FALSE | {"stem": {"zh": "第一段\n\n第二段", "en": "ends with a blank \nnext"}}

    text = written(raw).decode()

    assert "    zh: |-\n      第一段\n\n      第二段\n" in text
    assert '    en: "ends with a blank \\nnext"\n' in text


@pytest.mark.parametrize("tolerance", [1e-07, 0.1, 1, 1e16, 1.5e300, 123456789.125])
def test_numbers_stay_numbers(tolerance):
    raw = TRUE_FALSE | {"type": "numeric", "answer": "42", "tolerance": tolerance}

    (again,) = read_back(written(raw))

    assert again.body.tolerance == tolerance


def test_a_picture_that_stays_behind_is_named():
    name = f"{'a' * 64}.png"
    raw = TRUE_FALSE | {"stem": {"zh": f"看图 ![表](medium:{name})", "en": "See"}}

    losses = yaml_files.write([load_question(raw)], {}).losses

    assert [(loss.place, loss.parameters["name"]) for loss in losses] == [("PL14-01", name)]


def test_no_question_is_an_empty_list():
    data = yaml_files.write([], {}).data

    assert yaml_files.read(data).drafts == ()
    assert yaml_files.read(b"").drafts == ()


@pytest.mark.parametrize("opening", ["[", "- ", "[{a: ", "[? "])
def test_deep_nesting_is_refused_at_once(opening):
    began = time.process_time()

    with pytest.raises(Unreadable) as refused:
        yaml_files.read(opening.encode() * 100_000)

    assert "inside each other" in str(refused.value)
    assert time.process_time() - began < 2


def test_aliases_that_multiply_are_refused():
    bomb = "- &a [x, x]\n- &b [*a, *a]\n- &c [*b, *b]\n"

    with pytest.raises(Unreadable, match="line 1, column 3: anchors"):
        yaml_files.read(bomb.encode())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- !!python/object/apply:os.system [id]", "tags"),
        ("- {id: A, id: B}", "line 1, column 11: key id is given twice"),
        ("- {[a]: b}", "cannot be a key"),
        ("id: PL14-01", "must be a list of questions"),
        ("- {id: 'PL14-01", "line 1, column 16: is not valid YAML"),
        ("- a: 1\n- b: [", "is not valid YAML"),
        ("- {due: 2026-13-40}", "is not valid YAML"),
        ("- a: 1\n---\n- b: 1", "line 2, column 1: only the first"),
        ("- a: 1\n]", "is not valid YAML"),
        ("- \x00", "NUL"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text, message):
    with pytest.raises(Unreadable) as refused:
        yaml_files.read(text.encode())

    assert message in str(refused.value)


def test_another_encoding_is_told():
    with pytest.raises(Unreadable, match="not UTF-8 text .byte 9"):
        yaml_files.read(b"- stem: " + "题干".encode("gbk"))


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        yaml_files.read(b" " * (LARGEST_IMPORT + 1))


def test_an_entry_that_is_no_question_is_refused_with_its_line():
    reading = yaml_files.read(b"- {id: PL14-01}\n\n- just a text\n")

    assert [draft.place for draft in reading.drafts] == ["line 1"]
    assert [problem.place for problem in reading.refused] == ["line 3"]


def test_too_many_questions_are_refused():
    with pytest.raises(Unreadable, match="more than 20000 questions"):
        yaml_files.read(b"- 1\n" * 20_001)
