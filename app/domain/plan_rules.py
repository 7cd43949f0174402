"""What an exam plan asks for beside its cells: targets, and rules about single questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from app.domain.reading import Reader
from app.domain.text import N_

MOST_GROUPS = 100
"""Groups of questions that one plan may name."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What every paper should come close to; None: nothing is asked for.

    difficulty: mean of 1..5, weighted by points. minutes: expected time of a whole paper.
    """

    difficulty: float | None = None
    minutes: float | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the targets, noting those that cannot be."""
        targets = cls(
            difficulty=_number(reader, "difficulty", least=1, most=5),
            minutes=_number(reader, "minutes", least=1, most=600),
        )
        reader.done()
        return targets

    def dump(self) -> dict[str, object]:
        """The form that files and the database keep; {} where nothing is asked for."""
        pairs = (("difficulty", self.difficulty), ("minutes", self.minutes))
        return {name: value for name, value in pairs if value is not None}


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Rules that hold on every paper, or between the papers of one assembly.

    must_appear: points that every paper asks about. excludes: groups of question ids of which
    at most one stands on a paper. together: groups that stand on a paper whole or not at all
    (the questions of one case). pilots: unscored questions on each paper, beside the cells.
    max_exposure: share of the papers that a question may be on. max_overlap: share of a paper's
    scored questions that any other paper may have too.
    """

    must_appear: tuple[str, ...] = ()
    excludes: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    pilots: int = 0
    max_exposure: float = 1.0
    max_overlap: float = 1.0

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the rules, noting those that cannot be."""
        rules = cls(
            must_appear=tuple(dict.fromkeys(reader.strings("must_appear", required=False))),
            excludes=_groups(reader, "excludes"),
            together=_groups(reader, "together"),
            pilots=reader.integer("pilots", least=0, most=50, default=0),
            max_exposure=_share(reader, "max_exposure", above_zero=True),
            max_overlap=_share(reader, "max_overlap"),
        )
        reader.done()
        for group in rules.together:
            for other in rules.excludes:
                if len(set(group) & set(other)) > 1:
                    reader.note(
                        "together",
                        N_("%(questions)s exclude each other and cannot stand together"),
                        questions=", ".join(sorted(set(group) & set(other))),
                    )
        return rules

    def dump(self) -> dict[str, object]:
        """The form that files and the database keep: what differs from no rule at all."""
        raw: dict[str, object] = {
            "must_appear": list(self.must_appear),
            "excludes": [list(group) for group in self.excludes],
            "together": [list(group) for group in self.together],
            "pilots": self.pilots,
        }
        shares = {"max_exposure": self.max_exposure, "max_overlap": self.max_overlap}
        return {
            **{name: value for name, value in raw.items() if value},
            **{name: value for name, value in shares.items() if value < 1},
        }

    def uses_per_question(self, papers: int) -> int:
        """On how many of so many papers one question may be: at least one."""
        return max(1, int(self.max_exposure * papers + 1e-9))

    def shared_questions(self, questions: int) -> int:
        """How many of a paper's questions another paper may have too."""
        return int(self.max_overlap * questions + 1e-9)


NO_TARGETS = Targets()
NO_RULES = PlanRules()


def _number(reader: Reader, key: str, *, least: float, most: float) -> float | None:
    if not reader.has(key):
        return None
    value = reader.number(key)
    if not least <= value <= most:
        reader.note(key, N_("must be between %(least)s and %(most)s"), least=least, most=most)
        return None
    return value


def _share(reader: Reader, key: str, *, above_zero: bool = False) -> float:
    value = reader.number(key, default=1.0)
    if not 0 <= value <= 1 or (above_zero and value == 0):
        reader.note(key, N_("must be between %(least)s and %(most)s"), least=0, most=1)
        return 1.0
    return value


def _groups(reader: Reader, key: str) -> tuple[tuple[str, ...], ...]:
    """Groups of at least two ids. A group is a list, or a line with blanks between the ids."""
    raw = reader.raw.get(key) if reader.has(key) else None
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > MOST_GROUPS:
        reader.note(key, N_("must be a list of groups, at most %(most)s"), most=MOST_GROUPS)
        return ()
    groups = []
    for number, one in enumerate(raw, start=1):
        group = _ids(one)
        if len(group) < 2:
            reader.note(f"{key} {number}", N_("must name at least two questions"))
        else:
            groups.append(group)
    return tuple(groups)


def _ids(raw: object) -> tuple[str, ...]:
    words: Iterable[object] = raw.split() if isinstance(raw, str) else ()
    if isinstance(raw, list):
        words = raw
    return tuple(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))
