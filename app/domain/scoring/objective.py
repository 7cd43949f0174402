"""One scoring function per objective type. Each returns points out of `maximum`, exact.

All take (body, answer, layout, maximum, rules) and never see who answered. Points lie in
[−penalty · maximum, maximum]; nothing is rounded here: that is done once, at the total.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import combinations, pairwise

from app.domain.questions.body import Answer, InvalidAnswer, Layout
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import Blank, FillIn
from app.domain.questions.numeric import Numeric, read_number
from app.domain.questions.pairing import Matching, Ordering
from app.domain.scoring.rules import MatchingRule, MultipleRule, OrderingRule, ScoringRules

ZERO = Fraction(0)


def score_single(
    body: Single, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """All for the right option; a wrong one costs the penalty, where there is one."""
    return maximum if answer in body.key else -rules.penalty * maximum


def score_true_false(
    body: TrueFalse, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """All for the right verdict; a wrong one costs the penalty, where there is one."""
    return maximum if answer is body.right else -rules.penalty * maximum


def score_multiple(
    body: Multiple, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """By the exam's rule for multiple choice; see `MultipleRule`."""
    assert isinstance(answer, list)
    chosen, key = frozenset(answer), body.key
    hits, wrong = len(chosen & key), len(chosen - key)
    if chosen == key:
        return maximum
    match rules.multiple:
        case MultipleRule.ALL_OR_NOTHING:
            return ZERO
        case MultipleRule.HALF_POINT_EACH:
            return ZERO if wrong else min(Fraction(hits, 2), maximum)
        case MultipleRule.FIXED_FRACTION:
            return ZERO if wrong or not hits else rules.fraction * maximum
        case MultipleRule.NET_HITS:
            return max(ZERO, Fraction(hits - wrong, len(key))) * maximum


def score_fill_in(
    body: FillIn, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """An equal share per gap; interchangeable gaps are matched as well as can be."""
    assert isinstance(answer, list)
    accepts = [[_accepts(blank, line) for blank in body.blanks] for line in answer]
    if body.interchangeable:
        right = _largest_matching(accepts)
    else:
        right = sum(row[number] for number, row in enumerate(accepts))
    return Fraction(right, len(body.blanks)) * maximum


def score_numeric(
    body: Numeric, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """All for a number within the tolerance; what is no number earns nothing."""
    assert isinstance(answer, str)
    try:
        number = read_number(answer)
    except InvalidAnswer:
        return ZERO
    expected = body.expected(layout)
    allowed = body.tolerance * abs(expected) if body.relative else body.tolerance
    rounding = 1e-9 * max(1.0, abs(expected))
    return maximum if abs(number - expected) <= allowed + rounding else ZERO


def score_matching(
    body: Matching, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """An equal share per right pair, or all or nothing."""
    assert isinstance(answer, dict)
    key = body.key
    right = sum(answer.get(left) == partner for left, partner in key.items())
    if rules.matching is MatchingRule.ALL_OR_NOTHING:
        return maximum if right == len(key) else ZERO
    return Fraction(right, len(key)) * maximum


def score_ordering(
    body: Ordering, answer: Answer, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction:
    """By the exam's rule for ordering; see `OrderingRule`."""
    assert isinstance(answer, list)
    key = body.key
    if tuple(answer) == key:
        return maximum
    match rules.ordering:
        case OrderingRule.EXACT:
            return ZERO
        case OrderingRule.ADJACENT_PAIRS:
            neighbours = set(pairwise(key))
            right = sum(pair in neighbours for pair in pairwise(answer))
            return Fraction(right, len(key) - 1) * maximum
        case OrderingRule.KENDALL:
            place = {id_: number for number, id_ in enumerate(answer)}
            pairs = list(combinations(key, 2))
            agreeing = sum(place[first] < place[second] for first, second in pairs)
            return max(ZERO, Fraction(2 * agreeing - len(pairs), len(pairs))) * maximum


def folded(line: str) -> str:
    """A wording without what does not matter: width, case, blanks and punctuation."""
    wide = unicodedata.normalize("NFKC", line).casefold()
    return "".join(
        character for character in wide if unicodedata.category(character)[0] not in "PZC"
    )


def _accepts(blank: Blank, line: str) -> bool:
    typed = folded(line)
    if not typed:  # a sign such as %, of which nothing would be left to compare
        return bool(line) and line in blank.accepted
    return any(typed == folded(accepted) for accepted in blank.accepted)


def _largest_matching(accepts: list[list[bool]]) -> int:
    """Size of a largest one-to-one matching of lines to blanks (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(line: int, tried: set[int]) -> bool:
        for blank, fits in enumerate(accepts[line]):
            if fits and blank not in tried:
                tried.add(blank)
                if blank not in taken or place(taken[blank], tried):
                    taken[blank] = line
                    return True
        return False

    return sum(place(line, set()) for line in range(len(accepts)))
