"""A paper with its questions, as staff look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.db import AnyRow, db
from app.domain.assembly.papers import Slot
from app.domain.questions.question import Question as Content
from app.models.papers import Paper, PaperBatch, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.schemes import Exam, Scheme
from app.models.sittings import Sitting, SittingPaper
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class Place:
    """One place on a paper with its question."""

    position: int
    section: int
    points: Fraction
    is_pilot: bool
    version: int
    question: Content


@dataclass(frozen=True, slots=True)
class PaperView:
    """A frozen paper. number: in its batch, 0 for one that was assembled with its sitting."""

    id: int
    exam_id: int
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    batch_id: int | None
    number: int
    plan_number: int
    seed: int
    frozen_at: datetime
    places: tuple[Place, ...]
    sittings: tuple[AnyRow, ...]


@dataclass(frozen=True, slots=True)
class SittingPapers:
    """Where a sitting's papers come from. batch_id: None where they were assembled with it."""

    count: int
    batch_id: int | None


def paper(paper_id: int) -> PaperView | None:
    """One paper: its places in order, and the sittings that hand it out."""
    row = db.session.execute(
        select(Paper, Exam.title, Scheme.title.label("scheme_title"))
        .join(Exam, Exam.id == Paper.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(Paper.id == paper_id)
    ).one_or_none()
    if row is None:
        return None
    places = db.session.execute(
        select(PaperQuestion, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(PaperQuestion.paper_id == paper_id)
        .order_by(PaperQuestion.position)
    )
    sittings = db.session.execute(
        select(Sitting.id, Sitting.title, Sitting.opens_at)
        .join(SittingPaper, SittingPaper.sitting_id == Sitting.id)
        .where(SittingPaper.paper_id == paper_id)
        .order_by(Sitting.opens_at.desc())
        .limit(20)
    ).all()
    found: Paper = row.Paper
    return PaperView(
        id=found.id,
        exam_id=found.exam_id,
        exam_title=row.title,
        scheme_title=row.scheme_title,
        batch_id=found.batch_id,
        number=_number(found),
        plan_number=found.plan_number,
        seed=found.seed,
        frozen_at=found.frozen_at,
        places=tuple(
            Place(
                place.position,
                place.section,
                place.points,
                place.pilot,
                version.number,
                question_of(version.content_hash, version.content),
            )
            for place, version in places
        ),
        sittings=tuple(sittings),
    )


def places_of(slots: Sequence[Slot]) -> tuple[Place, ...]:
    """The places of a paper that is not approved yet, with their questions."""
    versions = {
        version.id: version
        for version in db.session.scalars(
            select(QuestionVersion).where(
                QuestionVersion.id.in_([slot.version_id for slot in slots])
            )
        )
    }
    return tuple(
        Place(
            slot.position,
            slot.section,
            slot.points,
            slot.is_pilot,
            versions[slot.version_id].number,
            question_of(versions[slot.version_id].content_hash, versions[slot.version_id].content),
        )
        for slot in slots
    )


def papers_of_batch(batch_id: int) -> Sequence[int]:
    """Ids of the papers that a batch has become, in their order."""
    return db.session.scalars(
        select(Paper.id).where(Paper.batch_id == batch_id).order_by(Paper.id)
    ).all()


def papers_of_sitting(sitting_id: int) -> SittingPapers:
    """How many papers a sitting hands out, and the batch that they come from."""
    rows = db.session.execute(
        select(Paper.id, PaperBatch.id)
        .join(SittingPaper, SittingPaper.paper_id == Paper.id)
        .outerjoin(PaperBatch, PaperBatch.id == Paper.batch_id)
        .where(SittingPaper.sitting_id == sitting_id)
    ).all()
    return SittingPapers(len(rows), next((batch_id for _, batch_id in rows if batch_id), None))


def has_pilots(sitting_id: int) -> bool:
    """Whether any of the sitting's papers has a question that counts for nobody."""
    found = db.session.scalar(
        select(PaperQuestion.paper_id)
        .join(SittingPaper, SittingPaper.paper_id == PaperQuestion.paper_id)
        .where(SittingPaper.sitting_id == sitting_id, PaperQuestion.pilot)
        .limit(1)
    )
    return found is not None


def questions_of_sitting() -> ScalarSelect[int]:
    """How many questions its papers have, pilots included: all papers of a sitting have as many."""
    first = (
        select(func.min(SittingPaper.paper_id))
        .where(SittingPaper.sitting_id == Sitting.id)
        .correlate(Sitting)
        .scalar_subquery()
    )
    return (
        select(func.count())
        .select_from(PaperQuestion)
        .where(PaperQuestion.paper_id == first)
        .correlate(Sitting)
        .scalar_subquery()
    )


def _number(row: Paper) -> int:
    return papers_of_batch(row.batch_id).index(row.id) + 1 if row.batch_id else 0
