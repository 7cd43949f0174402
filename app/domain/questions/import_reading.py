"""The questions of a file, read one by one: what they say, and what they lack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from app.domain.problems import Problem, Problems
from app.domain.questions.autosaves import storable_text
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.question import ID, Question
from app.domain.text import N_

LONGEST_SOURCE = 200
"""Characters of where a question is from."""

_LABELS: Mapping[str, Any] = {
    "pool": Pool.PRACTICE.value,
    "points": ["XX00"],
    "level": Level.REMEMBER.value,
    "difficulty": 1,
    "explanation": {"zh": "-", "en": "-"},
    "source": "-",
}
"""What a question can be without for a while: it says how to use it, not what it asks."""
_NO_ID = "XX00-00"
"""Stands where a question has no id of its own yet."""


class Offered(Protocol):
    """A question as a file tells it: see `loader/exchange/contract.Draft`."""

    @property
    def place(self) -> str:
        """Where it stands in the file."""

    @property
    def raw(self) -> Mapping[str, Any]:
        """Its content, perhaps incomplete."""

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What of it was not understood."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What questions get that say nothing about it; "" and None: nothing."""

    pool: str = ""
    point: str = ""
    level: str = ""
    difficulty: int | None = None
    source: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """From a form or the database; what means nothing is left open."""
        difficulty = str(raw.get("difficulty") or "")
        return cls(
            pool=raw["pool"] if raw.get("pool") in set(Pool) else "",
            point=str(raw.get("point") or "").strip().upper()[:10],
            level=raw["level"] if raw.get("level") in set(Level) else "",
            difficulty=int(difficulty) if difficulty in {"1", "2", "3", "4", "5"} else None,
            source=storable_text(str(raw.get("source") or "")).strip()[:LONGEST_SOURCE],
        )

    def dump(self) -> dict[str, Any]:
        """As `read` takes it."""
        return {
            "pool": self.pool,
            "point": self.point,
            "level": self.level,
            "difficulty": self.difficulty,
            "source": self.source,
        }

    def completed(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The content with what it does not say itself."""
        found = {key: value for key, value in raw.items() if value is not None and value != ""}
        given = {
            "pool": self.pool,
            "points": [self.point] if self.point else None,
            "level": self.level,
            "difficulty": self.difficulty,
            "source": self.source,
        }
        for key, value in given.items():
            if value and not found.get(key):
                found[key] = value
        return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the file, read: content where it is whole, else the problems that it has.

    own_id: the id that the file gives it, "" where that is none of ours. is_unfinished: it only
    lacks translations, or what sorts it.
    """

    place: str
    raw: Mapping[str, Any]
    own_id: str
    content: Question | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    fingerprint: str = ""
    is_unfinished: bool = False


def prepare(offered: Offered, options: ImportOptions) -> Candidate:
    """Read one question with what the options add: the slow half of a plan, without the bank."""
    raw = options.completed(offered.raw)
    given = str(raw.pop("id", "")).strip()
    own_id = given if ID.fullmatch(given) else ""
    notes = offered.notes
    if given and not own_id:
        sentence = N_("the id “%(id)s” is none of this bank: the question gets a new one")
        notes = (*notes, Problem("", offered.place, sentence, {"id": given[:60]}))
    problems = Problems()
    content = Question.read({"id": own_id or _NO_ID, **raw}, problems=problems)
    return Candidate(
        offered.place,
        raw,
        own_id,
        content,
        tuple(_moved(problem, own_id or _NO_ID, offered.place) for problem in problems),
        notes,
        fingerprint(content.dump()) if content else "",
        content is None and _only_lacks(raw),
    )


def fingerprint(raw: Mapping[str, Any]) -> str:
    """The same for two dumps that differ in nothing but their ids and their pools."""
    kept = {key: value for key, value in raw.items() if key not in ("id", "pool")}
    canonical = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _only_lacks(given: Mapping[str, Any]) -> bool:
    """Whether nothing is wrong but that a translation, or what sorts the question, is missing.

    It is so where the question is whole once each missing translation says what the other
    language says, and each missing label says anything.
    """
    raw = {key: value for key, value in given.items() if not _is_blank(value)}
    whole = _translated({**_LABELS, **raw})
    return Question.read({"id": _NO_ID, **whole}, problems=Problems()) is not None


def _translated(value: Any) -> Any:
    """The content with one language standing for the other where that says nothing."""
    if isinstance(value, list):
        return [_translated(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    found = {key: _translated(part) for key, part in value.items()}
    if found.keys() & {"zh", "en"}:
        for one, other in (("zh", "en"), ("en", "zh")):
            if _is_blank(found.get(one)) and not _is_blank(found.get(other)):
                found[one] = found[other]
    return found


def _is_blank(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_is_blank(part) for part in value.values())
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _moved(problem: Problem, from_place: str, to_place: str) -> Problem:
    """The problem with the place of the file in front, instead of an id that it may not have."""
    rest = problem.place.removeprefix(from_place)
    return Problem("", f"{to_place}{rest}", problem.sentence, problem.parameters)
