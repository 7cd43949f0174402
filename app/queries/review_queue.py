"""What waits for a decision, for whom: the reviewers' queue, and the authors' own work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import REVIEWED, QuestionStep
from app.domain.text import Text
from app.models.accounts import User
from app.models.content import Lesson
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionComment, QuestionMove
from app.queries.paging import Page, paged

_Later = aliased(QuestionMove, name="later")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows; "" and None leave a filter open. state: one of `lifecycle.REVIEWED`.

    author: who wrote the newest version, 0 for a file.
    """

    state: str = ""
    pool: str = ""
    module: str = ""
    lesson: str = ""
    author: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in its newest version. since: how long it has been in this state.

    author: of the newest version, None for a file. live_version: what is in use meanwhile.
    open_comments: on any version, not ticked off. last_step, last_note, last_person: what
    brought it into this state, None and "" where it began there.
    """

    id: str
    pool: str
    type: str
    level: str
    difficulty: int
    point_id: str
    lesson_id: str
    stem: Text
    state: QuestionState
    since: datetime
    version: int
    live_version: int | None
    author: str | None
    open_comments: int
    last_step: QuestionStep | None
    last_note: str
    last_person: str | None


def review_queue(user_id: int, filters: QueueFilter, *, page: int = 1) -> Page[Waiting]:
    """What this reviewer may decide, the longest waiting first: three statements."""
    return _page(_queue(user_id, filters), page)


def queue_ids(user_id: int, filters: QueueFilter, *, most: int) -> Sequence[str]:
    """Ids of the first `most` of `review_queue`, in its order."""
    return db.session.scalars(_queue(user_id, filters).limit(most)).all()


def queue_counts(user_id: int) -> dict[QuestionState, int]:
    """How many questions wait for this reviewer, by state; every reviewed state is named."""
    rows = db.session.execute(
        select(Question.state, func.count()).where(_decidable(user_id)).group_by(Question.state)
    )
    counts = dict(rows.all())
    return {state: counts.get(state.value, 0) for state in REVIEWED}


def own_work(user_id: int, *, page: int = 1) -> Page[Waiting]:
    """Drafts and questions under review that this person wrote since they were last live.

    The latest change of state first, so that what was sent back is on top. Three statements.
    """
    states = [QuestionState.DRAFT.value, *(state.value for state in REVIEWED)]
    statement = select(Question.id).where(Question.state.in_(states), _wrote(user_id))
    return _page(statement.order_by(Question.state_since.desc(), Question.id), page)


def state_counts() -> dict[QuestionState, int]:
    """How many questions there are in each state."""
    rows = db.session.execute(select(Question.state, func.count()).group_by(Question.state))
    counts = dict(rows.all())
    return {state: counts.get(state.value, 0) for state in QuestionState}


def _queue(user_id: int, filters: QueueFilter) -> AnySelect:
    statement = select(Question.id).where(_decidable(user_id), *_filtered(filters))
    return statement.order_by(Question.state_since, Question.id)


def _decidable(user_id: int) -> ColumnElement[bool]:
    """What `lifecycle.check_step` lets this person approve or promote, told in SQL."""
    content_reviewer = (
        select(QuestionMove.user_id)
        .where(
            QuestionMove.question_id == Question.id,
            QuestionMove.to_state == QuestionState.FAIRNESS_REVIEW.value,
        )
        .order_by(QuestionMove.id.desc())
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
    return and_(
        Question.state.in_([state.value for state in REVIEWED]),
        ~_wrote(user_id),
        or_(
            Question.state != QuestionState.FAIRNESS_REVIEW.value,
            func.coalesce(content_reviewer, 0) != user_id,
        ),
    )


def _wrote(user_id: int) -> ColumnElement[bool]:
    """Whether this person wrote any version since the one in use."""
    return exists().where(
        QuestionVersion.question_id == Question.id,
        QuestionVersion.number > func.coalesce(Question.live_version, 0),
        QuestionVersion.author_id == user_id,
    )


def _filtered(filters: QueueFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (Question.state, filters.state),
        (Question.pool, filters.pool),
        (Question.lesson_id, filters.lesson),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if filters.module:
        lessons = select(Lesson.id).where(Lesson.module_id == filters.module)
        conditions.append(Question.lesson_id.in_(lessons))
    if filters.author is not None:
        conditions.append(_newest_by(filters.author))
    return conditions


def _newest_by(author: int) -> ColumnElement[bool]:
    """Whether this person wrote the newest version; 0: a file."""
    return exists().where(
        QuestionVersion.question_id == Question.id,
        QuestionVersion.number == Question.current_version,
        QuestionVersion.author_id == author if author else QuestionVersion.author_id.is_(None),
    )


def _page(statement: AnySelect, page: int) -> Page[Waiting]:
    """The page of ids first: what surrounds a question is looked up for one page alone."""
    ids = paged(statement, number=page)
    wanted = [row.id for row in ids.rows]
    found = {row.Question.id: _view(row) for row in _rows(wanted)} if wanted else {}
    return Page([found[id_] for id_ in wanted if id_ in found], ids.number, ids.total, ids.size)


def _rows(question_ids: Sequence[str]) -> Sequence[AnyRow]:
    author = aliased(User, name="author")
    person = aliased(User, name="person")
    newest = aliased(QuestionVersion, name="newest")
    open_comments = (
        select(func.count())
        .where(QuestionComment.question_id == Question.id, QuestionComment.resolved_at.is_(None))
        .correlate(Question)
        .scalar_subquery()
    )
    last_move = (
        select(func.max(_Later.id))
        .where(_Later.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            Question,
            author.name.label("author"),
            open_comments.label("open_comments"),
            QuestionMove.step,
            QuestionMove.note,
            person.name.label("person"),
        )
        .join(
            newest,
            and_(newest.question_id == Question.id, newest.number == Question.current_version),
        )
        .outerjoin(author, author.id == newest.author_id)
        .outerjoin(QuestionMove, QuestionMove.id == last_move)
        .outerjoin(person, person.id == QuestionMove.user_id)
        .where(Question.id.in_(question_ids))
    ).all()


def _view(row: AnyRow) -> Waiting:
    question: Question = row.Question
    return Waiting(
        id=question.id,
        pool=question.pool,
        type=question.type,
        level=question.level,
        difficulty=question.difficulty,
        point_id=question.point_id,
        lesson_id=question.lesson_id,
        stem=Text(question.stem_zh, question.stem_en),
        state=QuestionState(question.state),
        since=question.state_since,
        version=question.current_version,
        live_version=question.live_version,
        author=row.author,
        open_comments=row.open_comments,
        last_step=QuestionStep(row.step) if row.step else None,
        last_note=row.note or "",
        last_person=row.person,
    )
