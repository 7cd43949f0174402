"""Appeals: one's own, the list of those who handle them, and one with its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.appeals import OPEN, AppealKind, AppealState, Window, window
from app.domain.result_policies import load_policy
from app.models.accounts import User
from app.models.appeals import Appeal, AppealEvent
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting
from app.queries.paging import Page, contains, paged

_Handler = aliased(User, name="handler")
_OPEN = tuple(state.value for state in OPEN)


@dataclass(frozen=True, slots=True)
class AppealFilter:
    """What the list shows; "" leaves a filter open.

    state: one of AppealState, or "open". handler: "me" for one's own, "nobody" for those that
    wait. sort: "due", "newest" or "name".
    """

    search: str = ""
    state: str = "open"
    kind: str = ""
    handler: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class AppealView:
    """One appeal or complaint."""

    id: int
    attempt_id: int
    user_id: int
    name: str
    username: str
    admission_number: str
    exam_title: dict[str, Any]
    sitting_title: dict[str, Any]
    sitting_id: int
    kind: AppealKind
    position: int | None
    text: str
    state: AppealState
    filed_at: datetime
    due_at: datetime
    handler_id: int | None
    handler: str | None
    checked: dict[str, Any]
    outcome: str
    letter: dict[str, Any]
    decided_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been answered."""
        return self.state in OPEN and now > self.due_at


def appeals(filters: AppealFilter, *, user_id: int, page: int) -> Page[AppealView]:
    """Appeals that meet the filter: two statements. user_id: who looks, for handler "me"."""
    statement = _listed()
    if filters.search:
        pattern = contains(filters.search)
        statement = statement.where(
            or_(
                User.name.ilike(pattern, escape="\\"),
                User.username.ilike(pattern, escape="\\"),
                Registration.admission_number.ilike(pattern, escape="\\"),
            )
        )
    if filters.state == "open":
        statement = statement.where(Appeal.state.in_(_OPEN))
    elif filters.state in set(AppealState):
        statement = statement.where(Appeal.state == filters.state)
    if filters.kind in set(AppealKind):
        statement = statement.where(Appeal.kind == filters.kind)
    if filters.handler == "me":
        statement = statement.where(Appeal.handler_id == user_id)
    elif filters.handler == "nobody":
        statement = statement.where(Appeal.handler_id.is_(None))
    sorts = {
        "due": (Appeal.due_at, Appeal.id),
        "newest": (Appeal.id.desc(),),
        "name": (User.name, User.username, Appeal.id),
    }
    found = paged(statement.order_by(*sorts.get(filters.sort, sorts["due"])), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def appeal(appeal_id: int) -> AppealView | None:
    """One appeal."""
    row = db.session.execute(_listed().where(Appeal.id == appeal_id)).one_or_none()
    return _view(row) if row else None


def own_appeals(attempt_id: int, *, user_id: int) -> list[AppealView]:
    """What one has filed about an attempt, the newest first."""
    rows = db.session.execute(
        _listed()
        .where(Appeal.attempt_id == attempt_id, Appeal.user_id == user_id)
        .order_by(Appeal.id.desc())
    )
    return [_view(row) for row in rows]


def own_appeal(appeal_id: int, *, user_id: int) -> AppealView | None:
    """One of one's own."""
    found = appeal(appeal_id)
    return found if found and found.user_id == user_id else None


def events(appeal_id: int) -> Sequence[AnyRow]:
    """(at, step, actor, detail) of everything that was done, the oldest first."""
    return db.session.execute(
        select(AppealEvent.at, AppealEvent.step, User.name.label("actor"), AppealEvent.detail)
        .outerjoin(User, User.id == AppealEvent.actor_id)
        .where(AppealEvent.appeal_id == appeal_id)
        .order_by(AppealEvent.id)
    ).all()


def window_of(attempt_id: int) -> Window:
    """Until when an appeal or a complaint about this attempt can be filed."""
    row = db.session.execute(
        select(Attempt.closed_at, Exam.policy, Exam.show_answers)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.id == attempt_id)
    ).one()
    released_at = db.session.scalar(
        select(Result.released_at).where(Result.attempt_id == attempt_id, Result.current)
    )
    policy = load_policy(row.policy, show_answers=row.show_answers)
    return window(closed_at=row.closed_at, released_at=released_at, appeal_days=policy.appeal_days)


def has_open(attempt_id: int, kind: AppealKind) -> bool:
    """Whether one of this kind is open."""
    found = db.session.scalar(
        select(Appeal.id)
        .where(Appeal.attempt_id == attempt_id, Appeal.kind == kind.value, Appeal.state.in_(_OPEN))
        .limit(1)
    )
    return found is not None


def _listed() -> AnySelect:
    return (
        select(
            Appeal,
            User.name,
            User.username,
            Registration.admission_number,
            Exam.title.label("exam_title"),
            Sitting.title.label("sitting_title"),
            Sitting.id.label("sitting_id"),
            _Handler.name.label("handler"),
        )
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(User, User.id == Appeal.user_id)
        .outerjoin(_Handler, _Handler.id == Appeal.handler_id)
    )


def _view(row: AnyRow) -> AppealView:
    one = row.Appeal
    return AppealView(
        id=one.id,
        attempt_id=one.attempt_id,
        user_id=one.user_id,
        name=row.name,
        username=row.username,
        admission_number=row.admission_number,
        exam_title=row.exam_title,
        sitting_title=row.sitting_title,
        sitting_id=row.sitting_id,
        kind=AppealKind(one.kind),
        position=one.position,
        text=one.text,
        state=AppealState(one.state),
        filed_at=one.filed_at,
        due_at=one.due_at,
        handler_id=one.handler_id,
        handler=row.handler,
        checked=one.checked,
        outcome=one.outcome,
        letter=one.letter,
        decided_at=one.decided_at,
    )
