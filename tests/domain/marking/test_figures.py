"""What the live table tells."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.marking.figures import DoneMark, by_marker, by_question
from app.domain.marking.roles import MarkingRole

FIRST, SECOND, THIRD, CHECK = (
    MarkingRole.FIRST, MarkingRole.SECOND, MarkingRole.THIRD, MarkingRole.CHECK,
)  # fmt: skip
TENTH = Fraction(1, 10)


def mark(script, role, marker, points, *, agreed=None, seconds=30, version=1):
    agreed = None if agreed is None else Fraction(agreed)
    return DoneMark(script, version, role, marker, Fraction(points), Fraction(20), seconds, agreed)


PAIRS = [
    mark(1, FIRST, 7, 10), mark(1, SECOND, 8, 14),
    mark(2, FIRST, 8, 12), mark(2, SECOND, 7, 8, seconds=50),
    mark(3, FIRST, 7, 20),
]  # fmt: skip


def test_a_question_counts_its_first_and_second_marks():
    figures = by_question([*PAIRS, mark(1, THIRD, 9, 0)])[1]

    assert figures.spread.count == 5
    assert figures.spread.mean == pytest.approx(12.8 / 20)
    assert figures.agreement.pairs == 2


def test_a_marker_is_compared_with_whoever_marked_the_same_answers():
    figures = by_marker(PAIRS, check_deviation=TENTH)

    assert figures[7].severity == pytest.approx(-0.2)
    assert figures[8].severity == pytest.approx(0.2)
    assert figures[7].agreement.pairs == 2
    assert figures[7].spread.seconds == 30


def test_a_check_is_hit_within_the_allowed_deviation():
    marks = [mark(n, CHECK, 7, points, agreed=10) for n, points in enumerate((8, 12, 13, 10))]

    checks = by_marker(marks, check_deviation=TENTH)[7].checks

    assert (checks.hits, checks.total, checks.is_enough) == (3, 4, False)


def test_check_scripts_count_in_nothing_else():
    figures = by_marker([mark(1, CHECK, 7, 8, agreed=8)], check_deviation=TENTH)[7]

    assert (figures.spread.count, figures.agreement.pairs, figures.severity) == (0, 0, None)
    assert by_question([mark(1, CHECK, 7, 8, agreed=8)]) == {}


def test_questions_are_kept_apart():
    found = by_question([*PAIRS, mark(9, FIRST, 7, 0, version=2)])

    assert {version: one.spread.count for version, one in found.items()} == {1: 5, 2: 1}
