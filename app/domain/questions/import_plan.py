"""What an import would make of each question of a file, decided before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError
from app.domain.media import media_names
from app.domain.problems import Problem
from app.domain.questions.autosaves import storable
from app.domain.questions.import_reading import Candidate, fingerprint
from app.domain.questions.kinds import Pool, QuestionState
from app.domain.questions.lifecycle import REVIEWED
from app.domain.questions.question import Question
from app.domain.text import N_

MOST_NUMBER = 9999
"""The highest number that an id has."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Outcome(StrEnum):
    """What becomes of one question of a file.

    unfinished: kept as a draft of the importer, because only a translation or what sorts it is
    missing. unchanged: the bank has it as it is.
    """

    NEW = "new"
    VERSION = "version"
    UNCHANGED = "unchanged"
    UNFINISHED = "unfinished"
    REFUSED = "refused"


WRITTEN = frozenset({Outcome.NEW, Outcome.VERSION, Outcome.UNFINISHED})
"""Outcomes of which something is written."""


@dataclass(frozen=True, slots=True)
class Existing:
    """A question of the bank. hashes: content hashes of its newest version and the one in use.

    is_open: the importer has an autosaved draft of it.
    """

    pool: Pool
    state: QuestionState
    version: int
    hashes: frozenset[str]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class BankView:
    """What a plan has to know of the bank.

    questions: those with an id of the file. alike: by `fingerprint`, the id of a question in each
    pool. points: of the syllabus. highest: the highest number that ids of a point have. media:
    names of the pictures that the bank or the file has. drafts: fingerprints of what the importer
    has begun and not saved.
    """

    points: frozenset[str]
    questions: Mapping[str, Existing] = field(default_factory=dict)
    alike: Mapping[str, Mapping[Pool, str]] = field(default_factory=dict)
    highest: Mapping[str, int] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    drafts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one question. question_id "": it gets the next free one of its point.

    reasons: why it is not simply taken, or what it brings with it. version, state: of the newest
    one that the bank had.
    """

    candidate: Candidate
    outcome: Outcome
    question_id: str = ""
    version: int = 0
    reasons: tuple[Problem, ...] = ()
    state: QuestionState | None = None

    @property
    def pool(self) -> str:
        """The pool that it says, or "" where it says none."""
        return str(self.candidate.raw.get("pool") or "")


def plan(candidates: Sequence[Candidate], bank: BankView) -> tuple[Line, ...]:
    """What becomes of each question of the file, in its order."""
    planning = _Planning(candidates, bank)
    return tuple(planning.line(candidate) for candidate in candidates)


def digest(lines: Sequence[Line]) -> str:
    """What tells whether a plan is still the one that somebody has seen."""
    seen = [
        (line.candidate.place, line.outcome.value, line.question_id, line.version, line.state)
        for line in lines
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


class _Planning:
    """Takes the questions of one file, one after the other, and remembers those before."""

    def __init__(self, candidates: Sequence[Candidate], bank: BankView) -> None:
        self._bank = bank
        self._ids: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._drafts = set(bank.drafts)
        self._last = dict(bank.highest)
        for candidate in candidates:
            point, _, number = candidate.own_id.rpartition("-")
            if point:
                self._last[point] = max(self._last.get(point, 0), int(number.lstrip(_LETTERS)))

    def line(self, candidate: Candidate) -> Line:
        """What becomes of this one."""
        known = self._bank.questions.get(candidate.own_id)
        reasons = [*self._wrong(candidate), *self._wrong_here(candidate, known)]
        if candidate.own_id:
            self._ids.setdefault(candidate.own_id, candidate.place)
        if candidate.content is None and (reasons or not candidate.is_unfinished):
            return _refused(candidate, [*candidate.problems, *reasons])
        if reasons:
            return _refused(candidate, reasons)
        if candidate.content is None:
            return self._unfinished(candidate, known)
        if known is not None and candidate.content.content_hash() in known.hashes:
            return Line(candidate, Outcome.UNCHANGED, candidate.own_id, known.version)
        return self._written(candidate, candidate.content, known)

    def _wrong(self, candidate: Candidate) -> Iterator[Problem]:
        """What is wrong with it in any bank with this syllabus and these pictures."""
        points = candidate.content.points if candidate.content else _points(candidate.raw)
        for point in points:
            if point not in self._bank.points:
                yield _because(
                    candidate, N_("Point %(point)s is not in the syllabus."), point=point[:40]
                )
        for name in media_names(str(candidate.raw)):
            if name not in self._bank.media:
                yield _because(
                    candidate,
                    N_("the picture %(name)s is neither in the file nor in the bank"),
                    name=name,
                )
        before = self._ids.get(candidate.own_id)
        if before is not None:
            yield _because(
                candidate, N_("the file has this id already, at %(place)s"), place=before
            )

    def _wrong_here(self, candidate: Candidate, known: Existing | None) -> Iterator[Problem]:
        """What the question of the bank that has its id does not allow."""
        if known is None:
            return
        pool = candidate.raw.get("pool")
        if pool in set(Pool) and pool != known.pool.value:
            yield _because(
                candidate,
                N_("the bank has it in the other pool, and a question keeps its pool for ever"),
            )
        points = _points(candidate.raw)
        if points and points[0] != candidate.own_id.rpartition("-")[0]:
            yield _because(
                candidate,
                N_("The first point has to stay the one that the id begins with, not %(point)s."),
                point=points[0][:40],
            )
        content = candidate.content
        if content is not None and content.content_hash() in known.hashes:
            return
        if known.state is QuestionState.RETIRED:
            yield _because(candidate, N_("the question is retired: take it back into work first"))
        if known.is_open:
            yield _because(
                candidate,
                N_("you have unsaved changes in this question: save or discard them first"),
            )

    def _unfinished(self, candidate: Candidate, known: Existing | None) -> Line:
        try:
            kept = fingerprint(storable(dict(candidate.raw)))
        except DomainError as error:
            because = Problem("", candidate.place, error.sentence, error.parameters)
            return _refused(candidate, [*candidate.problems, because])
        if known is None and kept in self._drafts:
            sentence = N_("it is among your unsaved drafts already")
            reasons = (_because(candidate, sentence),)
            return Line(candidate, Outcome.UNCHANGED, reasons=reasons)
        self._drafts.add(kept)
        return Line(
            candidate,
            Outcome.UNFINISHED,
            candidate.own_id if known else "",
            known.version if known else 0,
            candidate.problems,
        )

    def _written(self, candidate: Candidate, content: Question, known: Existing | None) -> Line:
        alike = dict(self._bank.alike.get(candidate.fingerprint, {}))
        own = alike.pop(content.pool, None)
        if alike:
            other = next(iter(alike.values()))
            sentence = N_("the other pool has this very question, as %(id)s")
            return _refused(candidate, [_because(candidate, sentence, id=other)])
        if known is not None:
            return _version(candidate, known)
        if own is not None:
            sentence = N_("the bank has this very question, as %(id)s")
            reasons = (_because(candidate, sentence, id=own),)
            return Line(candidate, Outcome.UNCHANGED, own, 0, reasons)
        before = self._seen.get(candidate.fingerprint)
        if before is not None:
            sentence = N_("the file has this very question already, at %(place)s")
            return _refused(candidate, [_because(candidate, sentence, place=before)])
        self._seen[candidate.fingerprint] = candidate.place
        return self._new(candidate, content.points[0])

    def _new(self, candidate: Candidate, point: str) -> Line:
        if candidate.own_id.rpartition("-")[0] == point:
            return Line(candidate, Outcome.NEW, candidate.own_id)
        number = self._last.get(point, 0) + 1
        if number > MOST_NUMBER:
            sentence = N_("Point %(point)s has no free number left.")
            return _refused(candidate, [_because(candidate, sentence, point=point)])
        self._last[point] = number
        reasons: tuple[Problem, ...] = ()
        if candidate.own_id:
            sentence = N_("its id %(id)s does not begin with its first point: it gets a new one")
            reasons = (_because(candidate, sentence, id=candidate.own_id),)
        return Line(candidate, Outcome.NEW, reasons=reasons)


def _points(raw: Mapping[str, Any]) -> tuple[str, ...]:
    given = raw.get("points") or []
    return tuple(str(point).strip() for point in (given if isinstance(given, list) else [given]))


def _version(candidate: Candidate, known: Existing) -> Line:
    reasons: tuple[Problem, ...] = ()
    if known.state in REVIEWED:
        reasons = (
            _because(candidate, N_("it is under review: with the new version that begins anew")),
        )
    return Line(
        candidate, Outcome.VERSION, candidate.own_id, known.version, reasons, state=known.state
    )


def _because(candidate: Candidate, sentence: str, **parameters: object) -> Problem:
    return Problem("", candidate.place, sentence, parameters)


def _refused(candidate: Candidate, reasons: Sequence[Problem]) -> Line:
    return Line(candidate, Outcome.REFUSED, candidate.own_id, reasons=tuple(reasons))
