"""What a candidate sees of a result, its cut score with the reasons for it, and until when one
may appeal: a policy per exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import N_, Text

APPEAL_DAYS = 10
"""Where an exam names no other number."""


class Part(StrEnum):
    """What can be shown of a released result. Passed or not is always shown."""

    SCORE = "score"
    PROFILE = "profile"
    OWN_ANSWERS = "own_answers"
    RIGHT_ANSWERS = "right_answers"
    EXPLANATIONS = "explanations"


DEFAULT_PARTS = (Part.SCORE, Part.PROFILE)
ANSWER_PARTS = frozenset({Part.OWN_ANSWERS, Part.RIGHT_ANSWERS, Part.EXPLANATIONS})
"""Parts that show questions: from then on these are no secret any more."""


@dataclass(frozen=True, slots=True)
class CutScore:
    """How the pass mark was set. method: such as "Angoff"; panel: how many judges."""

    method: str
    rationale: Text
    panel: int
    decided_on: str

    def dump(self) -> dict[str, object]:
        """The form that files and the database keep."""
        return {
            "method": self.method,
            "rationale": self.rationale.dump(),
            "panel": self.panel,
            "decided_on": self.decided_on,
        }


@dataclass(frozen=True, slots=True)
class ResultPolicy:
    """scaled: whether the pass mark is told as 60. appeal_days: from the release on."""

    show: tuple[Part, ...] = DEFAULT_PARTS
    cut: CutScore | None = None
    scaled: bool = False
    appeal_days: int = APPEAL_DAYS

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the policy from a scheme's file, noting every problem."""
        show: tuple[Part, ...] = DEFAULT_PARTS
        if reader.has("show"):
            named = reader.strings("show", required=False)
            unknown = sorted(set(named) - set(Part))
            if unknown:
                reader.note("show", N_("must be one of: %(allowed)s"), allowed=", ".join(Part))
            show = tuple(part for part in Part if part.value in named)
        policy = cls(
            show=show,
            cut=_read_cut(reader.inner("cut")) if reader.has("cut") else None,
            scaled=reader.boolean("scaled", default=False),
            appeal_days=reader.integer("appeal_days", least=1, most=90, default=APPEAL_DAYS),
        )
        reader.done()
        return policy

    def dump(self) -> dict[str, object]:
        """The form that the database keeps; what is as it always is, is left out."""
        raw: dict[str, object] = {}
        if self.show != DEFAULT_PARTS:
            raw["show"] = [part.value for part in self.show]
        if self.cut:
            raw["cut"] = self.cut.dump()
        if self.scaled:
            raw["scaled"] = True
        if self.appeal_days != APPEAL_DAYS:
            raw["appeal_days"] = self.appeal_days
        return raw

    def shows(self, part: Part | str) -> bool:
        """Whether candidates see this."""
        return part in self.show


def load_policy(raw: Mapping[str, Any], *, show_answers: bool = False) -> ResultPolicy:
    """A policy that was checked before it was stored; raises ValueError where it is broken.

    show_answers: the older switch, which shows everything where the policy names no parts.
    """
    problems = Problems()
    policy = ResultPolicy.read(Reader(dict(raw), place="results", problems=problems))
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    if show_answers and "show" not in raw:
        return ResultPolicy(tuple(Part), policy.cut, policy.scaled, policy.appeal_days)
    return policy


def _read_cut(reader: Reader) -> CutScore:
    cut = CutScore(
        method=reader.string("method", longest=100),
        rationale=reader.text("rationale"),
        panel=reader.integer("panel", least=1, most=200),
        decided_on=reader.string("decided_on", longest=10),
    )
    try:
        date.fromisoformat(cut.decided_on)
    except ValueError:
        reader.note("decided_on", N_("must be a date such as 2026-11-01"))
    reader.done()
    return cut
