"""In whose exams somebody had a part: own ones, trainees', marked, proctored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.db import db
from app.domain.attempts import Move
from app.domain.certification import Involvement
from app.domain.events import APPEAL_EVENTS, Event
from app.domain.marking.roles import MarkingState
from app.models.attempts import Attempt, AttemptEvent
from app.models.marking import Marking, Script
from app.models.releases import Release, ReleaseAttempt
from app.models.sittings import SittingProctor
from app.models.trainers import Trainer

_CORRECTED = (Event.MARK_CORRECTED.value,)
_DONE = (MarkingState.DONE.value, MarkingState.SUPERSEDED.value)
_NO_PART = (*APPEAL_EVENTS, Event.RESCORED.value, Move.RELEASE.value)
"""What one does after the exam, on record in its log: no part in the exam itself."""


def involvement(user_id: int, attempt_ids: Sequence[int]) -> Involvement:
    """In how many of these attempts somebody had which part: one statement."""
    row = db.session.execute(
        select(
            _number(Attempt.user_id == user_id),
            _number(_trained(user_id)),
            _number(or_(_acted(user_id, AttemptEvent.kind.in_(_CORRECTED)), _marked(user_id))),
            _number(
                or_(
                    _acted(user_id, AttemptEvent.kind.not_in(_NO_PART)),
                    exists().where(
                        SittingProctor.sitting_id == Attempt.sitting_id,
                        SittingProctor.user_id == user_id,
                    ),
                )
            ),
        ).where(Attempt.id.in_(attempt_ids))
    ).one()
    return Involvement(own=row[0], trained=row[1], marked=row[2], proctored=row[3])


def has_released(user_id: int, attempt_id: int) -> bool:
    """Whether somebody proposed or decided the release of this attempt."""
    found = db.session.scalar(
        select(Release.id)
        .join(ReleaseAttempt, ReleaseAttempt.release_id == Release.id)
        .where(
            ReleaseAttempt.attempt_id == attempt_id,
            or_(Release.proposed_by == user_id, Release.decided_by == user_id),
        )
        .limit(1)
    )
    return found is not None


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _trained(user_id: int) -> ColumnElement[bool]:
    return exists().where(Trainer.user_id == Attempt.user_id, Trainer.trainer_id == user_id)


def _marked(user_id: int) -> ColumnElement[bool]:
    return (
        exists()
        .where(Script.attempt_id == Attempt.id, Marking.script_id == Script.id)
        .where(Marking.marker_id == user_id, Marking.state.in_(_DONE))
    )


def _acted(user_id: int, kinds: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        and_(
            AttemptEvent.attempt_id == Attempt.id,
            AttemptEvent.actor_id == user_id,
            Attempt.user_id != user_id,
            kinds,
        )
    )
