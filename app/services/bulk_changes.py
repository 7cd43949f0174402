"""One change of many questions in one transaction, and the one undo that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.bulk import BulkOrder
from app.domain.questions.lifecycle import QuestionStep
from app.domain.text import N_
from app.models.questions import Question
from app.models.workshop import BulkChange
from app.queries.bank import bank_ids
from app.queries.bulk_plans import BulkPlan, PlannedChange, Refusal, bulk_plan
from app.services.question_index import index_questions
from app.services.question_rows import add_version, checked_note, step
from app.services.trail import Actor, record

MOST_QUESTIONS = 2000
"""Questions of one change: all of them are locked until it is written."""
LONGEST_NOTE = 500

Selection = Sequence[str] | BankFilter
"""Chosen ids, or everything that a filter finds."""


class TooManyChosen(DomainError):
    """More questions than one change may have."""

    def __init__(self) -> None:
        super().__init__(
            "too-many-questions",
            N_("Change at most %(most)s questions at once: narrow the filter."),
            most=MOST_QUESTIONS,
            kind=ErrorKind.TOO_LARGE,
        )


class PreviewOutdated(DomainError):
    """What would be changed is no longer what the preview showed."""

    def __init__(self) -> None:
        super().__init__(
            "preview-outdated",
            N_("Questions have been changed since the preview. Look at the new one first."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What was changed. change_id: None where nothing was."""

    change_id: int | None
    changed: tuple[str, ...]
    refused: tuple[Refusal, ...]


def preview(selection: Selection, order: BulkOrder, *, actor: Actor, zone: tzinfo) -> BulkPlan:
    """What `apply` would do; writes nothing. Raises as `apply` does."""
    return bulk_plan(_chosen(selection, zone=zone), order, by=_person(actor))


@transactional
def apply(
    selection: Selection,
    order: BulkOrder,
    *,
    expected: str,
    actor: Actor,
    now: datetime,
    zone: tzinfo,
) -> BulkDone:
    """Change every question that the order fits; the others stay and are named.

    expected: the digest of the plan that the preview showed. New content is a draft version, the
    live one stays in use. Raises OrderUnclear, NoteMissing, UnknownPoint, TooManyChosen,
    PreviewOutdated.
    """
    user_id = _person(actor)
    note = checked_note(order.note, most=LONGEST_NOTE)
    rows = _locked(_chosen(selection, zone=zone))
    plan = bulk_plan(list(rows), order, by=user_id)
    if plan.digest != expected:
        raise PreviewOutdated
    if not plan.changes:
        return BulkDone(None, (), plan.refused)
    done = [
        _change(rows[planned.id], planned, order.step, note=note, actor=actor, now=now)
        for planned in plan.changes
    ]
    index_questions(planned.content for planned in plan.changes if planned.content is not None)
    change = BulkChange(
        user_id=user_id,
        at=now,
        what=order.dump(),
        undo={"questions": done},
        count=len(done),
    )
    db.session.add(change)
    db.session.flush()
    changed = tuple(planned.id for planned in plan.changes)
    record(
        "questions.bulk_changed",
        str(change.id),
        actor=actor,
        now=now,
        order=order.dump(),
        questions=list(changed),
        refused=[refusal.id for refusal in plan.refused],
    )
    return BulkDone(change.id, changed, plan.refused)


def standing_of(row: Question) -> dict[str, Any]:
    """What tells later whether somebody has touched the question, and what it was."""
    return {
        "version": row.current_version,
        "state": row.state,
        "live_version": row.live_version,
        "pool": row.pool,
    }


def _change(
    row: Question,
    planned: PlannedChange,
    step_: QuestionStep | None,
    *,
    note: str,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Change one question; returns what its undo needs."""
    before = standing_of(row)
    step(
        row,
        step_ or QuestionStep.WRITE,
        actor=actor,
        now=now,
        note=note,
        standing=planned.standing,
    )
    if planned.content is not None:
        row.pool = planned.content.pool.value
        add_version(row, planned.content, author_id=actor.user_id, note=note, now=now)
    return {"id": row.id, "before": before, "after": standing_of(row)}


def _chosen(selection: Selection, *, zone: tzinfo) -> Sequence[str]:
    if isinstance(selection, BankFilter):
        selection = bank_ids(selection, zone=zone, most=MOST_QUESTIONS + 1)
    ids = list(dict.fromkeys(selection))
    if len(ids) > MOST_QUESTIONS:
        raise TooManyChosen
    return ids


def _locked(question_ids: Sequence[str]) -> dict[str, Question]:
    """The questions, locked in the order of their ids, so that two changes never wait in a ring."""
    rows = db.session.scalars(
        select(Question)
        .where(Question.id.in_(question_ids))
        .order_by(Question.id)
        .with_for_update()
    )
    return {row.id: row for row in rows}


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise ValueError("many questions are changed by a person")
    return actor.user_id
