"""Question versions and papers, which never change: read once, then kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import select

from app.db import db, is_rehearsing
from app.domain.questions.question import Question, load_question
from app.models.attempts import Attempt
from app.models.papers import PaperQuestion
from app.models.questions import QuestionVersion

K = TypeVar("K")
V = TypeVar("V")


class _Kept(Generic[K, V]):
    """The most recently used values; safe between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


@dataclass(frozen=True, slots=True)
class PaperSlot:
    """One place on a paper with the question version that stands there.

    is_pilot: it is marked for the statistics, and counts neither in score nor in maximum.
    """

    position: int
    version_id: int
    module_id: str
    points: Fraction
    question: Question
    section: int = 1
    is_pilot: bool = False


_PAPERS: _Kept[int, tuple[PaperSlot, ...]] = _Kept(500)
_QUESTIONS: _Kept[str, Question] = _Kept(20_000)


def paper_slots(paper_id: int) -> tuple[PaperSlot, ...]:
    """The paper's places in order; () where there is no such paper."""
    kept = _PAPERS.get(paper_id)
    if kept is not None:
        return kept
    rows = db.session.execute(
        select(
            PaperQuestion.position,
            PaperQuestion.version_id,
            PaperQuestion.module_id,
            PaperQuestion.points,
            PaperQuestion.section,
            PaperQuestion.pilot,
            QuestionVersion.content_hash,
            QuestionVersion.content,
        )
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(PaperQuestion.paper_id == paper_id)
        .order_by(PaperQuestion.position)
    ).all()
    slots = tuple(
        PaperSlot(
            row.position,
            row.version_id,
            row.module_id,
            row.points,
            question_of(row.content_hash, row.content),
            row.section,
            row.pilot,
        )
        for row in rows
    )
    if slots and not is_rehearsing():  # the id of a paper that is rolled back comes again
        _PAPERS.put(paper_id, slots)
    return slots


def paper_of(attempt_id: int) -> list[tuple[int, Question]]:
    """(position, question) of everything on an attempt's paper."""
    paper_id = db.session.scalar(select(Attempt.paper_id).where(Attempt.id == attempt_id))
    slots = paper_slots(paper_id) if paper_id is not None else ()
    return [(slot.position, slot.question) for slot in slots]


def question_of_version(version_id: int) -> Question:
    """The question in one of its versions. Raises NoResultFound where there is none."""
    row = db.session.execute(
        select(QuestionVersion.content_hash, QuestionVersion.content).where(
            QuestionVersion.id == version_id
        )
    ).one()
    return question_of(row.content_hash, row.content)


def question_of(content_hash: str, content: Mapping[str, object]) -> Question:
    """The question that a version's content says, by its hash."""
    kept = _QUESTIONS.get(content_hash)
    if kept is None:
        kept = load_question(dict(content))
        _QUESTIONS.put(content_hash, kept)
    return kept


def forget_all() -> None:
    """Empty the memory (tests roll their rows back, and ids come again)."""
    _PAPERS.clear()
    _QUESTIONS.clear()
