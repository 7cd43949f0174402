"""Releasing results: proposed with its checks, decided by another person, then carried out.

The decision makes every result visible at one moment; certificates and mails follow in batches,
so that two thousand of them never keep everybody else from writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from app.db import db, transactional
from app.domain.attempts import AttemptState, Move
from app.domain.certification import check_release_decider
from app.domain.errors import DomainError, ErrorKind
from app.domain.releases import (
    NotReady,
    ProposedAlready,
    ReleaseState,
    check_proposal,
    check_separate,
)
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.releases import Release, ReleaseAttempt
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import Sitting
from app.queries import releases as reads
from app.queries.involvement import involvement
from app.queries.release_statistics import statistics_of
from app.services.certificates import Signer, issue_if_due
from app.services.mails import Letterhead
from app.services.remedies import LONGEST_TEXT, checked_text
from app.services.result_mails import results_released
from app.services.trail import Actor, log_events, record

BATCH = 100


class ReleaseMissing(DomainError):
    """There is no such release, or sitting."""

    def __init__(self) -> None:
        super().__init__("release-missing", N_("There is no such release."), kind=ErrorKind.MISSING)


@transactional
def propose(
    sitting_id: int, *, note: str, statistics_seen: bool, actor: Actor, now: datetime
) -> int:
    """Propose to release everything that waits in a sitting; returns the release's id.

    The checks and the figures that were looked at go on record as they stand. Raises
    ReleaseMissing, ProposedAlready, NothingToRelease, NotReady, StatisticsUnseen.
    """
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if sitting is None:
        raise ReleaseMissing
    if reads.open_release(sitting_id) is not None:
        raise ProposedAlready
    assert actor.user_id is not None
    attempt_ids = reads.waiting_attempts(sitting_id)
    checks = reads.checklist(sitting_id, exam_id=sitting.exam_id)
    check_proposal(checks, waiting=len(attempt_ids), statistics_seen=statistics_seen)
    release = Release(
        sitting_id=sitting_id,
        exam_id=sitting.exam_id,
        state=ReleaseState.PROPOSED.value,
        checks=checks.dump(),
        statistics=statistics_of(sitting_id),
        statistics_seen_by=actor.user_id,
        statistics_seen_at=now,
        note=note.strip()[:LONGEST_TEXT],
        proposed_by=actor.user_id,
        proposed_at=now,
    )
    db.session.add(release)
    db.session.flush()
    db.session.execute(
        insert(ReleaseAttempt),
        [
            {"release_id": release.id, "attempt_id": attempt_id, "done_at": None}
            for attempt_id in attempt_ids
        ],
    )
    record(
        "release.proposed",
        f"release:{release.id}",
        actor=actor,
        now=now,
        sitting=sitting_id,
        results=len(attempt_ids),
        checks=release.checks,
        statistics_seen=True,
    )
    return release.id


@transactional
def decide(release_id: int, *, approve: bool, reason: str, actor: Actor, now: datetime) -> int:
    """Approve, and every result can be seen from now on, or reject; returns how many results.

    The checks are made again. Raises ReleaseMissing, SameProposer, DecidedAlready,
    NotIndependent, ReasonMissing, NotReady.
    """
    release = db.session.scalar(select(Release).where(Release.id == release_id).with_for_update())
    if release is None:
        raise ReleaseMissing
    check_separate(
        release.state,
        proposed_by=release.proposed_by,
        decider=actor.user_id,
        decided=(ReleaseState.APPROVED, ReleaseState.REJECTED),
    )
    assert actor.user_id is not None
    attempt_ids = reads.attempts_of(release_id)
    check_release_decider(involvement(actor.user_id, attempt_ids))
    release.reason = checked_text(reason)
    release.decided_by, release.decided_at = actor.user_id, now
    release.state = (ReleaseState.APPROVED if approve else ReleaseState.REJECTED).value
    released: Sequence[int] = ()
    if approve:
        if reads.checklist(release.sitting_id, exam_id=release.exam_id).blocking:
            raise NotReady
        released = _show(attempt_ids, release_id=release_id, actor=actor, now=now)
    record(
        f"release.{release.state}",
        f"release:{release_id}",
        actor=actor,
        now=now,
        sitting=release.sitting_id,
        reason=release.reason,
        results=len(released),
    )
    return len(released)


@transactional
def follow_up(
    release_id: int, *, signer: Signer, letterhead: Letterhead, now: datetime, size: int = BATCH
) -> int:
    """Issue the certificates that a release has made due, and tell people, for the next `size`.

    Returns how many are left. What a crash cut short is done again: nothing happens twice.
    """
    release = db.session.scalar(select(Release).where(Release.id == release_id).with_for_update())
    if release is None or release.state != ReleaseState.APPROVED or release.finished_at:
        return 0
    rows = db.session.execute(
        select(ReleaseAttempt.attempt_id, Attempt.user_id, Attempt.state)
        .join(Attempt, Attempt.id == ReleaseAttempt.attempt_id)
        .where(ReleaseAttempt.release_id == release_id, ReleaseAttempt.done_at.is_(None))
        .order_by(ReleaseAttempt.attempt_id)
    ).all()
    batch = rows[:size]
    exam = db.session.get_one(Exam, release.exam_id)
    told = [row.user_id for row in batch if row.state == AttemptState.RELEASED]
    for user_id in told:
        issue_if_due(user_id, exam.scheme_version_id, signer=signer, now=now)
    results_released(told, exam.title, letterhead=letterhead, now=now)
    db.session.execute(
        update(ReleaseAttempt)
        .where(
            ReleaseAttempt.release_id == release_id,
            ReleaseAttempt.attempt_id.in_([row.attempt_id for row in batch]),
        )
        .values(done_at=now)
    )
    if len(rows) <= size:
        release.finished_at = now
    return len(rows) - len(batch)


def _show(
    attempt_ids: Sequence[int], *, release_id: int, actor: Actor, now: datetime
) -> Sequence[int]:
    """Make the results visible: a handful of statements for however many there are."""
    scored = db.session.scalars(
        select(Attempt.id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == AttemptState.SCORED.value)
        .order_by(Attempt.id)
        .with_for_update()
    ).all()
    db.session.execute(
        update(Result)
        .where(Result.attempt_id.in_(scored), Result.current, Result.released_at.is_(None))
        .values(released_at=now)
    )
    db.session.execute(
        update(Attempt).where(Attempt.id.in_(scored)).values(state=AttemptState.RELEASED.value)
    )
    log_events(scored, Move.RELEASE, actor=actor, now=now, release=release_id)
    return scored
