"""Draws questions of every type as an author might write them, with answers and rules."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import strategies as st

from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.questions.question import load_question
from app.domain.scoring.rules import MatchingRule, MultipleRule, OrderingRule, ScoringRules
from app.domain.scoring.score import SCORES

T = QuestionType
TYPES = list(QuestionType)
OBJECTIVE = list(SCORES)

words = (
    st.text("abAB19ß策划服务满意Ａ１，。 %-½é𬭎䶮😀\u3000", min_size=1, max_size=6)
    .map(str.strip)
    .filter(bool)
)
pair = st.fixed_dictionaries({"zh": words, "en": words})
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "x", "策划", "😀", "a", "b", "1", "r1", "true", "\x00", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["", "a", "1", "2", "9"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def _distinct(count):
    return st.lists(words, min_size=count, max_size=count, unique_by=str.casefold)


@st.composite
def pairs(draw, least, most):
    """Distinct texts in both languages."""
    count = draw(st.integers(least, most))
    zh, en = draw(_distinct(count)), draw(_distinct(count))
    return [{"zh": one, "en": other} for one, other in zip(zh, en, strict=True)]


@st.composite
def _options(draw, least, right):
    options = draw(pairs(least, 8))
    count = draw(right(len(options)))
    for option in draw(st.permutations(options))[:count]:
        option["right"] = True
    for option in options:
        if draw(st.integers(0, 3)) == 0:
            option["fixed"] = True
    return {"options": options}


@st.composite
def _blanks(draw):
    count = draw(st.integers(1, 5))
    wordings = st.lists(words, min_size=1, max_size=3)
    blanks = [{"zh": draw(wordings), "en": draw(wordings)} for _ in range(count)]
    gaps = {"zh": "____ 和 " * count, "en": "____ and " * count}
    return {"blanks": blanks, "interchangeable": draw(st.booleans()), "stem": gaps}


@st.composite
def _numeric(draw):
    least = draw(st.integers(1, 50))
    raw = {
        "answer": draw(
            st.sampled_from(["a * b", "a / b", "100 * (a - b) / b", "a ** 2 + 1", "42"])
        ),
        "variables": [
            {"name": name, "least": least, "most": least + draw(st.integers(0, 40)), "step": step}
            for name, step in (("a", 0.5), ("b", 3))
        ],
        "decimals": draw(st.integers(0, 4)),
    }
    if draw(st.booleans()):
        raw[draw(st.sampled_from(["tolerance", "relative_tolerance"]))] = draw(st.floats(0, 0.2))
    if draw(st.booleans()):
        raw["unit"] = draw(pair)
    return raw


@st.composite
def _matching(draw):
    texts = draw(pairs(8, 8))
    lefts, distractors = draw(pairs(5, 5)), draw(st.integers(0, 3))
    joined = [{"left": left, "right": right} for left, right in zip(lefts, texts, strict=False)]
    return {"pairs": joined, "distractors": texts[5 : 5 + distractors]}


@st.composite
def _short_answer(draw):
    points = draw(pairs(2, 4))
    for point in points:
        point["weight"] = draw(st.integers(1, 5))
        if draw(st.booleans()):
            point["synonyms"] = {"zh": draw(st.lists(words, max_size=2)), "en": []}
    any_of = draw(st.integers(1, len(points)))
    return {"key_points": points, "any_of": any_of, "model_answer": draw(pair)}


_criterion = st.fixed_dictionaries(
    {
        "name": pair,
        "weight": st.integers(1, 10),
        "levels": pair.map(lambda text: [{"share": 0, **text}, {"share": 1, **text}]),
    }
)
_part = st.fixed_dictionaries(
    {"stem": pair, "model_answer": pair, "criteria": st.lists(_criterion, min_size=1, max_size=2)}
)

FIELDS = {
    T.SINGLE: _options(3, lambda _count: st.just(1)),
    T.MULTIPLE: _options(4, lambda count: st.integers(2, count)),
    T.TRUE_FALSE: st.fixed_dictionaries({"answer": st.booleans()}),
    T.FILL_IN: _blanks(),
    T.NUMERIC: _numeric(),
    T.MATCHING: _matching(),
    T.ORDERING: pairs(3, 8).map(lambda items: {"items": items}),
    T.SHORT_ANSWER: _short_answer(),
    T.CASE: st.fixed_dictionaries({"parts": st.lists(_part, min_size=2, max_size=3)}),
}


@st.composite
def raw_questions(draw, *types):
    """A question as a file has it."""
    kind = draw(st.sampled_from(types or TYPES))
    return {
        "id": "PL14-01",
        "type": kind.value,
        "pool": draw(st.sampled_from(Pool)).value,
        "points": ["PL14"],
        "level": draw(st.sampled_from(Level)).value,
        "difficulty": draw(st.integers(1, 5)),
        "stem": draw(pair),
        "explanation": draw(pair),
        "source": draw(words),
        **draw(FIELDS[kind]),
    }


def questions(*types):
    """A valid question."""
    return raw_questions(*types).map(load_question)


RIGHT = {
    T.SINGLE: lambda body, _layout: next(iter(body.key)),
    T.MULTIPLE: lambda body, _layout: list(body.key),
    T.TRUE_FALSE: lambda body, _layout: body.right,
    T.FILL_IN: lambda body, _layout: [blank.accepted[0] for blank in body.blanks],
    T.NUMERIC: lambda body, layout: f"{body.expected(layout):.6f}",
    T.MATCHING: lambda body, _layout: body.key,
    T.ORDERING: lambda body, _layout: list(body.key),
}
"""The right answer of each objective type, as a browser would send it."""


def _subset(ids):
    return st.lists(st.sampled_from(sorted(ids)), unique=True)


def _rights(body):
    return st.sampled_from([id_ for id_, _ in body.prompt(body.arrange(random.Random(0))).right])


ANSWERS = {
    T.SINGLE: lambda body: st.sampled_from([option.id for option in body.options]),
    T.MULTIPLE: lambda body: _subset(option.id for option in body.options),
    T.TRUE_FALSE: lambda _body: st.booleans(),
    T.FILL_IN: lambda body: st.tuples(
        *(words | st.sampled_from(["", *blank.accepted]) for blank in body.blanks)
    ).map(list),
    T.NUMERIC: lambda _body: words | st.integers().map(str) | st.floats().map(str),
    T.MATCHING: lambda body: st.dictionaries(st.sampled_from(sorted(body.key)), _rights(body)),
    T.ORDERING: lambda body: st.permutations(body.key),
    T.SHORT_ANSWER: lambda _body: words,
    T.CASE: lambda _body: st.dictionaries(st.sampled_from(["1", "2"]), words),
}
"""Any answer that fits a body, as a browser would send it."""

shares = st.fractions(0, 1, max_denominator=100)
maxima = st.fractions(Fraction(1, 2), 20, max_denominator=4)
rules = st.builds(
    ScoringRules,
    multiple=st.sampled_from(MultipleRule),
    fraction=shares,
    matching=st.sampled_from(MatchingRule),
    ordering=st.sampled_from(OrderingRule),
    penalty=shares,
)
