"""What an attempt came to, as a dossier tells it: marks, results, and what followed from them.

A certificate's code, with which its page shows the full name, stays here.
"""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.models.appeals import Appeal
from app.models.certificates import Certificate
from app.models.marking import Marking, MarkingEvent, Script
from app.models.releases import Release, ReleaseAttempt
from app.models.results import Mark, Result
from app.queries.dossier_facts import Json, day, points, time
from app.queries.rescores import rescores_for


def marks(attempt_id: int) -> list[Json]:
    """Points of each question."""
    rows = db.session.scalars(
        select(Mark).where(Mark.attempt_id == attempt_id).order_by(Mark.position)
    )
    return [
        {
            "position": row.position,
            "version_id": row.version_id,
            "points": points(row.points),
            "maximum": points(row.maximum),
            "share": row.share,
            "rule": row.rule,
            "created_at": time(row.created_at),
        }
        for row in rows
    ]


def markings(attempt_id: int) -> list[Json]:
    """Every marking of every answer by people, also those that count no more, with its log."""
    found = db.session.execute(
        select(Marking, Script.position, Script.number)
        .join(Script, Script.id == Marking.script_id)
        .where(Script.attempt_id == attempt_id)
        .order_by(Marking.id)
    ).all()
    logs: dict[int, list[Json]] = {row.Marking.id: [] for row in found}
    for event in db.session.scalars(
        select(MarkingEvent).where(MarkingEvent.marking_id.in_(logs)).order_by(MarkingEvent.id)
    ):
        logs[event.marking_id].append(
            {
                "at": time(event.at),
                "kind": event.kind,
                "actor": event.actor_id,
                "detail": event.detail,
            }
        )
    return [
        {
            "id": row.Marking.id,
            "position": row.position,
            "script": row.number,
            "round": row.Marking.round,
            "role": row.Marking.role,
            "state": row.Marking.state,
            "marker": row.Marking.marker_id,
            "points": None if row.Marking.points is None else points(row.Marking.points),
            "judgement": row.Marking.judgement,
            "taken_at": time(row.Marking.taken_at),
            "done_at": time(row.Marking.done_at),
            "events": logs[row.Marking.id],
        }
        for row in found
    ]


def results(attempt_id: int) -> list[Json]:
    """Every version of the result."""
    rows = db.session.scalars(
        select(Result).where(Result.attempt_id == attempt_id).order_by(Result.version)
    )
    return [
        {
            "version": row.version,
            "current": row.current,
            "score": row.score,
            "maximum": row.maximum,
            "pass_mark": row.pass_mark,
            "passed": row.passed,
            "scaled": row.scaled,
            "modules": row.modules,
            "created_at": time(row.created_at),
            "released_at": time(row.released_at),
        }
        for row in rows
    ]


def certificates(user_id: int, scheme_version_id: int) -> list[Json]:
    """What rests on the results of this scheme version."""
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.scheme_version_id == scheme_version_id)
        .order_by(Certificate.id)
    )
    return [
        {
            "number": row.number,
            "valid_from": day(row.valid_from),
            "valid_until": day(row.valid_until),
            "issued_at": time(row.issued_at),
            "suspended_at": time(row.suspended_at),
            "revoked_at": time(row.revoked_at),
        }
        for row in rows
    ]


def rescores(attempt_id: int) -> list[Json]:
    """Re-scores of questions that came to this attempt, the last one of a question holds."""
    return [
        {
            "id": row.id,
            "version_id": row.version_id,
            "act": row.act,
            "key": row.key,
            "reason": row.reason,
            "proposed_by": row.proposed_by,
            "proposed_at": time(row.proposed_at),
            "decided_by": row.decided_by,
            "decided_at": time(row.decided_at),
            "decision_reason": row.decision_reason,
        }
        for row in rescores_for(attempt_id)
    ]


def appeals(attempt_id: int) -> list[Json]:
    """Appeals and complaints about the attempt, with what was checked and the letter."""
    rows = db.session.scalars(
        select(Appeal).where(Appeal.attempt_id == attempt_id).order_by(Appeal.id)
    )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "position": row.position,
            "text": row.text,
            "state": row.state,
            "filed_at": time(row.filed_at),
            "due_at": time(row.due_at),
            "handler": row.handler_id,
            "checked": row.checked,
            "outcome": row.outcome,
            "letter": row.letter,
            "decided_at": time(row.decided_at),
        }
        for row in rows
    ]


def releases(attempt_id: int) -> list[Json]:
    """By whom the result was proposed for release and released."""
    rows = db.session.scalars(
        select(Release)
        .join(ReleaseAttempt, ReleaseAttempt.release_id == Release.id)
        .where(ReleaseAttempt.attempt_id == attempt_id)
        .order_by(Release.id)
    )
    return [
        {
            "id": row.id,
            "state": row.state,
            "checks": row.checks,
            "statistics_seen_by": row.statistics_seen_by,
            "proposed_by": row.proposed_by,
            "proposed_at": time(row.proposed_at),
            "decided_by": row.decided_by,
            "decided_at": time(row.decided_at),
            "reason": row.reason,
        }
        for row in rows
    ]
