"""The pre-flight of a sitting: gathers the facts, rehearses, and puts the run on record.

The one service that runs others: inside a rehearsal, where nothing of them lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Self
from zoneinfo import ZoneInfo

from app.config import Settings
from app.db import db, transactional
from app.domain.accommodations import Provision
from app.domain.errors import DomainError, ErrorKind
from app.domain.preflight import candidate, door, machine, papers, sitting
from app.domain.preflight.candidate import Rehearsal
from app.domain.preflight.checks import Check, Subject, Verdict, overall
from app.domain.questions.types import BODIES
from app.domain.text import N_
from app.models.schemes import Exam
from app.models.sittings import Sitting
from app.queries import health
from app.queries import machine as machine_reads
from app.queries import preflight as reads
from app.queries.mails import outbox
from app.queries.plans import plan_of_sitting
from app.services.certificates import Signer
from app.services.post import Post, PostClosed, post_of
from app.services.rehearsals import rehearse
from app.services.trail import Actor, record

OVERDUE = timedelta(hours=1)
"""A mail that has waited for so long waits too long."""


class SittingMissing(DomainError):
    """There is no such sitting."""

    def __init__(self) -> None:
        super().__init__("sitting-missing", N_("There is no such sitting."), kind=ErrorKind.MISSING)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the installation brings along. key: signs receipts."""

    instance: Path
    post: Post
    signer: Signer
    key: bytes
    time_zone: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The equipment of this installation."""
        return cls(
            instance=settings.instance,
            post=post_of(settings),
            signer=Signer.of(settings),
            key=bytes.fromhex(settings.receipt_key),
            time_zone=settings.time_zone,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One run. took_ms: all of it."""

    at: datetime
    checks: tuple[Check, ...]
    rehearsal: Rehearsal
    took_ms: float

    @property
    def verdict(self) -> Verdict:
        """Go or no-go."""
        return overall(self.checks)


def run(sitting_id: int, *, equipment: Equipment, actor: Actor, now: datetime) -> Run:
    """Check everything once, now. Raises SittingMissing."""
    began = perf_counter()
    found = reads.sitting_with_exam(sitting_id)
    if found is None:
        raise SittingMissing
    row, exam = found
    checks = [*_of_sitting(row, exam, equipment, now=now), *_of_machine(equipment, now=now)]
    walked = rehearse(sitting_id, signer=equipment.signer, key=equipment.key, now=now)
    checks += candidate.candidate(walked)
    order = list(Subject)
    checks.sort(key=lambda check: order.index(check.subject))
    done = Run(now, tuple(checks), walked, (perf_counter() - began) * 1000)
    _note_run(sitting_id, done, actor=actor, now=now)
    return done


def _of_sitting(row: Sitting, exam: Exam, equipment: Equipment, *, now: datetime) -> list[Check]:
    limit = timedelta(minutes=exam.minutes)
    day = _exam_day(row, equipment.time_zone, now=now)
    provisions = reads.provisions_on(row.id, on=day)
    roster = reads.roster_facts(row, exam, provisions)
    window = sitting.WindowFacts(
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        cancelled=row.cancelled_at is not None,
        limit=limit,
        factor=_largest_factor(provisions),
    )
    entrance = door.DoorFacts(
        access_code=row.access_code,
        networks=tuple(row.networks),
        seb_keys=tuple(row.seb_keys),
        needs_admission=row.needs_admission,
        needs_ticket=row.needs_ticket,
        open_to_enrolled=row.open_to_enrolled,
        room=row.room,
        opens_at=row.opens_at,
        without_ticket=reads.people_without_ticket(row.id),
    )
    return [
        *sitting.window(window, now=now),
        *_disk(row, exam, roster.expected, equipment),
        *_papers(row, exam),
        *sitting.roster(roster),
        *door.door(entrance, now=now),
        sitting.proctors(reads.proctor_facts(row)),
    ]


def _of_machine(equipment: Equipment, *, now: datetime) -> list[Check]:
    clock = machine.ClockFacts(
        offset=machine_reads.clock_offset(),
        newest=reads.newest_moment(),
        synchronised=machine_reads.clock_is_synchronised(),
    )
    kind, settings = machine_reads.database_settings()
    checks = [
        *machine.clock(clock, now=now),
        machine.worker(reads.last_beat(machine.WORKER), now=now),
        *machine.database(kind, settings, is_migrated=health.is_migrated()),
    ]
    waiting = outbox()
    db.session.rollback()  # no transaction waits for a mail server
    is_late = waiting.oldest is not None and now - waiting.oldest > OVERDUE
    return [
        *checks,
        *machine.mail(
            _mail_problem(equipment.post),
            given_up=waiting.given_up,
            waiting=waiting.waiting if is_late else 0,
        ),
    ]


def _papers(row: Sitting, exam: Exam) -> list[Check]:
    attempts = papers.possible_attempts(
        exam.attempts,
        wait=timedelta(hours=exam.wait_hours),
        window=row.closes_at - row.opens_at,
    )
    return papers.papers(
        reads.papers_of(row),
        plan=plan_of_sitting(row.id, exam).plan,
        total=exam.total,
        attempts=attempts,
        used_up=reads.people_without_paper(row, exam),
    )


def _disk(row: Sitting, exam: Exam, candidates: int, equipment: Equipment) -> list[Check]:
    plan = plan_of_sitting(row.id, exam).plan
    texts = sum(cell.count for cell in plan.cells if not BODIES[cell.type].SCORED_BY_RULE)
    need = machine.bytes_needed(
        candidates=candidates, questions=plan.questions - texts, texts=texts
    )
    folders = {
        N_("Database"): machine_reads.database_folder(),
        N_("Instance folder"): equipment.instance,
    }
    return [
        machine.disk(name, machine_reads.free_bytes(folder), need=need)
        for name, folder in folders.items()
    ]


def _mail_problem(post: Post) -> str | None:
    try:
        post.check()
    except PostClosed as closed:
        return str(closed)
    return None


def _largest_factor(provisions: list[tuple[int, Provision]]) -> float:
    return max((given.time_factor for _, given in provisions), default=1.0)


def _exam_day(row: Sitting, time_zone: str, *, now: datetime) -> date:
    """The organisation's day on which people sit, of which accommodations have to be valid."""
    return max(now, row.opens_at).astimezone(ZoneInfo(time_zone)).date()


@transactional
def _note_run(sitting_id: int, done: Run, *, actor: Actor, now: datetime) -> None:
    detail: Mapping[str, Any] = {
        "verdict": done.verdict.value,
        "against": _subjects(done, Verdict.NO_GO),
        "warnings": _subjects(done, Verdict.WARN),
    }
    record("sitting.preflight", f"sitting:{sitting_id}", actor=actor, now=now, **detail)


def _subjects(done: Run, verdict: Verdict) -> list[str]:
    return sorted({check.subject.value for check in done.checks if check.verdict is verdict})
