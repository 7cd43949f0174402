"""Moodle XML out: what we write is read back as it was, and what is lost is named."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.media import Medium
from app.domain.questions.kinds import QuestionType as T
from app.domain.questions.question import load_question
from app.loader.exchange.contract import problems_of
from app.loader.exchange.moodle import FORMAT
from tests.domain.strategies import questions, raw_questions

PICTURE = Medium.of(b"\x89PNG\r\n\x1a\n" + bytes(20))
PIECES = """a b 甲 1. # * ** _ - < > & ; &amp; " ' \\ \\\\ ` [ ] ( ) { } = ~ %50% % : :: / // | $
$x$ @ <b> </b> ]( \\n #### {1:SA:=x} T >""".split()
awkward = st.lists(st.sampled_from([*PIECES, " ", "\n"]), min_size=1, max_size=5).map(
    lambda pieces: "".join(pieces).strip() or "x"
)


def read_back(question, media=()):
    written = FORMAT.write([question], {medium.name: medium for medium in media})
    return written, FORMAT.read(written.data)


def made(raw):
    return load_question({**next_raw(raw["type"]), **raw})


def next_raw(kind):
    """The fields that every type has."""
    return {
        "id": "PL14-01",
        "type": kind,
        "pool": "practice",
        "points": ["PL14"],
        "level": "apply",
        "difficulty": 2,
        "stem": {"zh": "题干", "en": "Stem"},
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "004 Q9",
    }


def options(*right, fixed=""):
    names = "abcd"
    return [
        {"zh": f"甲{n}", "en": f"one {n}"}
        | ({"right": True} if n in right else {})
        | ({"fixed": True} if n in fixed else {})
        for n in names
    ]


@given(questions())
def test_every_type_is_read_back_as_it_was_written(question):
    _, reading = read_back(question)

    assert not reading.refused
    (draft,) = reading.drafts
    assert not problems_of(draft)
    assert load_question(dict(draft.raw)) == question
    assert not draft.notes


@given(raw_questions(T.SINGLE, T.MATCHING, T.ORDERING), st.lists(awkward, min_size=10, max_size=10))
def test_signs_that_mean_something_to_moodle_or_markdown_stay_what_they_are(raw, texts):
    texts = [f"{text}{number}" for number, text in enumerate(texts)]
    raw = {
        **raw,
        "stem": {"zh": texts[0], "en": texts[1]},
        "explanation": {"zh": texts[2], "en": texts[3]},
        "source": " ".join(texts[8].split()) or "x",
    }
    if raw["type"] == "matching":
        raw["pairs"][0]["right"] = {"zh": texts[4] + "右", "en": texts[5] + "right"}
    question = load_question(raw)

    _, reading = read_back(question)

    assert load_question(dict(reading.drafts[0].raw)) == question


@given(st.lists(st.tuples(awkward, awkward), min_size=1, max_size=3), st.booleans())
def test_gaps_accept_what_they_accepted(wordings, interchangeable):
    blanks = [{"zh": [zh, "同"], "en": [en]} for zh, en in wordings]
    gaps = "和____" * len(blanks)
    question = made(
        {
            "type": "fill_in",
            "stem": {"zh": f"甲{gaps}", "en": f"One{gaps}."},
            "blanks": blanks,
            "interchangeable": interchangeable,
        }
    )

    _, reading = read_back(question)

    assert load_question(dict(reading.drafts[0].raw)) == question


def test_a_gap_is_asked_once_for_both_languages():
    question = made(
        {
            "type": "fill_in",
            "stem": {"zh": "提高____，降低____", "en": "raises ____, lowers ____"},
            "blanks": [{"zh": ["甲"], "en": ["a"]}, {"zh": ["乙"], "en": ["b"]}],
        }
    )

    written, _ = read_back(question)

    text = ElementTree.fromstring(written.data).find(".//questiontext/text").text
    assert text.count("SHORTANSWER") == 2
    assert "{1:SHORTANSWER:=甲~=a}" in text


def test_pictures_travel_inside_the_file():
    question = made(
        {
            "type": "multiple",
            "options": options("a", "b"),
            "stem": {"zh": f"看{PICTURE.link('图 1')}", "en": f"See {PICTURE.link('Figure 1')}"},
        }
    )

    written, reading = read_back(question, [PICTURE])

    assert reading.media == {PICTURE.name: PICTURE}
    assert load_question(dict(reading.drafts[0].raw)) == question
    assert not written.losses
    assert b"medium:" not in written.data


def test_pictures_of_a_rubric_travel_too():
    question = made(
        {
            "type": "short_answer",
            "key_points": [
                {"zh": "甲", "en": "a", "weight": 1},
                {"zh": "乙", "en": "b", "weight": 1},
            ],
            "model_answer": {"zh": PICTURE.link("图"), "en": "a"},
        }
    )

    _, reading = read_back(question, [PICTURE])

    assert reading.media == {PICTURE.name: PICTURE}
    assert load_question(dict(reading.drafts[0].raw)) == question


def test_a_picture_that_is_not_stored_is_a_loss():
    question = made(
        {
            "type": "single",
            "options": options("a"),
            "stem": {"zh": f"看{PICTURE.link('图')}", "en": "See"},
        }
    )

    written, _ = read_back(question)

    (loss,) = written.losses
    assert loss.place == "PL14-01"
    assert PICTURE.name in str(loss)


def test_paragraphs_and_lists_keep_their_shape_in_both_languages():
    zh, en = "第一段\n\n- 甲\n- 乙", "First\n\n- one\n- two"
    question = made(
        {"type": "true_false", "answer": True, "stem": {"zh": zh, "en": en}},
    )

    written, _ = read_back(question)

    text = ElementTree.fromstring(written.data).find(".//questiontext/text").text
    assert [line[:2] for line in text.split("\n")] == ["<s", "", "- ", "- "]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"type": "single", "options": options("a", fixed="d")}, "some are fixed"),
        (
            {
                "type": "fill_in",
                "stem": {"zh": "____、____", "en": "____, ____"},
                "blanks": [{"zh": ["甲"], "en": ["a"]}, {"zh": ["乙"], "en": ["b"]}],
                "interchangeable": True,
            },
            "only in their order",
        ),
        ({"type": "numeric", "answer": "42", "relative_tolerance": 0.1}, "written as a number"),
        (
            {
                "type": "numeric",
                "answer": "a * 2",
                "variables": [{"name": "a", "least": 1, "most": 9, "step": 2}],
            },
            "not their ranges",
        ),
        (
            {
                "type": "short_answer",
                "key_points": [{"zh": "甲", "en": "a", "weight": 1}] * 2,
                "model_answer": {"zh": "甲", "en": "a"},
            },
            "counts nothing",
        ),
        ({"type": "true_false", "answer": True, "source": "长" * 60}, "after 50 characters"),
        (
            {"type": "true_false", "answer": True, "explanation": {"zh": "a\x0bb", "en": "c"}},
            "cannot carry",
        ),
        (
            {"type": "true_false", "answer": True, "stem": {"zh": "甲</span>", "en": "c"}},
            "marks of languages",
        ),
    ],
)
def test_what_moodle_cannot_carry_is_named(raw, words):
    written, _ = read_back(made(raw))

    assert any(words in str(loss) for loss in written.losses), written.losses
    assert {loss.place for loss in written.losses} == {"PL14-01"}


def test_the_pool_comes_from_our_category_where_the_tag_was_lost():
    written, _ = read_back(made({"type": "true_false", "answer": True, "pool": "exam"}))

    reading = FORMAT.read(written.data.replace(b"pool:exam", b"something else"))

    assert reading.drafts[0].raw["pool"] == "exam"
    assert not reading.notes


def test_graders_read_the_rubric_in_both_languages():
    question = made(
        {
            "type": "short_answer",
            "key_points": [
                {"zh": "倾听", "en": "listen", "weight": 2},
                {"zh": "道歉", "en": "apologise", "weight": 1},
            ],
            "model_answer": {"zh": "先听后说", "en": "Listen first"},
            "any_of": 1,
        }
    )

    written, _ = read_back(question)

    info = ElementTree.fromstring(written.data).find(".//graderinfo/text").text
    for words in ("先听后说", "Listen first", "- 倾听 (权重 2)", "- listen (weight 2)"):
        assert words in info
