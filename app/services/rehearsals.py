"""A synthetic candidate takes the whole exam by the real services, and nothing of it lasts."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import db, rehearsal, transactional
from app.domain.attempts import AttemptState
from app.domain.entrance import config_key_hash
from app.domain.errors import DomainError
from app.domain.preflight.candidate import Rehearsal, Step, Timing
from app.domain.questions.body import Layout
from app.domain.receipts import tab_token
from app.domain.saves import LARGEST_BATCH
from app.domain.scoring.right import right_answer
from app.domain.text import N_, Said
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.sittings import Registration, Sitting, SittingPaper
from app.queries.versions import PaperSlot, paper_slots
from app.services import attempts, grading, registrations, saves, starting
from app.services.certificates import Signer
from app.services.trail import Actor

log = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
NO_LOG_IN = "!"
"""The hash of no password at all."""
PAGE = "https://preflight.invalid/exam"
"""The address that the synthetic candidate's Safe Exam Browser has opened."""


@dataclass(slots=True)
class _Progress:
    timings: list[Timing] = field(default_factory=list)
    receipts: int = 0
    score: float | None = None
    maximum: float | None = None

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        began = perf_counter()
        yield
        self.timings.append(Timing(step, _ms_since(began)))


def rehearse(sitting_id: int, *, signer: Signer, key: bytes, now: datetime) -> Rehearsal:
    """Take a place, start, answer everything right, hand in and be graded; all is rolled back.

    Before the sitting opens it is done as of its opening. key: signs receipts. The candidate
    comes from an address, with a browser, a code and a ticket that the sitting lets in: that
    the door can be opened at all is part of what is tried.
    """
    progress = _Progress()
    stopped: Said | None = None
    held_from = perf_counter()
    try:
        _read_papers(sitting_id)
        with rehearsal():
            held_from = perf_counter()
            _take_exam(sitting_id, progress, signer=signer, key=key, now=now)
    except DomainError as error:
        stopped = Said(error.sentence, error.parameters)
    except (SQLAlchemyError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.exception("the synthetic candidate was stopped in sitting %s", sitting_id)
        stopped = Said(
            N_("an unexpected error (%(error)s); the server's log has it"),
            {"error": type(error).__name__},
        )
    return Rehearsal(
        timings=tuple(progress.timings),
        held_ms=_ms_since(held_from),
        stopped=stopped,
        score=progress.score,
        maximum=progress.maximum,
        receipts=progress.receipts,
    )


def _read_papers(sitting_id: int) -> None:
    """Into memory, as a server has them in an exam: the rehearsal itself remembers nothing."""
    paper_ids = db.session.scalars(
        select(SittingPaper.paper_id).where(SittingPaper.sitting_id == sitting_id)
    ).all()
    for paper_id in paper_ids:
        paper_slots(paper_id)


def _take_exam(
    sitting_id: int, progress: _Progress, *, signer: Signer, key: bytes, now: datetime
) -> None:
    with progress.step(Step.ENTER):
        registration_id, user_id = _take_place(sitting_id, now=now)
        sitting = db.session.get_one(Sitting, sitting_id)
        at = _moment_inside(sitting, now)
        who = Actor(user_id, _address_inside(sitting), "preflight")
        registrations.agree(registration_id, user_id=user_id, agreement="", actor=who, now=at)
        registrations.admit(registration_id, actor=who, now=at)
    with progress.step(Step.START):
        attempt_id = starting.start(
            registration_id,
            user_id=user_id,
            seed=secrets.randbits(62),
            actor=who,
            now=at,
            entry=_entry(db.session.get_one(Sitting, sitting_id)),
        )
    with progress.step(Step.CLAIM):
        epoch = attempts.claim_tab(attempt_id, user_id=user_id, actor=who, now=at)
    with progress.step(Step.SAVE):
        progress.receipts = _answer(attempt_id, epoch, who, key=key, now=at)
    with progress.step(Step.SUBMIT):
        attempts.submit(attempt_id, user_id=user_id, actor=who, now=at)
    with progress.step(Step.GRADE):
        grading.grade(attempt_id, signer=signer, now=at)
        progress.score, progress.maximum = _outcome(attempt_id)


@transactional
def _take_place(sitting_id: int, *, now: datetime) -> tuple[int, int]:
    """(registration, user) of a candidate whom no roster has, in a place beside the capacity."""
    name = f"preflight-{secrets.token_hex(8)}"
    user = User(username=name, name=name, password_hash=NO_LOG_IN, created_at=now, roles=[])
    db.session.add(user)
    db.session.flush()
    registration = Registration(
        sitting_id=sitting_id,
        user_id=user.id,
        admission_number=name,
        state=AttemptState.REGISTERED.value,
        ticket_used_at=now,
        created_at=now,
    )
    db.session.add(registration)
    db.session.flush()
    return registration.id, user.id


def _answer(attempt_id: int, epoch: int, who: Actor, *, key: bytes, now: datetime) -> int:
    """Save the right answer to every question, section after section; the receipts for them."""
    attempt = db.session.get_one(Attempt, attempt_id)
    assert who.user_id is not None
    layouts, slots = dict(attempt.layout), paper_slots(attempt.paper_id)
    token = tab_token(key=key, attempt_id=attempt_id, user_id=who.user_id, epoch=epoch)
    receipts = 0
    last = max((slot.section for slot in slots), default=1)
    for section in range(1, last + 1):
        batch = [
            _save(slot, Layout.load(layouts[str(slot.position)]))
            for slot in slots
            if slot.section == section
        ]
        for first in range(0, len(batch), LARGEST_BATCH):
            saved = saves.save(
                attempt_id,
                user_id=who.user_id,
                token=token,
                epoch=epoch,
                saves=batch[first : first + LARGEST_BATCH],
                events=[],
                key=key,
                actor=who,
                now=now,
            )
            receipts += len(saved.receipts)
        if section < last:
            attempts.close_section(
                attempt_id, user_id=who.user_id, section=section, epoch=epoch, actor=who, now=now
            )
    return receipts


def _save(slot: PaperSlot, layout: Layout) -> saves.IncomingSave:
    answer = right_answer(slot.question.body, layout)
    return saves.IncomingSave(slot.position, slot.position, answer, flagged=False, spent_ms=1000)


def _outcome(attempt_id: int) -> tuple[float | None, float | None]:
    """(score, maximum), or nothing where people have to mark. Raises DomainError for neither."""
    db.session.expire_all()
    row = db.session.execute(
        select(Result.score, Result.maximum).where(Result.attempt_id == attempt_id, Result.current)
    ).one_or_none()
    if row is not None:
        return float(row.score), float(row.maximum)
    if db.session.get_one(Attempt, attempt_id).state != AttemptState.MARKING:
        raise DomainError("not-graded", N_("the attempt was not graded"))
    return None, None


def _moment_inside(sitting: Sitting, now: datetime) -> datetime:
    latest = sitting.closes_at - timedelta(seconds=1)
    return min(max(now, sitting.opens_at), latest)


def _address_inside(sitting: Sitting) -> str:
    if not sitting.networks:
        return ADDRESS
    return str(ip_network(sitting.networks[0], strict=False)[0])


def _entry(sitting: Sitting) -> starting.Entry:
    keys = sitting.seb_keys
    return starting.Entry(
        access_code=sitting.access_code,
        url=PAGE,
        seb_hash=config_key_hash(PAGE, keys[0]) if keys else "",
    )


def _ms_since(began: float) -> float:
    return (perf_counter() - began) * 1000
