"""What the live table tells: per question and per marker, from the marks that are done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.marking.agreement import (
    LEAST_CHECKS,
    Agreement,
    Spread,
    agreement,
    severity,
    spread,
)
from app.domain.marking.roles import MarkingRole

_PAIR = (MarkingRole.FIRST, MarkingRole.SECOND)
_OWN = frozenset({MarkingRole.FIRST, MarkingRole.SECOND, MarkingRole.THIRD})


@dataclass(frozen=True, slots=True)
class DoneMark:
    """One mark that is done. agreed: of a check script, None of a candidate's answer."""

    script_id: int
    version_id: int
    role: MarkingRole
    marker_id: int
    points: Fraction
    maximum: Fraction
    seconds: int
    agreed: Fraction | None = None

    @property
    def share(self) -> float:
        """Points as a share of the maximum."""
        return float(self.points) / float(self.maximum)


@dataclass(frozen=True, slots=True)
class Checks:
    """Check scripts somebody has marked, and how many of them within the allowed deviation."""

    hits: int
    total: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough of them to judge by."""
        return self.total >= LEAST_CHECKS


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """Marks of one question."""

    version_id: int
    spread: Spread
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class MarkerFigures:
    """Marks of one person. agreement, severity: with the other mark of answers marked twice."""

    marker_id: int
    spread: Spread
    agreement: Agreement
    severity: float | None
    checks: Checks


def by_question(marks: Sequence[DoneMark]) -> dict[int, QuestionFigures]:
    """Question version → its figures. Third marks are left out: they are of disputes alone."""
    groups: dict[int, list[DoneMark]] = defaultdict(list)
    for mark in marks:
        if mark.role in _PAIR:
            groups[mark.version_id].append(mark)
    return {
        version_id: QuestionFigures(version_id, _spread(found), agreement(_pairs(found)))
        for version_id, found in groups.items()
    }


def by_marker(marks: Sequence[DoneMark], *, check_deviation: Fraction) -> dict[int, MarkerFigures]:
    """Marker → their figures. check_deviation: share of the maximum that is still a hit."""
    own: dict[int, list[DoneMark]] = defaultdict(list)
    checks: dict[int, list[bool]] = defaultdict(list)
    for mark in marks:
        if mark.role in _OWN:
            own[mark.marker_id].append(mark)
        elif mark.agreed is not None:
            allowed = check_deviation * mark.maximum
            checks[mark.marker_id].append(abs(mark.points - mark.agreed) <= allowed)
    beside = _beside(marks)
    figures = {}
    for marker_id in own.keys() | checks.keys():
        pairs = beside.get(marker_id, [])
        found = checks.get(marker_id, [])
        figures[marker_id] = MarkerFigures(
            marker_id=marker_id,
            spread=_spread(own.get(marker_id, [])),
            agreement=agreement(pairs),
            severity=severity([mine for mine, _ in pairs], [theirs for _, theirs in pairs]),
            checks=Checks(sum(found), len(found)),
        )
    return figures


def _spread(marks: Iterable[DoneMark]) -> Spread:
    found = list(marks)
    return spread([mark.share for mark in found], seconds=[mark.seconds for mark in found])


def _pairs(marks: Iterable[DoneMark]) -> list[tuple[float, float]]:
    """(first, second) of every answer that has both."""
    return [(one.share, other.share) for one, other in _both(marks)]


def _beside(marks: Iterable[DoneMark]) -> dict[int, list[tuple[float, float]]]:
    """Marker → (own, other) of every answer that two people have marked."""
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for one, other in _both(marks):
        found[one.marker_id].append((one.share, other.share))
        found[other.marker_id].append((other.share, one.share))
    return found


def _both(marks: Iterable[DoneMark]) -> list[tuple[DoneMark, DoneMark]]:
    scripts: dict[int, dict[MarkingRole, DoneMark]] = defaultdict(dict)
    for mark in marks:
        if mark.role in _PAIR:
            scripts[mark.script_id][mark.role] = mark
    return [
        (found[MarkingRole.FIRST], found[MarkingRole.SECOND])
        for found in scripts.values()
        if len(found) == len(_PAIR)
    ]
