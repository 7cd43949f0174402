"""The list of the bank: which questions a filter finds, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.sql.selectable import Select

from app.db import AnyRow, db
from app.domain.questions.bank_filter import BankFilter, BankSort
from app.domain.questions.search_words import query_tokens
from app.domain.statistics.items import Flag
from app.models.accounts import User
from app.models.content import Lesson, Module
from app.models.question_search import all_of
from app.models.questions import Question
from app.queries.bank_conditions import conditions, exposed
from app.queries.exposure import NO_EXPOSURE, Exposure, exposure_of_all, exposures
from app.queries.paging import PAGE_SIZE, Page, contains, nearest_page
from app.queries.statistics import flags_in_use


@dataclass(frozen=True, slots=True)
class BankRow:
    """One line of the list; type, level, stem and so on are those of the newest version.

    live_version: the number of the one in use, None where there is none. author: None for a file.
    papers, attempts: see `Exposure`; of the papers that the filter looks at. flags: of the
    version in use, or else of the newest.
    """

    id: str
    pool: str
    state: str
    live_version: int | None
    type: str
    level: str
    difficulty: int
    point_id: str
    stem_zh: str
    stem_en: str
    current_version: int
    updated_at: datetime
    lesson_id: str
    lesson_title: Mapping[str, Any]
    author: str | None
    papers: int
    attempts: int
    flags: tuple[Flag, ...]


def bank(filters: BankFilter, *, page: int, zone: tzinfo, size: int = PAGE_SIZE) -> Page[BankRow]:
    """Questions that meet the filter: at most seven statements, however many there are.

    zone: the organisation's, in which changed_since is a day.
    """
    found = _Found(filters, zone=zone)
    if found.counts_exposure:  # what takes long is to count it: once, not twice
        everything = found.ids()
        total = len(everything)
        number = nearest_page(page, total=total, size=size)
        ids = everything[(number - 1) * size : number * size]
    else:
        total = found.total()
        number = nearest_page(page, total=total, size=size)
        ids = found.ids(most=size, after=(number - 1) * size)
    return Page(_lines(ids, filters.last_papers), number, total, size)


def bank_ids(filters: BankFilter, *, zone: tzinfo, most: int | None = None) -> Sequence[str]:
    """Ids of everything that the filter finds, in the order of the list; the first `most`."""
    return _Found(filters, zone=zone).ids(most=most)


def bank_total(filters: BankFilter, *, zone: tzinfo) -> int:
    """How many questions the filter finds."""
    return _Found(filters, zone=zone).total()


def bank_lessons() -> Sequence[AnyRow]:
    """(id, title, module_id, module_title) of every lesson, for filters."""
    return db.session.execute(
        select(Lesson.id, Lesson.title, Lesson.module_id, Module.title.label("module_title"))
        .join(Module, Module.id == Lesson.module_id)
        .order_by(Lesson.place)
    ).all()


def bank_authors() -> Sequence[AnyRow]:
    """(id, name) of everybody who wrote a question, for filters."""
    return db.session.execute(
        select(User.id, User.name)
        .where(User.id.in_(select(Question.author_id).distinct()))
        .order_by(User.name, User.id)
    ).all()


def bank_count() -> int:
    """How many questions there are."""
    return db.session.scalar(select(func.count()).select_from(Question)) or 0


class _Found:
    """What a filter means in SQL: conditions, what has to be joined for them, and the order."""

    def __init__(self, filters: BankFilter, *, zone: tzinfo) -> None:
        sought = query_tokens(filters.search)
        self._conditions = conditions(filters, zone=zone)
        self._conditions.extend(Question.id.startswith(id_, autoescape=True) for id_ in sought.ids)
        if filters.search and not sought:
            self._conditions.append(false())
        self._words: Any = None
        if sought.words:
            dialect = db.session.get_bind().dialect.name
            self._words = all_of(sought.words, dialect=dialect).subquery()
        self._exposure: Any = None
        self.counts_exposure = filters.looks_at_exposure
        if self.counts_exposure or filters.order is BankSort.EXPOSURE:
            self._exposure = exposure_of_all(last_papers=filters.last_papers).subquery()
            self._conditions.extend(exposed(filters, self._exposure))
        self._order = _order(filters.order, self._exposure)
        self._said: ColumnElement[bool] | None = None
        if filters.order is BankSort.RELEVANCE and sought.pieces:
            said = and_(*map(_says, sought.pieces))
            if self._exposure is None:
                self._said = said
            else:
                self._order = [case((said, 0), else_=1)]

    def total(self) -> int:
        """How many there are."""
        return self._count(true())

    def ids(self, *, most: int | None = None, after: int = 0) -> Sequence[str]:
        """Their ids in order; the first `most` after so many."""
        if self._said is None:
            return self._ids(true(), most=most, after=after)
        # Two lists, one after the other: each is read from its beginning, and none is sorted whole.
        first = self._ids(self._said, most=most, after=after)
        if most is not None and len(first) == most:
            return first
        before = after + len(first) if first or not after else self._count(self._said)
        rest = None if most is None else most - len(first)
        return [*first, *self._ids(~self._said, most=rest, after=max(0, after - before))]

    def _ids(
        self, condition: ColumnElement[bool], *, most: int | None, after: int
    ) -> Sequence[str]:
        found = self._select(Question.id, with_exposure=self._exposure is not None)
        ordered = found.where(condition).order_by(*self._order, Question.id.asc())
        return db.session.scalars(ordered.limit(most).offset(after)).all()

    def _count(self, condition: ColumnElement[bool]) -> int:
        found = self._select(func.count(), with_exposure=self.counts_exposure)
        return db.session.scalar(found.where(condition)) or 0

    def _select(self, *columns: Any, with_exposure: bool) -> Select[Any]:
        statement = select(*columns).select_from(Question).where(*self._conditions)
        if self._words is not None:
            statement = statement.join(self._words, self._words.c.question_id == Question.id)
        if with_exposure:
            statement = statement.outerjoin(
                self._exposure, self._exposure.c.question_id == Question.id
            )
        return statement


def _order(sort: BankSort, exposure: Any) -> list[ColumnElement[Any]]:
    """What comes before the id."""
    if sort is BankSort.CHANGED:
        return [Question.updated_at.desc()]
    if sort is BankSort.DIFFICULTY:
        return [Question.difficulty.desc()]
    if sort is BankSort.EXPOSURE:
        return [func.coalesce(exposure.c[name], 0).desc() for name in ("attempts", "papers")]
    return []


def _says(piece: str) -> ColumnElement[bool]:
    """Whether a stem says it literally; only Latin letters have a case."""
    pattern = contains(piece)
    if piece.isascii():
        return or_(*(stem.ilike(pattern, escape="\\") for stem in _STEMS))
    return or_(*(stem.like(pattern, escape="\\") for stem in _STEMS))


_STEMS = (Question.stem_zh, Question.stem_en)


def _lines(ids: Sequence[str], last_papers: int | None) -> list[BankRow]:
    """The lines of these questions, in this order."""
    if not ids:
        return []
    rows = db.session.execute(
        select(Question, Lesson.title, User.name)
        .join(Lesson, Lesson.id == Question.lesson_id)
        .outerjoin(User, User.id == Question.author_id)
        .where(Question.id.in_(ids))
    )
    exposed = exposures(ids, last_papers=last_papers)
    flags = flags_in_use(ids)
    lines = {row.Question.id: _line(row, exposed, flags) for row in rows}
    return [lines[id_] for id_ in ids]


def _line(
    row: AnyRow, exposed: Mapping[str, Exposure], flags: Mapping[str, tuple[Flag, ...]]
) -> BankRow:
    question: Question = row.Question
    exposure = exposed.get(question.id, NO_EXPOSURE)
    return BankRow(
        id=question.id,
        pool=question.pool,
        state=question.state,
        live_version=question.live_version,
        type=question.type,
        level=question.level,
        difficulty=question.difficulty,
        point_id=question.point_id,
        stem_zh=question.stem_zh,
        stem_en=question.stem_en,
        current_version=question.current_version,
        updated_at=question.updated_at,
        lesson_id=question.lesson_id,
        lesson_title=row.title,
        author=row.name,
        papers=exposure.papers,
        attempts=exposure.attempts,
        flags=flags.get(question.id, ()),
    )
