"""Figures over the whole bank, each with its target."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.questions.choice import Multiple, Option, Single, TrueFalse
from app.domain.questions.question import Question

LEAST_OCCURRENCES = 10
"""Absolute words that must occur before their ratio says anything."""

_ABSOLUTE = re.compile(
    r"总是|绝对|必定|永远|always|never"
    r"|一定(?!时期|时间|程度|周期|范围|条件|阶段|比例|期限|数量|空间|的时间)",  # "a certain …"
    flags=re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(r"以上都|以上均|all of the above|none of the above", flags=re.IGNORECASE)
_NEGATIVE = re.compile(
    r"不属于|不包括|不正确|不恰当|不符合|不是|错误的"
    r"|\b(?:is|are) not\b|\bnot (?:an?|one|part|among|belong)\b|\bexcept\b",
    flags=re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. value as printed; target in words; met: None where there is too little of it."""

    name: str
    value: str
    target: str
    met: bool | None


def figures(questions: Sequence[Question]) -> list[Figure]:
    """Every figure of the bank, in the order in which they are printed."""
    singles = [q.body for q in questions if isinstance(q.body, Single)]
    multiples = [q.body for q in questions if isinstance(q.body, Multiple)]
    options = [option for body in (*singles, *multiples) for option in body.options]
    return [
        _positions("single", singles),
        _positions("multiple", multiples),
        *(_longest(singles, language) for language in ("zh", "en")),
        *(_absolute_words(options, language) for language in ("zh", "en")),
        _all_of_them(singles, multiples),
        _truth(questions),
        _negative(questions),
        _thinking(questions),
    ]


def chi_square_p(counts: Sequence[int]) -> float:
    """p of the chi-square test that all cells are equally likely (Pearson, 1900).

    Upper regularised gamma function Q(df/2, x/2), by its recurrence from df 1 or 2.
    """
    expected = sum(counts) / len(counts)
    if not expected:
        return 1.0
    half = sum((count - expected) ** 2 / expected for count in counts) / 2
    degrees = len(counts) - 1
    if degrees % 2:
        p, shape = math.erfc(math.sqrt(half)), 0.5
    else:
        p, shape = math.exp(-half), 1.0
    while shape < degrees / 2:
        p += math.exp(-half) * half**shape / math.gamma(shape + 1)
        shape += 1
    return p


def is_absolute(text: str) -> bool:
    """Whether it says always, never, or the like."""
    return bool(_ABSOLUTE.search(text))


def is_all_of_them(text: str) -> bool:
    """Whether it is an "all (or none) of the above"."""
    return bool(_ALL_OF_THEM.search(text))


def is_negative(stem: str) -> bool:
    """Whether a stem asks for what is not so."""
    asked = _QUOTED.sub("", stem).rstrip("？?。. ")
    last = re.split(r"[。；;.？?]\s*", asked)[-1]
    return bool(_NEGATIVE.search(last))


def _positions(name: str, bodies: Sequence[Single | Multiple]) -> Figure:
    counts: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for body in bodies:
        for place, option in enumerate(body.options[:4]):
            seen[place] += 1
            counts[place] += option.right
    p = chi_square_p([counts[place] for place in range(4)]) if bodies else 1.0
    return Figure(
        f"right option's place, {name}",
        "/".join(str(counts[place]) for place in range(4)) + f", p = {p:.2f}",
        "p > .05",
        p > 0.05 if bodies else None,
    )


def _longest(singles: Sequence[Single], language: str) -> Figure:
    four = [body for body in singles if len(body.options) == 4]
    longest = sum(_is_uniquely_longest(body, language) for body in four)
    share = longest / len(four) if four else 0.0
    return Figure(
        f"right option uniquely longest, {language}",
        f"{longest} of {len(four)} = {share:.0%}",
        "at most 35 %",
        share <= 0.35 if four else None,
    )


def _is_uniquely_longest(body: Single, language: str) -> bool:
    lengths = {option.id: len(option.text.to(language)) for option in body.options}
    (key,) = body.key
    return all(lengths[key] > length for id_, length in lengths.items() if id_ != key)


def _absolute_words(options: Iterable[Option], language: str) -> Figure:
    found: Counter[bool] = Counter()
    seen: Counter[bool] = Counter()
    for option in options:
        seen[option.right] += 1
        found[option.right] += is_absolute(option.text.to(language))
    wrong = found[False] / seen[False] if seen[False] else 0.0
    right = found[True] / seen[True] if seen[True] else 0.0
    enough = sum(found.values()) >= LEAST_OCCURRENCES
    ratio = wrong / right if right else math.inf if wrong else 1.0
    return Figure(
        f"absolute words, {language}",
        f"{found[False]} wrong, {found[True]} right options",
        f"rate at most 2:1 (from {LEAST_OCCURRENCES} on)",
        ratio <= 2 if enough else None,
    )


def _all_of_them(singles: Sequence[Single], multiples: Sequence[Multiple]) -> Figure:
    bodies = [*singles, *multiples]
    found = sum(
        any(is_all_of_them(o.text.zh + " " + o.text.en) for o in body.options) for body in bodies
    )
    share = found / len(bodies) if bodies else 0.0
    return Figure("all or none of the above", f"{found} = {share:.1%}", "under 3 %", share < 0.03)


def _truth(questions: Sequence[Question]) -> Figure:
    verdicts = [q.body.right for q in questions if isinstance(q.body, TrueFalse)]
    share = sum(verdicts) / len(verdicts) if verdicts else 0.5
    return Figure(
        "true among true_false",
        f"{sum(verdicts)} of {len(verdicts)} = {share:.0%}",
        "45–55 %",
        0.45 <= share <= 0.55,
    )


def _negative(questions: Sequence[Question]) -> Figure:
    stems = [q.stem.zh for q in questions if isinstance(q.body, Single | Multiple)]
    found = sum(map(is_negative, stems))
    share = found / len(stems) if stems else 0.0
    return Figure("negative stems", f"{found} = {share:.1%}", "under 8 %", share < 0.08)


def _thinking(questions: Sequence[Question]) -> Figure:
    found = sum(question.level != "remember" for question in questions)
    share = found / len(questions) if questions else 0.0
    return Figure("apply or analyse", f"{found} = {share:.0%}", "at least a third", share >= 1 / 3)
