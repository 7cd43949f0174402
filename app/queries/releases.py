"""Releases: what waits for one, how its checks stand, the list, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import CLOSED_UNSCORED, OPEN_STATES, AttemptState
from app.domain.releases import Check, Checklist, ReleaseState
from app.domain.rescores import RescoreState
from app.domain.result_policies import ResultPolicy, load_policy
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.releases import Release, ReleaseAttempt
from app.models.rescores import QuestionRescore
from app.models.results import Result
from app.models.schemes import Exam, Scheme
from app.models.sittings import Sitting
from app.queries import held_saves, incidents, signals
from app.queries.paging import Page, paged

_Proposer = aliased(User, name="proposer")
_Decider = aliased(User, name="decider")
_UNMARKED = frozenset({*CLOSED_UNSCORED, AttemptState.MARKING})


@dataclass(frozen=True, slots=True)
class ReleaseFilter:
    """What the list shows; "" leaves a filter open. sort: "newest" or "oldest"."""

    state: str = ""
    sitting: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class SittingToRelease:
    """A sitting with its exam, as the release pages need it."""

    id: int
    title: dict[str, Any]
    exam_id: int
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    pass_mark: float
    total: float
    policy: ResultPolicy


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One release. people: results it is about; done: for how many everything has followed."""

    id: int
    sitting: SittingToRelease
    state: ReleaseState
    checks: dict[str, int]
    statistics: dict[str, Any]
    seen_by: str
    seen_at: datetime
    note: str
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None
    reason: str
    finished_at: datetime | None
    people: int
    done: int


