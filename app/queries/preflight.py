"""What a pre-flight looks at in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select

from app.db import AnyRow, db
from app.domain.accommodations import NOTHING, Provision
from app.domain.attempts import AttemptState
from app.domain.permissions import ROLE_PERMISSIONS, Permission
from app.domain.preflight.papers import PaperFacts, SlotFacts
from app.domain.preflight.sitting import ProctorFacts, RosterFacts
from app.domain.questions.question import Question, load_question
from app.models.accounts import Enrolment, User, UserRole
from app.models.attempts import Attempt, AttemptEvent, Save
from app.models.audit import AuditEntry
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import (
    Registration,
    RegistrationEvent,
    Sitting,
    SittingPaper,
    SittingProctor,
)
from app.models.system import Beat
from app.queries.desk_counts import provisions_of

_RUNS = [role for role, may in ROLE_PERMISSIONS.items() if Permission.RUN_SITTINGS in may]


def sitting_with_exam(sitting_id: int) -> tuple[Sitting, Exam] | None:
    """The sitting and its exam."""
    row = db.session.execute(
        select(Sitting, Exam).join(Exam, Exam.id == Sitting.exam_id).where(Sitting.id == sitting_id)
    ).one_or_none()
    return None if row is None else (row.Sitting, row.Exam)


def last_beat(name: str) -> datetime | None:
    """The last sign of life of a part of the program."""
    return db.session.scalar(select(Beat.at).where(Beat.name == name))


def newest_moment() -> datetime | None:
    """The latest time on record: of the last row of each log, which is cheap to find."""
    last = [
        db.session.scalar(select(at).order_by(id_.desc()).limit(1))
        for at, id_ in (
            (Save.received_at, Save.id),
            (AttemptEvent.at, AttemptEvent.id),
            (RegistrationEvent.at, RegistrationEvent.id),
            (AuditEntry.at, AuditEntry.id),
        )
    ]
    return max((at for at in last if at is not None), default=None)


def papers_of(sitting: Sitting) -> list[PaperFacts]:
    """The sitting's papers; every question is read anew, and not from memory."""
    rows = db.session.execute(
        select(
            Paper.id,
            Paper.exam_id,
            PaperQuestion.position,
            PaperQuestion.module_id,
            PaperQuestion.points,
            PaperQuestion.section,
            PaperQuestion.pilot,
            PaperQuestion.version_id,
            QuestionVersion.question_id,
            QuestionVersion.content,
            QuestionVersion.content_hash,
        )
        .join(SittingPaper, SittingPaper.paper_id == Paper.id)
        .outerjoin(PaperQuestion, PaperQuestion.paper_id == Paper.id)
        .outerjoin(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(SittingPaper.sitting_id == sitting.id)
        .order_by(Paper.id, PaperQuestion.position)
    ).all()
    questions = {row.version_id: row for row in rows if row.version_id is not None}
    read = {id_: _read(row) for id_, row in questions.items()}
    papers: dict[int, list[SlotFacts]] = {}
    of_exam: dict[int, bool] = {}
    for row in rows:
        slots = papers.setdefault(row.id, [])
        of_exam[row.id] = row.exam_id == sitting.exam_id
        if row.version_id is not None:
            slots.append(_slot(row, read[row.version_id]))
    return [PaperFacts(id_, of_exam[id_], tuple(slots)) for id_, slots in papers.items()]


def people_without_paper(sitting: Sitting, exam: Exam) -> int:
    """People on the roster who may try again and have had every paper of the sitting."""
    papers = select(SittingPaper.paper_id).where(SittingPaper.sitting_id == sitting.id)
    count = db.session.scalar(select(func.count()).select_from(papers.subquery())) or 0
    had_all = (
        select(Attempt.user_id)
        .join(Registration, Registration.user_id == Attempt.user_id)
        .where(
            Attempt.paper_id.in_(papers),
            Registration.sitting_id == sitting.id,
            Registration.state != AttemptState.VOIDED.value,
        )
        .group_by(Attempt.user_id)
        .having(func.count(Attempt.paper_id.distinct()) >= max(count, 1))
    )
    tries = db.session.execute(
        select(
            Attempt.user_id,
            func.count().filter(Attempt.state != AttemptState.VOIDED.value).label("used"),
            func.count().filter(Attempt.closed_at.is_(None)).label("open"),
            func.count().filter(Result.passed).label("passed"),
        )
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.current))
        .where(
            Attempt.user_id.in_(had_all), Exam.scheme_id == exam.scheme_id, Exam.code == exam.code
        )
        .group_by(Attempt.user_id)
    ).all()
    return sum(row.used < exam.attempts and not row.open and not row.passed for row in tries)


