"""Incidents of a sitting, and who may have been affected by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import AttemptState
from app.domain.incidents import IncidentState, Outcome, Remedy
from app.domain.presence import OFFLINE_AFTER
from app.models.accounts import User
from app.models.attempts import Attempt, Save
from app.models.sittings import Incident, IncidentAttempt, Registration
from app.queries.paging import Page, paged

_Proposer = aliased(User, name="proposer")
_Decider = aliased(User, name="decider")
AFFECTED_SIZE = 50


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """What the list shows. state: "" for all. sort: "newest" or "oldest"."""

    state: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident. people: how many attempts it affected."""

    id: int
    description: str
    remedy: Remedy
    minutes: int
    state: IncidentState
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None
    reason: str
    people: int


@dataclass(frozen=True, slots=True)
class PossiblyAffected:
    """An attempt that was open at some time of an interval.

    saves: that arrived in the interval. is_likely: none did, or the page was silent at its end;
    for a person to look at, not a decision.
    """

    attempt_id: int
    number: int
    name: str
    username: str
    admission_number: str
    state: AttemptState
    started_at: datetime
    closed_at: datetime | None
    seen_at: datetime
    saves: int
    is_likely: bool


def incidents(sitting_id: int, filters: IncidentFilter, *, page: int) -> Page[IncidentView]:
    """Incidents of the sitting: two statements."""
    statement = _incidents(sitting_id)
    if filters.state in set(IncidentState):
        statement = statement.where(Incident.state == filters.state)
    order = Incident.id if filters.sort == "oldest" else Incident.id.desc()
    found = paged(statement.order_by(order), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def incident(sitting_id: int, incident_id: int) -> IncidentView | None:
    """One incident of this sitting."""
    statement = _incidents(sitting_id).where(Incident.id == incident_id)
    row = db.session.execute(statement).one_or_none()
    return _view(row) if row else None


def waiting(sitting_id: int) -> int:
    """How many incidents of the sitting wait for a decision."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Incident)
            .where(
                Incident.sitting_id == sitting_id,
                Incident.state == IncidentState.PROPOSED.value,
            )
        )
        or 0
    )


def affected(incident_id: int, *, outcome: str = "", page: int = 1) -> Page[AnyRow]:
    """The attempts of an incident by name; outcome: "" for all. Two statements."""
    statement = (
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            User.name,
            User.username,
            Registration.admission_number,
            IncidentAttempt.outcome,
        )
        .join(Attempt, Attempt.id == IncidentAttempt.attempt_id)
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(IncidentAttempt.incident_id == incident_id)
        .order_by(User.name, User.username, Attempt.id)
    )
    if outcome in set(Outcome):
        statement = statement.where(IncidentAttempt.outcome == outcome)
    return paged(statement, number=page, size=AFFECTED_SIZE)


def outcome_counts(incident_id: int) -> dict[Outcome, int]:
    """How often each outcome occurred; nothing before the decision."""
    rows = db.session.execute(
        select(IncidentAttempt.outcome, func.count())
        .where(IncidentAttempt.incident_id == incident_id, IncidentAttempt.outcome != "")
        .group_by(IncidentAttempt.outcome)
    )
    return {Outcome(outcome): count for outcome, count in rows}


def possibly_affected(
    sitting_id: int, *, since: datetime, until: datetime
) -> Sequence[PossiblyAffected]:
    """Attempts that were open at some time between the two, by name: one statement."""
    arrived = (
        select(Save.attempt_id, func.count().label("saves"))
        .join(Attempt, Attempt.id == Save.attempt_id)
        .where(
            Attempt.sitting_id == sitting_id,
            Save.received_at >= since,
            Save.received_at <= until,
        )
        .group_by(Save.attempt_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.closed_at,
            Attempt.seen_at,
            User.name,
            User.username,
            Registration.admission_number,
            func.coalesce(arrived.c.saves, 0).label("saves"),
        )
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .outerjoin(arrived, arrived.c.attempt_id == Attempt.id)
        .where(
            Attempt.sitting_id == sitting_id,
            Attempt.state != AttemptState.VOIDED.value,
            and_(
                Attempt.started_at <= until,
                or_(Attempt.closed_at.is_(None), Attempt.closed_at >= since),
            ),
        )
        .order_by(User.name, User.username, Attempt.id)
    )
    return [
        PossiblyAffected(
            attempt_id=row.id,
            number=row.number,
            name=row.name,
            username=row.username,
            admission_number=row.admission_number,
            state=AttemptState(row.state),
            started_at=row.started_at,
            closed_at=row.closed_at,
            seen_at=row.seen_at,
            saves=row.saves,
            is_likely=_is_likely(row, until=until),
        )
        for row in rows
    ]


def _is_likely(row: AnyRow, *, until: datetime) -> bool:
    """Nothing arrived in the interval, or the page had fallen silent before its end."""
    was_open = row.closed_at is None or row.closed_at > until
    return bool(row.saves == 0 or (was_open and row.seen_at < until - OFFLINE_AFTER))


def _incidents(sitting_id: int) -> AnySelect:
    people = (
        select(func.count())
        .select_from(IncidentAttempt)
        .where(IncidentAttempt.incident_id == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
    )
    return (
        select(
            Incident,
            _Proposer.name.label("proposer"),
            _Decider.name.label("decider"),
            people.label("people"),
        )
        .join(_Proposer, _Proposer.id == Incident.proposed_by)
        .outerjoin(_Decider, _Decider.id == Incident.decided_by)
        .where(Incident.sitting_id == sitting_id)
    )


def _view(row: AnyRow) -> IncidentView:
    found = row.Incident
    return IncidentView(
        id=found.id,
        description=found.description,
        remedy=Remedy(found.remedy),
        minutes=found.minutes,
        state=IncidentState(found.state),
        proposed_by=found.proposed_by,
        proposer=row.proposer,
        proposed_at=found.proposed_at,
        decider=row.decider,
        decided_at=found.decided_at,
        reason=found.reason,
        people=row.people,
    )
