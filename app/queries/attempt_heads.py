"""Whose attempt a page of the staff is about, and finding attempts by the candidate's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.db import db
from app.domain.held_saves import Ending
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.queries.paging import contains


@dataclass(frozen=True, slots=True)
class AttemptHead:
    """Whose attempt it is, and how it stands to the clock."""

    id: int
    sitting_id: int
    user_id: int
    name: str
    username: str
    admission_number: str
    number: int
    state: str
    section: int
    paper_id: int
    started_at: datetime
    ending: Ending


def attempt_head(sitting_id: int, attempt_id: int) -> AttemptHead | None:
    """An attempt of this sitting."""
    row = db.session.execute(
        select(Attempt, User.name, User.username, Registration.admission_number)
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(Attempt.id == attempt_id, Attempt.sitting_id == sitting_id)
    ).one_or_none()
    if row is None:
        return None
    attempt = row.Attempt
    return AttemptHead(
        id=attempt.id,
        sitting_id=sitting_id,
        user_id=attempt.user_id,
        name=row.name,
        username=row.username,
        admission_number=row.admission_number,
        number=attempt.number,
        state=attempt.state,
        section=attempt.section,
        paper_id=attempt.paper_id,
        started_at=attempt.started_at,
        ending=Ending(attempt.deadline_at, attempt.closed_at),
    )


def names_contain(search: str) -> ColumnElement[bool]:
    """Candidate's name, user name or admission number; User and Registration are joined."""
    pattern = contains(search)
    return or_(
        User.name.ilike(pattern, escape="\\"),
        User.username.ilike(pattern, escape="\\"),
        Registration.admission_number.ilike(pattern, escape="\\"),
    )
