"""Who is due for a certificate that a person decides on, and certificates under review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import AttemptState
from app.domain.certification import ReviewOutcome
from app.loader.schemes import Decision
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.certification import CertificateDecision, CertificateReview
from app.models.results import Result
from app.models.schemes import Exam, SchemeVersion
from app.queries.paging import Page, contains, paged


@dataclass(frozen=True, slots=True)
class DueFilter:
    """What the list shows; "" leaves a filter open. state: "waiting", "refused", "issued"."""

    search: str = ""
    scheme: str = ""
    state: str = "waiting"
    sort: str = "oldest"


@dataclass(frozen=True, slots=True)
class DueView:
    """Somebody who has passed every exam of a scheme version. since: the last release of them."""

    user_id: int
    name: str
    username: str
    department: str
    scheme_version_id: int
    scheme_title: dict[str, Any]
    version: int
    since: datetime
    verdict: str | None
    certificate: str | None


def due(filters: DueFilter, *, page: int) -> Page[DueView]:
    """People who have passed everything where a person decides: two statements."""
    statement = _due()
    if filters.search:
        pattern = contains(filters.search)
        statement = statement.where(
            or_(
                User.name.ilike(pattern, escape="\\"),
                User.username.ilike(pattern, escape="\\"),
                User.department.ilike(pattern, escape="\\"),
            )
        )
    if filters.scheme:
        statement = statement.where(SchemeVersion.scheme_id == filters.scheme)
    verdict = _verdict()
    if filters.state == "waiting":
        statement = statement.where(Certificate.id.is_(None), verdict.is_(None))
    elif filters.state == "refused":
        statement = statement.where(Certificate.id.is_(None), verdict.is_not(None))
    elif filters.state == "issued":
        statement = statement.where(Certificate.id.is_not(None))
    sorts = {
        "oldest": (func.max(Result.released_at), User.id),
        "newest": (func.max(Result.released_at).desc(), User.id),
        "name": (User.name, User.username, SchemeVersion.id),
    }
    found = paged(statement.order_by(*sorts.get(filters.sort, sorts["oldest"])), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def due_person(user_id: int, scheme_version_id: int) -> DueView | None:
    """One of them."""
    row = db.session.execute(
        _due().where(User.id == user_id, SchemeVersion.id == scheme_version_id)
    ).one_or_none()
    return _view(row) if row else None


def decisions(user_id: int, scheme_version_id: int) -> Sequence[AnyRow]:
    """(verdict, reason, decider, at) of every decision about somebody, the newest first."""
    return db.session.execute(
        select(
            CertificateDecision.verdict,
            CertificateDecision.reason,
            User.name.label("decider"),
            CertificateDecision.at,
        )
        .join(User, User.id == CertificateDecision.decided_by)
        .where(
            CertificateDecision.user_id == user_id,
            CertificateDecision.scheme_version_id == scheme_version_id,
        )
        .order_by(CertificateDecision.id.desc())
    ).all()


def attempts_behind(user_id: int, scheme_version_id: int) -> Sequence[int]:
    """Every attempt of somebody at the exams of a scheme version."""
    return db.session.scalars(
        select(Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.user_id == user_id, Exam.scheme_version_id == scheme_version_id)
        .order_by(Attempt.id)
    ).all()


def reviews(*, state: str, page: int) -> Page[AnyRow]:
    """Certificates under review: two statements. state: one of ReviewOutcome, "" for all."""
    statement = _reviews()
    if state in set(ReviewOutcome):
        statement = statement.where(CertificateReview.outcome == state)
    return paged(statement.order_by(CertificateReview.id.desc()), number=page)


def review(review_id: int) -> AnyRow | None:
    """One of them."""
    return db.session.execute(_reviews().where(CertificateReview.id == review_id)).one_or_none()


def open_reviews() -> int:
    """How many certificates wait for somebody to decide."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CertificateReview)
            .where(CertificateReview.outcome == ReviewOutcome.OPEN.value)
        )
        or 0
    )


def _due() -> AnySelect:
    exams_of = (
        select(func.count())
        .select_from(Exam)
        .where(Exam.scheme_version_id == SchemeVersion.id)
        .correlate(SchemeVersion)
        .scalar_subquery()
    )
    return (
        select(
            User.id,
            User.name,
            User.username,
            User.department,
            SchemeVersion.id.label("scheme_version_id"),
            SchemeVersion.number,
            SchemeVersion.content["title"].label("title"),
            func.max(Result.released_at).label("since"),
            _verdict().label("verdict"),
            Certificate.number.label("certificate"),
        )
        .select_from(Result)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Exam, Exam.id == Result.exam_id)
        .join(SchemeVersion, SchemeVersion.id == Exam.scheme_version_id)
        .join(User, User.id == Result.user_id)
        .outerjoin(
            Certificate,
            and_(
                Certificate.user_id == User.id,
                Certificate.scheme_version_id == SchemeVersion.id,
            ),
        )
        .where(
            SchemeVersion.content["decision"].as_string() == Decision.PERSON.value,
            Attempt.state != AttemptState.VOIDED.value,
            Result.current,
            Result.passed,
            Result.released_at.is_not(None),
        )
        .group_by(User.id, SchemeVersion.id, Certificate.id)
        .having(func.count(Result.exam_id.distinct()) == exams_of)
    )


def _verdict() -> ScalarSelect[str]:
    return (
        select(CertificateDecision.verdict)
        .where(
            CertificateDecision.user_id == User.id,
            CertificateDecision.scheme_version_id == SchemeVersion.id,
        )
        .order_by(CertificateDecision.id.desc())
        .limit(1)
        .correlate(User, SchemeVersion)
        .scalar_subquery()
    )


def _reviews() -> AnySelect:
    return (
        select(
            CertificateReview.id,
            CertificateReview.cause,
            CertificateReview.opened_at,
            CertificateReview.outcome,
            CertificateReview.reason,
            CertificateReview.decided_at,
            CertificateReview.attempt_id,
            Certificate.number,
            Certificate.title,
            Certificate.holder,
            User.username,
            Result.score,
            Result.pass_mark,
            Result.version,
            Exam.title.label("exam_title"),
        )
        .join(Certificate, Certificate.id == CertificateReview.certificate_id)
        .join(User, User.id == Certificate.user_id)
        .join(Attempt, Attempt.id == CertificateReview.attempt_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.current))
    )


def _view(row: AnyRow) -> DueView:
    return DueView(
        user_id=row.id,
        name=row.name,
        username=row.username,
        department=row.department,
        scheme_version_id=row.scheme_version_id,
        scheme_title=row.title,
        version=row.number,
        since=row.since,
        verdict=row.verdict,
        certificate=row.certificate,
    )
