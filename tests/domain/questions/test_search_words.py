"""The words of the bank's index: what a text gives, and what somebody means by typing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.search_words import (
    LONGEST_TOKEN,
    MOST_TOKENS,
    Word,
    query_tokens,
    text_of,
    tokens,
)
from tests import factories
from tests.domain import strategies

texts = st.text("服务策划顾客𬭎䶮aB19ＡßéÉ _-.,，。“”\"'\\:&|!*()\x00\ud800😀\u3000", max_size=30)


def finds(typed: str, text: str) -> bool:
    """What both databases do with the tokens."""
    kept = tokens(text)
    return all(
        any(_stands(word, kept[start:]) for start in range(len(kept)))
        for word in query_tokens(typed).words
    )


def _stands(word: Word, kept: list[str]) -> bool:
    *before, last = word.tokens
    if kept[: len(before)] != before or len(kept) <= len(before):
        return False
    there = kept[len(before)]
    return there.startswith(last) if word.open else there == last


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("服务策划", ["服务", "务策", "策划", "划"]),
        ("客", ["客"]),
        ("顾客 满意", ["顾客", "客", "满意", "意"]),
        ("CRM系统", ["crm", "系统", "统"]),
        ("用ＣＲＭ２．０", ["用", "crm2", "0"]),
        ("PL05-01 E-mail", ["pl05", "01", "e", "mail"]),
        ("É ÉTÉ", ["é", "été"]),
        ("a_b **不**", ["a", "b", "不"]),
        ("𬭎䶮", ["𬭎䶮", "䶮"]),
        ("'x' & !y \\ \x00 :* <->", ["x", "y"]),
    ],
)
def test_a_text_gives_pairs_of_chinese_and_whole_latin_words(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("服务", (Word(("服务",)),)),
        ("客", (Word(("客",), open=True),)),
        ("服务策划", (Word(("服务",)), Word(("务策",)), Word(("策划",)))),
        ("CRM系统", (Word(("crm",), open=True), Word(("系统",)))),
        ("e-mail", (Word(("e", "mail"), open=True),)),
        ("3.5", (Word(("3", "5")),)),
        ("a", (Word(("a",)),)),
        ("满意 CRM", (Word(("满意",)), Word(("crm",), open=True))),
        ("“服务策划”", (Word(("服务", "务策", "策划")),)),
        ('"service plan"', (Word(("service", "plan")),)),
        ('"系统 CRM"', (Word(("系统", "统", "crm")),)),
        ('"CRM 系"', (Word(("crm", "系"), open=True),)),
        ('"unclosed', (Word(("unclosed",), open=True),)),
        ("“” ？！", ()),
    ],
)
def test_what_is_typed_is_read_as_people_mean_it(typed, words):
    assert query_tokens(typed).words == words


@pytest.mark.parametrize("typed", ["PL05-01", "pl05-01", "ＰＬ０５－０１"])
def test_an_id_is_looked_for_among_the_ids(typed):
    sought = query_tokens(typed)

    assert (sought.ids, sought.words) == (("PL05-01",), ())


def test_the_beginning_of_an_id_stands_beside_words():
    sought = query_tokens("PL05- 满意")

    assert (sought.ids, sought.words) == (("PL05-",), (Word(("满意",)),))


def test_signs_alone_look_for_nothing():
    assert not query_tokens("？！ “” --")
    assert query_tokens("客")


@given(texts)
def test_tokens_are_letters_and_digits_alone(text):
    for token in tokens(text):
        assert token.isalnum()
        assert 0 < len(token) <= LONGEST_TOKEN


@given(texts)
def test_folding_twice_changes_nothing(text):
    once = tokens(text)

    assert tokens(" ".join(token for token in once if token.isascii())) == [
        token for token in once if token.isascii()
    ]
    assert tokens(text.upper().lower()) == tokens(text.lower())


@given(texts, st.data())
def test_every_part_of_a_chinese_run_is_found(text, data):
    run = data.draw(st.text("服务策划顾客𬭎䶮", min_size=1, max_size=8))
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]

    assert finds(part, f"{text} {run}，{text}")
    assert finds(f"“{part}”", f"{text} {run}，{text}")


@given(st.lists(st.sampled_from(["服务", "CRM", "策划案", "客", "e-mail", "3.5"]), min_size=1))
def test_a_text_is_found_by_each_of_its_words_in_any_order(words):
    assert finds(" ".join(reversed(words)), "，".join(words))
    assert finds(f'"{" ".join(words)}"', "，".join(words))


def test_quotes_want_the_words_side_by_side():
    scattered = "业务策略，服务，策划"

    assert finds("服务策划", scattered)
    assert not finds("“服务策划”", scattered)


def test_long_words_and_long_texts_are_cut():
    assert [len(token) for token in tokens("x" * 500)] == [LONGEST_TOKEN]
    assert len(tokens("客户 " * MOST_TOKENS)) == MOST_TOKENS


@given(strategies.questions())
def test_every_text_of_a_question_of_any_type_is_found(question):
    text = text_of(question.dump())

    for said in (question.stem, question.explanation):
        for language in (said.zh, said.en):
            assert not query_tokens(language).words or finds(language.replace('"', ""), text)
    assert tokens(question.source) == [] or finds(question.source.replace('"', ""), text)
    assert question.id in text


def test_type_pool_and_level_are_no_words_of_a_question():
    question = factories.content("PL14-07", stem={"zh": "什么？", "en": "What?"})

    assert not finds("practice", text_of(question.dump()))
    assert not finds("remember", text_of(question.dump()))
    assert finds("pl14 什么 解析机密", text_of(question.dump()))
