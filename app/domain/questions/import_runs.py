"""One import from its upload to its end, and the report that is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from app.domain.problems import Problem
from app.domain.questions.autosaves import storable_text
from app.domain.questions.import_plan import WRITTEN, Line, Outcome

EXCERPT = 120
"""Characters of a stem that a report shows."""


class ImportState(StrEnum):
    """Where an import stands.

    waiting: to be read. planned: its dry run is there, and nothing was changed. confirmed: to be
    written. unreadable: nothing could be read. failed: something went wrong; nothing was written.
    """

    WAITING = "waiting"
    PLANNED = "planned"
    UNREADABLE = "unreadable"
    CONFIRMED = "confirmed"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


WORKING = frozenset({ImportState.WAITING, ImportState.CONFIRMED})
"""States in which the worker has something to do."""
CANCELLABLE = WORKING | {ImportState.PLANNED}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What becomes, or became, of one element of the file; type "" where none could be read.

    question_id: "" until one is allotted. draft_id: of an unfinished one that was kept.
    """

    place: str
    outcome: Outcome
    question_id: str = ""
    draft_id: str = ""
    type: str = ""
    pool: str = ""
    stem: str = ""
    reasons: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, line: Line, *, question_id: str = "", draft_id: str = "") -> Self:
        """Of a line of the plan, with what was allotted to it."""
        raw = line.candidate.raw
        return cls(
            storable_text(line.candidate.place),
            line.outcome,
            question_id or line.question_id,
            draft_id,
            storable_text(str(raw.get("type") or ""))[:20],
            storable_text(line.pool)[:10],
            _excerpt(raw.get("stem")),
            line.reasons,
            line.candidate.notes,
        )

    @classmethod
    def refused(cls, problem: Problem) -> Self:
        """Of an element of which no question could be made."""
        return cls(storable_text(problem.place), Outcome.REFUSED, reasons=(problem,))

    def dump(self) -> list[Any]:
        """As the database keeps it: short, because there may be many."""
        return [
            self.place,
            self.outcome.value,
            self.question_id,
            self.draft_id,
            self.type,
            self.pool,
            self.stem,
            [dump_problem(problem) for problem in self.reasons],
            [dump_problem(problem) for problem in self.notes],
        ]

    @classmethod
    def load(cls, raw: Sequence[Any]) -> Self:
        """The inverse of `dump`."""
        place, outcome, question_id, draft_id, type_, pool, stem, reasons, notes = raw
        return cls(
            place,
            Outcome(outcome),
            question_id,
            draft_id,
            type_,
            pool,
            stem,
            tuple(map(load_problem, reasons)),
            tuple(map(load_problem, notes)),
        )


def report_of(
    lines: Iterable[ReportLine], notes: Iterable[Problem], *, digest: str
) -> dict[str, Any]:
    """The report as the database keeps it. notes: what concerns the file as a whole."""
    every = list(lines)
    return {
        "counts": counts_of(every),
        "notes": [dump_problem(problem) for problem in notes],
        "digest": digest,
        "lines": [line.dump() for line in every],
    }


def counts_of(lines: Iterable[ReportLine]) -> dict[str, int]:
    """How many elements have each outcome; "exam": of those to be written, how many are of the
    exam pool; "noted": in how many something was not understood."""
    every = list(lines)
    counts = Counter(line.outcome.value for line in every)
    return {
        **{outcome.value: counts[outcome.value] for outcome in Outcome},
        "exam": sum(line.pool == "exam" and line.outcome in WRITTEN for line in every),
        "noted": sum(bool(line.notes) for line in every),
    }


def dump_problem(problem: Problem) -> list[Any]:
    """A problem as the database keeps it."""
    parameters = {name: _plain(value) for name, value in problem.parameters.items()}
    return [storable_text(problem.place), problem.sentence, parameters]


def load_problem(raw: Sequence[Any]) -> Problem:
    """The inverse of `dump_problem`."""
    place, sentence, parameters = raw
    return Problem("", place, sentence, dict(parameters))


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return storable_text(str(value))


def _excerpt(stem: object) -> str:
    """The beginning of a stem, in Chinese where it is."""
    if not isinstance(stem, Mapping):
        return ""
    text = str(stem.get("zh") or stem.get("en") or "")
    line = " ".join(storable_text(text[: EXCERPT * 2]).split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"