def waiting_sittings(*, limit: int = 20) -> Sequence[AnyRow]:
    """(id, title, exam_title, waiting) of sittings whose results wait, the oldest first."""
    return db.session.execute(
        select(
            Sitting.id,
            Sitting.title,
            Exam.title.label("exam_title"),
            func.count().label("waiting"),
        )
        .join(Attempt, Attempt.sitting_id == Sitting.id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(Attempt.state == AttemptState.SCORED.value)
        .group_by(Sitting.id, Exam.id)
        .order_by(Sitting.opens_at, Sitting.id)
        .limit(limit)
    ).all()


def sitting_to_release(sitting_id: int) -> SittingToRelease | None:
    """The sitting; None where there is none."""
    row = db.session.execute(
        select(Sitting, Exam, Scheme.title)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(Sitting.id == sitting_id)
    ).one_or_none()
    return _sitting(row.Sitting, row.Exam, row.title) if row else None


def waiting_attempts(sitting_id: int) -> Sequence[int]:
    """Attempts of the sitting that are scored and not released."""
    return db.session.scalars(
        select(Attempt.id)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(
            Attempt.sitting_id == sitting_id,
            Attempt.state == AttemptState.SCORED.value,
            Result.current,
            Result.released_at.is_(None),
        )
        .order_by(Attempt.id)
    ).all()


def checklist(sitting_id: int, *, exam_id: int) -> Checklist:
    """How the checks stand: six statements.

    Whatever marking still disputes leaves its attempt in the state "marking", so it is counted.
    """
    states = dict(
        db.session.execute(
            select(Attempt.state, func.count())
            .where(Attempt.sitting_id == sitting_id)
            .group_by(Attempt.state)
        ).all()
    )
    to_review = signals.signal_attempts(
        sitting_id, signals.SignalFilter(reviewed="no"), page=1
    ).total
    return Checklist(
        {
            Check.IN_PROGRESS: sum(states.get(state.value, 0) for state in OPEN_STATES),
            Check.UNMARKED: sum(states.get(state.value, 0) for state in _UNMARKED),
            Check.HELD_SAVES: held_saves.undecided_attempts(sitting_id),
            Check.INCIDENTS: incidents.waiting(sitting_id),
            Check.SIGNALS: to_review,
            Check.RESCORES: open_rescores(exam_id),
        }
    )


def open_rescores(exam_id: int) -> int:
    """Re-scores of the exam that wait for a decision, or are not applied everywhere yet."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(QuestionRescore)
            .where(
                QuestionRescore.exam_id == exam_id,
                QuestionRescore.state.in_(
                    (RescoreState.PROPOSED.value, RescoreState.APPROVED.value)
                ),
                QuestionRescore.applied_at.is_(None),
            )
        )
        or 0
    )


def releases(filters: ReleaseFilter, *, page: int) -> Page[ReleaseView]:
    """Releases that meet the filter: two statements."""
    statement = _listed()
    if filters.state in set(ReleaseState):
        statement = statement.where(Release.state == filters.state)
    if filters.sitting.isdecimal():
        statement = statement.where(Release.sitting_id == int(filters.sitting[:9]))
    order = Release.id if filters.sort == "oldest" else Release.id.desc()
    found = paged(statement.order_by(order), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def release(release_id: int) -> ReleaseView | None:
    """One release."""
    row = db.session.execute(_listed().where(Release.id == release_id)).one_or_none()
    return _view(row) if row else None


def open_release(sitting_id: int) -> int | None:
    """The release of this sitting that waits for a decision."""
    return db.session.scalar(
        select(Release.id).where(
            Release.sitting_id == sitting_id, Release.state == ReleaseState.PROPOSED.value
        )
    )


def attempts_of(release_id: int) -> Sequence[int]:
    """The attempts that a release is about."""
    return db.session.scalars(
        select(ReleaseAttempt.attempt_id)
        .where(ReleaseAttempt.release_id == release_id)
        .order_by(ReleaseAttempt.attempt_id)
    ).all()


def unfinished() -> Sequence[int]:
    """Approved releases of which something still has to follow."""
    return db.session.scalars(
        select(Release.id)
        .where(Release.state == ReleaseState.APPROVED.value, Release.finished_at.is_(None))
        .order_by(Release.id)
    ).all()


def _listed() -> AnySelect:
    about = (
        select(func.count())
        .select_from(ReleaseAttempt)
        .where(ReleaseAttempt.release_id == Release.id)
    )
    seen_by = aliased(User, name="seen_by")
    return (
        select(
            Release,
            Sitting,
            Exam,
            Scheme.title.label("scheme_title"),
            _Proposer.name.label("proposer"),
            _Decider.name.label("decider"),
            seen_by.name.label("seen_by"),
            about.correlate(Release).scalar_subquery().label("people"),
            about.where(ReleaseAttempt.done_at.is_not(None))
            .correlate(Release)
            .scalar_subquery()
            .label("done"),
        )
        .join(Sitting, Sitting.id == Release.sitting_id)
        .join(Exam, Exam.id == Release.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(_Proposer, _Proposer.id == Release.proposed_by)
        .join(seen_by, seen_by.id == Release.statistics_seen_by)
        .outerjoin(_Decider, _Decider.id == Release.decided_by)
    )


def _view(row: AnyRow) -> ReleaseView:
    one = row.Release
    return ReleaseView(
        id=one.id,
        sitting=_sitting(row.Sitting, row.Exam, row.scheme_title),
        state=ReleaseState(one.state),
        checks=one.checks,
        statistics=one.statistics,
        seen_by=row.seen_by,
        seen_at=one.statistics_seen_at,
        note=one.note,
        proposed_by=one.proposed_by,
        proposer=row.proposer,
        proposed_at=one.proposed_at,
        decider=row.decider,
        decided_at=one.decided_at,
        reason=one.reason,
        finished_at=one.finished_at,
        people=row.people,
        done=row.done,
    )


def _sitting(sitting: Sitting, exam: Exam, scheme_title: dict[str, Any]) -> SittingToRelease:
    return SittingToRelease(
        id=sitting.id,
        title=sitting.title,
        exam_id=exam.id,
        exam_title=exam.title,
        scheme_title=scheme_title,
        pass_mark=float(exam.pass_mark),
        total=float(exam.total),
        policy=load_policy(exam.policy, show_answers=exam.show_answers),
    )
