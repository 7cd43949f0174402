"""Sittings: putting an exam on offer, with papers assembled and frozen ahead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.permissions import Role
from app.domain.sittings import access_code_of, config_keys_of, networks_of
from app.domain.text import N_, Text
from app.models.accounts import User, UserRole
from app.models.sittings import Sitting, SittingProctor
from app.services.sitting_papers import ReadyPapers, hand_out, ready_papers
from app.services.trail import Actor, record


@dataclass(frozen=True, slots=True)
class SittingRules:
    """Who gets in, where, and what is asked for at the door; the columns of Sitting tell more.

    proctors: ids of people with the proctor's role; none leaves the sitting to every proctor.
    """

    room: str = ""
    capacity: int | None = None
    open_to_enrolled: bool = True
    access_code: str = ""
    networks: tuple[str, ...] = ()
    seb_keys: tuple[str, ...] = ()
    needs_admission: bool = False
    needs_ticket: bool = False
    proctors: frozenset[int] = frozenset()


NO_RULES = SittingRules()


class SittingClosed(DomainError):
    """The sitting cannot be entered now."""

    def __init__(self) -> None:
        super().__init__(
            "sitting-closed", N_("This exam is not open at this time."), kind=ErrorKind.CONFLICT
        )


def open_sitting(
    exam_id: int,
    *,
    title: Text,
    opens_at: datetime,
    closes_at: datetime,
    seed: int,
    actor: Actor,
    now: datetime,
    rules: SittingRules = NO_RULES,
) -> int:
    """Put an exam on offer with its papers; returns the sitting's id.

    It hands out the exam's approved papers. Where there are none, as many as its scheme asks for
    are assembled with it, from the seed, which gives them again. Raises PlanNotMet, naming what
    collides, and DomainError for rules that cannot be.
    """
    check_window(opens_at, closes_at)
    ready = ready_papers(exam_id, seed=seed)
    return _open(
        ready, title, opens_at=opens_at, closes_at=closes_at, actor=actor, now=now, rules=rules
    )


@transactional
def _open(
    ready: ReadyPapers,
    title: Text,
    *,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    now: datetime,
    rules: SittingRules,
) -> int:
    sitting = Sitting(
        exam_id=ready.exam_id,
        title=title.dump(),
        opens_at=opens_at,
        closes_at=closes_at,
        created_at=now,
    )
    put_rules(sitting, rules)
    db.session.add(sitting)
    db.session.flush()
    name_proctors(sitting.id, rules.proctors)
    hand_out(sitting.id, ready, actor=actor, now=now)
    record(
        "sitting.opened",
        f"sitting:{sitting.id}",
        actor=actor,
        now=now,
        exam=ready.exam_id,
        seed=ready.seed,
    )
    return sitting.id


def check_window(opens_at: datetime, closes_at: datetime) -> None:
    """Raises DomainError for a window that has no length."""
    if closes_at <= opens_at:
        raise DomainError("window-empty", N_("The exam must close after it opens."))


def put_rules(sitting: Sitting, rules: SittingRules) -> None:
    """Write the rules into the row, each checked; raises DomainError."""
    if rules.capacity is not None and rules.capacity < 1:
        raise DomainError("capacity-wrong", N_("Enter at least one place, or none at all."))
    sitting.room = rules.room
    sitting.capacity = rules.capacity
    sitting.open_to_enrolled = rules.open_to_enrolled
    sitting.access_code = access_code_of(rules.access_code)
    sitting.networks = list(networks_of("\n".join(rules.networks)))
    sitting.seb_keys = list(config_keys_of("\n".join(rules.seb_keys)))
    sitting.needs_admission = rules.needs_admission
    sitting.needs_ticket = rules.needs_ticket


def name_proctors(sitting_id: int, proctors: Collection[int]) -> None:
    """Make these the sitting's proctors; raises DomainError for somebody who is none."""
    known = set(
        db.session.scalars(
            select(SittingProctor.user_id).where(SittingProctor.sitting_id == sitting_id)
        )
    )
    fresh = set(proctors) - known
    able = db.session.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id.in_(fresh), UserRole.role == Role.PROCTOR.value)
    ).all()
    if set(able) != fresh:
        raise DomainError("not-a-proctor", N_("Somebody you chose is not a proctor."))
    db.session.execute(
        delete(SittingProctor).where(
            SittingProctor.sitting_id == sitting_id, SittingProctor.user_id.not_in(proctors)
        )
    )
    db.session.add_all(
        SittingProctor(sitting_id=sitting_id, user_id=user_id) for user_id in sorted(fresh)
    )
