"""Results as HR lists them; `transcripts` has one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from app.db import AnyRow, AnySelect, db
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.results import Result
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
