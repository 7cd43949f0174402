"""Figures over the bank."""

from __future__ import annotations

import pytest

from app.domain.linting.figures import chi_square_p, figures, is_negative
from tests.factories import content

NAMES = ("zh", "en")


def figure(questions, name):
    return next(f for f in figures(questions) if f.name.startswith(name))


def single(number, *, right=1, texts=("甲甲", "乙乙", "丙丙", "丁丁")):
    options = [
        {"zh": text, "en": f"{text} {place}", **({"right": True} if place == right else {})}
        for place, text in enumerate(texts)
    ]
    return content(f"PL14-{number:02}", options=options)


@pytest.mark.parametrize(
    ("counts", "p"),
    [((10, 10, 10, 10), 1.0), ((20, 10, 5, 5), 0.0018), ((12, 8), 0.3711), ((9, 3, 3), 0.0907)],
)
def test_chi_square_p_equals_the_table(counts, p):
    assert chi_square_p(counts) == pytest.approx(p, abs=5e-4)


def test_a_bank_whose_right_option_always_stands_first_misses_the_target():
    even = [single(n, right=n % 4) for n in range(1, 41)]
    first = [single(n, right=0) for n in range(1, 41)]

    assert figure(even, "right option's place, single").met
    assert figure(first, "right option's place, single").met is False


def test_right_options_that_are_uniquely_longest_are_counted():
    long = [single(n, texts=("甲", "乙乙乙乙", "丙", "丁")) for n in range(1, 11)]
    equal = [single(n) for n in range(11, 21)]

    assert figure(long, "right option uniquely longest, zh").met is False
    assert figure([*long[:3], *equal], "right option uniquely longest, zh").met


def test_absolute_words_that_mark_wrong_options_miss_the_target():
    betraying = [single(n, texts=("总是", "乙乙", "绝对", "永远")) for n in range(1, 11)]

    assert figure(betraying, "absolute words, zh").met is False


def test_absolute_words_below_their_minimum_raise_no_flag():
    few = [single(n, texts=("总是", "乙乙", "丙丙", "丁丁")) for n in range(1, 4)]

    assert figure(few, "absolute words, zh").met is None


@pytest.mark.parametrize("words", ["在一定时期内", "一定程度上"])
def test_a_certain_amount_is_no_absolute_word(words):
    questions = [single(n, texts=(words, "乙乙", "丙丙", "丁丁")) for n in range(1, 21)]

    assert figure(questions, "absolute words, zh").met is None


def test_true_and_false_are_balanced_within_five_points():
    verdicts = [True] * 55 + [False] * 45
    questions = [
        content(f"PL14-{n:02}", type="true_false", answer=verdict)
        for n, verdict in enumerate(verdicts)
    ]

    assert figure(questions, "true among").met
    assert figure(questions[1:60], "true among").met is False


@pytest.mark.parametrize(
    ("stem", "negative"),
    [
        ("下列哪一项不属于宏观环境？", True),
        ("不是所有企业都一样。下列哪一项属于微观环境？", False),
        ("Which of these is not a macro factor?", True),
        ("哪一项最恰当？", False),
        ("“我不是负责客户服务的”为什么站不住脚？", False),
        ("Of all customers, what share do not trouble to complain?", False),
    ],
)
def test_only_the_question_itself_makes_a_stem_negative(stem, negative):
    assert is_negative(stem) is negative


def test_every_figure_is_met_by_nothing_at_all_or_says_too_little():
    assert all(f.met is not False for f in figures([]) if f.name != "apply or analyse")