def roster_facts(
    sitting: Sitting, exam: Exam, provisions: Sequence[tuple[int, Provision]]
) -> RosterFacts:
    """Numbers of the roster. provisions: as `provisions_on` has them."""
    row = _counts(sitting.id, exam.scheme_id)
    enrolled = None
    if sitting.open_to_enrolled:
        enrolled = db.session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(User, User.id == Enrolment.user_id)
            .where(Enrolment.scheme_id == exam.scheme_id, User.active)
        )
    limit = timedelta(minutes=exam.minutes)
    late = [
        beyond
        for late_seconds, given in provisions
        if (beyond := timedelta(seconds=late_seconds) + given.late_allowance(limit) + given.breaks)
    ]
    return RosterFacts(
        registered=row.registered,
        enrolled=enrolled,
        capacity=sitting.capacity,
        unknown=row.unknown,
        disabled=row.disabled,
        without_address=row.without_address,
        separate_room=sum(given.separate_room for _, given in provisions),
        late=len(late),
        late_until=sitting.closes_at + max(late) if late else None,
    )


def provisions_on(sitting_id: int, *, on: date) -> list[tuple[int, Provision]]:
    """(late seconds of the place, what accommodations give) of everybody on the roster."""
    places = db.session.execute(
        select(Registration.user_id, Registration.late_seconds).where(
            Registration.sitting_id == sitting_id, Registration.state != AttemptState.VOIDED.value
        )
    ).all()
    given = provisions_of([place.user_id for place in places], on=on)
    return [(place.late_seconds, given.get(place.user_id, NOTHING)) for place in places]


def people_without_ticket(sitting_id: int) -> int:
    """People with a place who have neither a ticket nor used one."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Registration)
            .where(
                Registration.sitting_id == sitting_id,
                Registration.state != AttemptState.VOIDED.value,
                Registration.ticket_hash.is_(None),
                Registration.ticket_used_at.is_(None),
            )
        )
        or 0
    )


def proctor_facts(sitting: Sitting) -> ProctorFacts:
    """Who could run the sitting."""
    may_run = select(UserRole.user_id).where(UserRole.role.in_(_RUNS))
    named = select(SittingProctor.user_id).where(SittingProctor.sitting_id == sitting.id)
    row = db.session.execute(
        select(
            func.count().filter(User.id.in_(named)).label("named"),
            func.count()
            .filter(User.id.in_(named), User.active, User.id.in_(may_run))
            .label("able"),
            func.count().filter(User.active, User.id.in_(may_run)).label("all_able"),
        ).where(or_(User.id.in_(named), User.id.in_(may_run)))
    ).one()
    return ProctorFacts(
        named=row.named, able=row.able, all_able=row.all_able, needed=sitting.needs_admission
    )


def earlier_runs(sitting_id: int) -> Sequence[AnyRow]:
    """The last runs for this sitting, the newest first: (at, name, detail)."""
    return db.session.execute(
        select(AuditEntry.at, User.name, AuditEntry.detail)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            AuditEntry.action == "sitting.preflight", AuditEntry.subject == f"sitting:{sitting_id}"
        )
        .order_by(AuditEntry.id.desc())
        .limit(5)
    ).all()


def _counts(sitting_id: int, scheme_id: str) -> AnyRow:
    return db.session.execute(
        select(
            func.count().label("registered"),
            func.count().filter(Enrolment.id.is_(None)).label("unknown"),
            func.count().filter(~User.active).label("disabled"),
            func.count().filter(User.email == "").label("without_address"),
        )
        .select_from(Registration)
        .join(User, User.id == Registration.user_id)
        .outerjoin(Enrolment, and_(Enrolment.user_id == User.id, Enrolment.scheme_id == scheme_id))
        .where(
            Registration.sitting_id == sitting_id, Registration.state != AttemptState.VOIDED.value
        )
    ).one()


def _read(row: AnyRow) -> Question | None:
    """The question, None where its content is broken or no longer what was frozen."""
    try:
        question = load_question(row.content)
    except (ValueError, LookupError, TypeError):
        return None
    return question if question.content_hash() == row.content_hash else None


def _slot(row: AnyRow, question: Question | None) -> SlotFacts:
    return SlotFacts(
        position=row.position,
        question_id=row.question_id,
        module=row.module_id,
        points=row.points,
        section=row.section,
        type=question.type if question else None,
        level=question.level if question else None,
        is_pilot=row.pilot,
    )
