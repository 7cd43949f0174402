"""What statistics are worked out from, and the figures that are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, func, select

from app.db import AnySelect, db
from app.domain.attempts import AttemptState
from app.domain.questions.body import Answer
from app.domain.questions.question import Question
from app.domain.rescores import Remedies, is_dropped
from app.domain.saves import current_answers
from app.domain.statistics.choices import chosen_options, options_of
from app.domain.statistics.items import Flag, ItemFigures, figures, flags
from app.domain.statistics.tallies import ItemTally, PaperScores, Truths
from app.models.attempts import Attempt
from app.models.papers import Paper
from app.models.questions import Question as QuestionRow
from app.models.questions import QuestionVersion
from app.models.results import Mark, Result
from app.models.statistics import PaperItemTally, PaperStatistics, VersionFlag
from app.queries.remedies import remedies_of
from app.queries.saves import saves_by_attempt
from app.queries.versions import PaperSlot, paper_slots, question_of


def stale_papers() -> Sequence[int]:
    """Papers whose results are other than those that their statistics were worked out from."""
    results = (
        _counted(
            Attempt.paper_id,
            func.count().label("people"),
            func.max(Result.created_at).label("latest"),
        )
        .group_by(Attempt.paper_id)
        .subquery()
    )
    done = PaperStatistics
    there = db.session.scalars(
        select(results.c.paper_id)
        .outerjoin(done, done.paper_id == results.c.paper_id)
        .where(
            done.paper_id.is_(None)
            | (done.people != results.c.people)
            | (done.computed_at < results.c.latest)
        )
        .order_by(results.c.paper_id)
    ).all()
    gone = db.session.scalars(
        select(done.paper_id).where(
            done.people > 0, done.paper_id.not_in(select(results.c.paper_id))
        )
    ).all()
    return [*there, *gone]


def paper_scores(
    paper_id: int, *, sitting_id: int | None = None, with_options: bool = True
) -> PaperScores:
    """What everybody with a result got on the paper, and which options they chose.

    sitting_id: of one sitting alone. with_options: read the answers too, which are many. Attempts
    that were voided do not count.
    """
    slots = marked_places(paper_id)
    people = _people(paper_id, sitting_id)
    attempts = db.session.scalars(people.order_by(Attempt.id)).all()
    rows = {attempt_id: row for row, attempt_id in enumerate(attempts)}
    columns = {slot.position: column for column, slot in enumerate(slots)}
    remedies = remedies_of(_exam_of(paper_id))
    points = np.zeros((len(rows), len(slots)))
    marks = db.session.execute(
        select(Mark.attempt_id, Mark.position, Mark.points).where(Mark.attempt_id.in_(people))
    )
    for attempt_id, position, earned in marks:
        points[rows[attempt_id], columns[position]] = float(earned)
    return PaperScores(
        points=points,
        maxima=np.array([float(slot.points) for slot in slots]),
        counted=np.array([_counts(slot, remedies) for slot in slots], dtype=bool),
        chosen=_chosen(people, slots, rows) if with_options else [{} for _ in slots],
    )


def marked_places(paper_id: int) -> tuple[PaperSlot, ...]:
    """The places of the paper that get marks: a pilot only where a rule scores it."""
    return tuple(
        slot
        for slot in paper_slots(paper_id)
        if not slot.is_pilot or slot.question.body.SCORED_BY_RULE
    )


def tallies_of(version_ids: Collection[int]) -> dict[int, ItemTally]:
    """Version → the sum of what its papers tell; those on no paper with results are left out."""
    found: dict[int, ItemTally] = defaultdict(ItemTally)
    rows = db.session.execute(
        select(PaperItemTally.version_id, PaperItemTally.tally).where(
            PaperItemTally.version_id.in_(version_ids)
        )
    )
    for version_id, tally in rows:
        found[version_id] += ItemTally.load(tally)
    return dict(found)


def questions_of_versions(version_ids: Collection[int]) -> dict[int, Question]:
    """Version → its content."""
    rows = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.content_hash, QuestionVersion.content).where(
            QuestionVersion.id.in_(version_ids)
        )
    )
    return {id_: question_of(content_hash, content) for id_, content_hash, content in rows}


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """The figures of one version with what they say. computed_at: of the newest of its papers."""

    figures: ItemFigures
    flags: tuple[Flag, ...]
    papers: int
    computed_at: datetime


def version_figures(question_id: str, *, version: int) -> VersionFigures | None:
    """How a version did in exams; None where nobody has a result with it."""
    rows = db.session.execute(
        select(
            PaperItemTally.tally,
            PaperStatistics.computed_at,
            QuestionVersion.content_hash,
            QuestionVersion.content,
        )
        .join(QuestionVersion, QuestionVersion.id == PaperItemTally.version_id)
        .join(PaperStatistics, PaperStatistics.paper_id == PaperItemTally.paper_id)
        .where(QuestionVersion.question_id == question_id, QuestionVersion.number == version)
    ).all()
    tally = sum((ItemTally.load(row.tally) for row in rows), ItemTally())
    if not tally.n:
        return None
    content = question_of(rows[0].content_hash, rows[0].content)
    found = figures(tally, options_of(content.body))
    return VersionFigures(found, flags(found), len(rows), max(row.computed_at for row in rows))


def flags_in_use(question_ids: Collection[str]) -> dict[str, tuple[Flag, ...]]:
    """Question → flags of the version that is in use, or else of its newest: one statement."""
    found: dict[str, list[Flag]] = defaultdict(list)
    rows = db.session.execute(
        select(QuestionRow.id, VersionFlag.flag)
        .join(QuestionVersion, in_use())
        .join(VersionFlag, VersionFlag.version_id == QuestionVersion.id)
        .where(QuestionRow.id.in_(question_ids))
        .order_by(QuestionRow.id, VersionFlag.flag)
    )
    for question_id, flag in rows:
        found[question_id].append(Flag(flag))
    return {question_id: tuple(its) for question_id, its in found.items()}


def in_use() -> ColumnElement[bool]:
    """The condition that joins a question to the version in use, or else to its newest."""
    number = func.coalesce(QuestionRow.live_version, QuestionRow.current_version)
    return and_(QuestionVersion.question_id == QuestionRow.id, QuestionVersion.number == number)


def _counted(*columns: Any) -> AnySelect:
    """Of the attempts that statistics count: with a result, and not voided."""
    statement: AnySelect = (
        select(*columns)
        .join(Result, (Result.attempt_id == Attempt.id) & Result.current)
        .where(Attempt.state != AttemptState.VOIDED.value)
    )
    return statement


def _people(paper_id: int, sitting_id: int | None = None) -> AnySelect:
    people = _counted(Attempt.id).where(Attempt.paper_id == paper_id)
    return people if sitting_id is None else people.where(Attempt.sitting_id == sitting_id)


def _exam_of(paper_id: int) -> int:
    return db.session.scalars(select(Paper.exam_id).where(Paper.id == paper_id)).one()


def _counts(slot: PaperSlot, remedies: Remedies) -> bool:
    """Whether the place is part of the score: no pilot, and not dropped."""
    return not slot.is_pilot and not is_dropped(remedies, slot.version_id)


def _chosen(
    people: AnySelect, slots: Sequence[PaperSlot], rows: Mapping[int, int]
) -> list[dict[str, Truths]]:
    """Per place: option → which of the people chose it."""
    chosen: list[dict[str, Truths]] = [
        {name: np.zeros(len(rows), dtype=bool) for name in options_of(slot.question.body)}
        for slot in slots
    ]
    columns = {slot.position: n for n, slot in enumerate(slots) if chosen[n]}
    for attempt_id, saves in saves_by_attempt(people, positions=set(columns)):
        for position, save in current_answers(saves).items():
            _note(chosen[columns[position]], rows[attempt_id], save.answer)
    return chosen


def _note(options: dict[str, Truths], row: int, answer: Answer | None) -> None:
    for name in chosen_options(answer):
        options[name][row] = True
