"""The parts of a dossier that are one row each: attempt, person, sitting, exam and paper.

The rows stand as the database has them. What is secret stays here: access code, Config Keys,
ticket, the reason of an accommodation.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.db import AnyRow, db
from app.models.accommodations import Accommodation
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.content import Module
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.schemes import Exam, SchemeVersion
from app.models.sittings import Registration, Sitting, SittingProctor

Json = dict[str, Any]


def head(attempt_id: int) -> AnyRow | None:
    """Everything that an attempt hangs on, in one statement."""
    return db.session.execute(
        select(Attempt, User, Registration, Sitting, Exam, SchemeVersion, Paper)
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(SchemeVersion, SchemeVersion.id == Exam.scheme_version_id)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.id == attempt_id)
    ).one_or_none()


def attempt(row: Attempt) -> Json:
    """The attempt's own row."""
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "seed": str(row.seed),
        "started_at": time(row.started_at),
        "limit_seconds": row.limit_seconds,
        "time_factor": row.time_factor,
        "granted_seconds": row.granted_seconds,
        "late_seconds": row.late_seconds,
        "deadline_at": time(row.deadline_at),
        "closed_at": time(row.closed_at),
        "epoch": row.epoch,
        "section": row.section,
        "seen_at": time(row.seen_at),
        "saved_at": time(row.saved_at),
        "address": row.address,
        "browser": row.browser,
        "pause": {
            "kind": row.pause_kind,
            "since": time(row.pause_since),
            "ends_at": time(row.pause_ends_at),
        },
        "break_seconds": row.break_seconds,
        "break_used_seconds": row.break_used_seconds,
        "larger_text": row.larger_text,
    }


def person(row: User) -> Json:
    """Whose attempt it is."""
    return {
        "id": row.id,
        "username": row.username,
        "name": row.name,
        "department": row.department,
    }


def registration(row: Registration) -> Json:
    """The place in the sitting, without its log."""
    return {
        "id": row.id,
        "admission_number": row.admission_number,
        "state": row.state,
        "created_at": time(row.created_at),
        "agreed_at": time(row.agreed_at),
        "agreement_hash": row.agreement_hash,
        "admitted_at": time(row.admitted_at),
        "ticket_issued": row.ticket_hash is not None,
        "ticket_used_at": time(row.ticket_used_at),
        "late_seconds": row.late_seconds,
    }


def sitting(row: Sitting) -> Json:
    """The sitting: of what is asked for at the door only whether it is asked for."""
    return {
        "id": row.id,
        "title": row.title,
        "opens_at": time(row.opens_at),
        "closes_at": time(row.closes_at),
        "cancelled_at": time(row.cancelled_at),
        "room": row.room,
        "networks": row.networks,
        "asks_for_code": bool(row.access_code),
        "asks_for_safe_exam_browser": bool(row.seb_keys),
        "asks_for_admission": row.needs_admission,
        "asks_for_ticket": row.needs_ticket,
        "proctors": list(
            db.session.scalars(
                select(SittingProctor.user_id)
                .where(SittingProctor.sitting_id == row.id)
                .order_by(SittingProctor.user_id)
            )
        ),
    }


def exam(row: Exam, version: SchemeVersion) -> Json:
    """The exam's rules, and the scheme version that they are part of."""
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "scheme": {
            "id": version.scheme_id,
            "version": version.number,
            "content_hash": version.content_hash,
            "title": version.content.get("title", {}),
        },
        "minutes": row.minutes,
        "pass_mark": points(row.pass_mark),
        "total": points(row.total),
        "attempts": row.attempts,
        "wait_hours": row.wait_hours,
        "release": row.release,
        "show_answers": row.show_answers,
        "scoring": row.scoring,
        "plan": row.plan,
        "sections": row.sections,
    }


def accommodations(attempt: Attempt, zone: ZoneInfo) -> Json:
    """What was approved when the attempt began, without the reasons, and what it came to."""
    on = attempt.started_at.astimezone(zone).date()
    approvals = db.session.scalars(
        select(Accommodation)
        .where(
            Accommodation.user_id == attempt.user_id,
            Accommodation.approved_at <= attempt.started_at,
            Accommodation.valid_from <= on,
            or_(Accommodation.valid_until.is_(None), Accommodation.valid_until >= on),
            or_(
                Accommodation.revoked_at.is_(None),
                Accommodation.revoked_at > attempt.started_at,
            ),
        )
        .order_by(Accommodation.id)
    )
    extra = timedelta(seconds=attempt.limit_seconds) * (attempt.time_factor - 1)
    return {
        "extra_seconds": int(extra.total_seconds()),
        "break_seconds": attempt.break_seconds,
        "larger_text": attempt.larger_text,
        "approvals": [
            {
                "id": row.id,
                "time_factor": row.time_factor,
                "break_minutes": row.break_minutes,
                "larger_text": row.larger_text,
                "separate_room": row.separate_room,
                "valid_from": day(row.valid_from),
                "valid_until": day(row.valid_until),
                "approved_by": row.approved_by,
                "approved_at": time(row.approved_at),
            }
            for row in approvals
        ],
    }


def paper(row: Paper) -> Json:
    """The paper with the whole content of every question, and the names of its modules."""
    places = db.session.execute(
        select(PaperQuestion, QuestionVersion, Module.title)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .outerjoin(Module, Module.id == PaperQuestion.module_id)
        .where(PaperQuestion.paper_id == row.id)
        .order_by(PaperQuestion.position)
    ).all()
    return {
        "id": row.id,
        "seed": str(row.seed),
        "frozen_at": time(row.frozen_at),
        "modules": {place.module_id: title for place, _, title in places if title},
        "places": [
            {
                "position": place.position,
                "section": place.section,
                "module": place.module_id,
                "points": points(place.points),
                "question": version.question_id,
                "version": version.number,
                "version_id": version.id,
                "content_hash": version.content_hash,
                "content": version.content,
                **({"pilot": True} if place.pilot else {}),
            }
            for place, version, _ in places
        ],
    }


def time(value: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if value is None else value.isoformat()


def day(value: date | None) -> str | None:
    """ISO 8601."""
    return None if value is None else value.isoformat()


def points(value: Fraction) -> str:
    """Exact, as the database keeps it."""
    return str(Fraction(value))
