"""The rows of papers: written once, frozen from then on.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import db
from app.domain.assembly.papers import Slot
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.papers import Paper, PaperQuestion
from app.queries.pool import no_longer_usable

_SHOWN = 10


class QuestionsGone(DomainError):
    """Questions were changed or taken out of use since the papers were assembled."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(
            "questions-gone",
            N_(
                "Questions have been changed or retired since these papers were assembled:"
                " %(questions)s. Assemble the papers again."
            ),
            kind=ErrorKind.CONFLICT,
            questions=", ".join(questions[:_SHOWN]),
        )


def check_usable(papers: Sequence[Sequence[Slot]]) -> None:
    """Whether every question may still go on a paper; raises QuestionsGone."""
    gone = no_longer_usable({slot.version_id for paper in papers for slot in paper})
    if gone:
        raise QuestionsGone(gone)


def put_papers(
    papers: Sequence[Sequence[Slot]],
    *,
    exam_id: int,
    plan_number: int,
    seed: int,
    now: datetime,
    batch_id: int | None = None,
) -> list[int]:
    """Freeze the papers; returns their ids."""
    ids = []
    for slots in papers:
        paper = Paper(
            exam_id=exam_id, batch_id=batch_id, plan_number=plan_number, seed=seed, frozen_at=now
        )
        db.session.add(paper)
        db.session.flush()
        db.session.add_all(
            PaperQuestion(
                paper_id=paper.id,
                position=slot.position,
                version_id=slot.version_id,
                module_id=slot.module,
                points=slot.points,
                section=slot.section,
                pilot=slot.is_pilot,
            )
            for slot in slots
        )
        ids.append(paper.id)
    db.session.flush()
    return ids
