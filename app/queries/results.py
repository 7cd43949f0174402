"""Results: one's own, and HR's list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from app.db import AnyRow, AnySelect, db
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.content import Module
from app.models.papers import PaperQuestion
from app.models.results import Mark, Result
from app.models.schemes import Exam, Scheme
from app.models.sittings import Registration, Sitting
from app.queries.paging import Page, contains, paged


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """What the list of results shows; "" leaves a filter open. passed: "yes" or "no"."""

    search: str = ""
    exam: str = ""
    sitting: str = ""
    passed: str = ""
    sort: str = "newest"


_SORTS = {
    "newest": (Result.released_at.desc(), Result.id.desc()),
    "name": (User.name, User.username, Result.id),
    "score": (Result.score.desc(), Result.id),
}


def results(filters: ResultFilter, *, page: int) -> Page[AnyRow]:
    """Released results that meet the filter: two statements."""
    return paged(_listed(filters), number=page)


def all_results(filters: ResultFilter, *, batch: int = 1000) -> Iterator[AnyRow]:
    """Every result that meets the filter, read in batches (for export)."""
    yield from db.session.execute(_listed(filters).execution_options(yield_per=batch))


def _listed(filters: ResultFilter) -> AnySelect:
    statement = (
        select(
            Result.id,
            Result.attempt_id,
            Result.score,
            Result.maximum,
            Result.pass_mark,
            Result.passed,
            Result.released_at,
            Result.version,
            User.id.label("user_id"),
            User.username,
            User.name,
            User.department,
            Exam.title.label("exam_title"),
            Scheme.title.label("scheme_title"),
            Sitting.title.label("sitting_title"),
            Registration.admission_number,
            Attempt.number.label("attempt_number"),
            Attempt.started_at,
            Attempt.closed_at,
            Certificate.number.label("certificate_number"),
        )
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Exam, Exam.id == Result.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(User, User.id == Result.user_id)
        .outerjoin(
            Certificate,
            and_(
                Certificate.user_id == Result.user_id,
                Certificate.scheme_version_id == Exam.scheme_version_id,
            ),
        )
        .where(Result.current, Result.released_at.is_not(None))
    )
    if filters.search:
        pattern = contains(filters.search)
        statement = statement.where(
            or_(
                User.name.ilike(pattern, escape="\\"),
                User.username.ilike(pattern, escape="\\"),
                User.department.ilike(pattern, escape="\\"),
                Registration.admission_number.ilike(pattern, escape="\\"),
            )
        )
    if filters.exam:
        statement = statement.where(Exam.scheme_id == filters.exam)
    if filters.sitting.isdecimal():
        statement = statement.where(Sitting.id == int(filters.sitting[:9]))
    if filters.passed:
        statement = statement.where(Result.passed.is_(filters.passed == "yes"))
    return statement.order_by(*_SORTS.get(filters.sort, _SORTS["newest"]))


def result_schemes() -> Sequence[AnyRow]:
    """(id, title) of every scheme, for the filter."""
    return db.session.execute(select(Scheme.id, Scheme.title).order_by(Scheme.id)).all()


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A released result with its module profile and one's certificate, if there is one."""

    attempt_id: int
    score: float
    maximum: float
    pass_mark: float
    passed: bool
    released_at: datetime
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    modules: list[tuple[dict[str, Any], float, float]]
    certificate_number: str | None


def own_result(attempt_id: int, *, user_id: int) -> OwnResult | None:
    """The released result of one's own attempt; None before the release."""
    row = db.session.execute(
        select(Result, Exam.title, Scheme.title.label("scheme_title"), Certificate.number)
        .join(Exam, Exam.id == Result.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .outerjoin(
            Certificate,
            and_(
                Certificate.user_id == Result.user_id,
                Certificate.scheme_version_id == Exam.scheme_version_id,
            ),
        )
        .where(
            Result.attempt_id == attempt_id,
            Result.user_id == user_id,
            Result.current,
            Result.released_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    titles: dict[str, dict[str, Any]] = dict(
        db.session.execute(select(Module.id, Module.title)).all()
    )
    result = row.Result
    return OwnResult(
        attempt_id=attempt_id,
        score=result.score,
        maximum=result.maximum,
        pass_mark=result.pass_mark,
        passed=result.passed,
        released_at=result.released_at,
        exam_title=row.title,
        scheme_title=row.scheme_title,
        modules=[(titles[m["module"]], m["points"], m["maximum"]) for m in result.modules],
        certificate_number=row.number,
    )


def type_profile(attempt_id: int) -> Sequence[AnyRow]:
    """(rule, points, maximum) of every mark of an attempt that counts."""
    return db.session.execute(
        select(Mark.rule, Mark.points, Mark.maximum)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .join(
            PaperQuestion,
            and_(
                PaperQuestion.paper_id == Attempt.paper_id,
                PaperQuestion.position == Mark.position,
            ),
        )
        .where(Mark.attempt_id == attempt_id, ~PaperQuestion.pilot)
        .order_by(Mark.position)
    ).all()
