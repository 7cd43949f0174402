"""What a lead marker does: hands work out, decides, reads again. All of it is on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from app.db import db, transactional
from app.domain.attempts import AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.marking.distribution import NotForYou, Work, distribute, may_mark
from app.domain.marking.roles import (
    BY_MARKERS,
    UNFINISHED,
    MarkingAct,
    MarkingRole,
    MarkingState,
)
from app.domain.marking.rubric import Judgement, points_of
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.queries.marking_people import is_marker
from app.queries.marking_work import barred_from, had_by
from app.queries.versions import question_of_version
from app.services.certificates import Signer
from app.services.markings import ScriptMissing, locked_script
from app.services.remedies import checked_text
from app.services.scripts import add_marking, note
from app.services.settlements import settle
from app.services.trail import Actor, record

_UNFINISHED = [state.value for state in UNFINISHED]
_BY_MARKERS = [role.value for role in BY_MARKERS]


class NothingToHandOut(DomainError):
    """None of the chosen markings is still to be done, or nobody chosen may do one."""

    def __init__(self) -> None:
        super().__init__(
            "nothing-to-hand-out",
            N_("None of the chosen answers can go to these people: they are done, or nobody here "
               "may mark them."),
            kind=ErrorKind.CONFLICT,
        )  # fmt: skip


class NotAMarker(DomainError):
    """Work was to go to somebody who does not mark."""

    def __init__(self) -> None:
        super().__init__("not-a-marker", N_("Choose people who mark."))


class AfterRelease(DomainError):
    """The result is released: only an appeal or a re-score changes it now."""

    def __init__(self) -> None:
        super().__init__(
            "after-release",
            N_("The result is released. An appeal or a re-score can still change it, marking "
               "cannot."),
            kind=ErrorKind.CONFLICT,
        )  # fmt: skip


class NothingToReadAgain(DomainError):
    """The answer is not settled yet, or somebody has read it again already."""

    def __init__(self) -> None:
        super().__init__(
            "nothing-to-read-again",
            N_("This answer is not settled, or it was read again already."),
            kind=ErrorKind.CONFLICT,
        )


@transactional
def hand_out(
    marking_ids: Collection[int],
    marker_ids: Collection[int],
    *,
    reason: str,
    seed: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep markings that are not done for these people, evenly; returns how many.

    What lies on a desk is taken from it: its draft stays in the log. Who may not mark an answer
    never gets it. Raises NotAMarker, NothingToHandOut, ReasonMissing.
    """
    reason = checked_text(reason)
    markers = sorted(set(marker_ids))
    if not markers or not all(is_marker(person) for person in markers):
        raise NotAMarker
    chosen = list(
        db.session.scalars(
            select(Marking)
            .where(
                Marking.id.in_(set(marking_ids)),
                Marking.state.in_(_UNFINISHED),
                Marking.role.in_(_BY_MARKERS),
                Marking.role != MarkingRole.CHECK.value,
            )
            .order_by(Marking.id)
            .with_for_update()
        )
    )
    given = distribute(_work(chosen), markers, load=_loads(markers), seed=seed)
    for marking in chosen:
        if marking.id in given:
            _give(marking, given[marking.id], actor=actor, now=now, reason=reason)
    if not given:
        raise NothingToHandOut
    record(
        "marking.handed_out",
        f"markings:{len(given)}",
        actor=actor,
        now=now,
        reason=reason,
        given={str(id_): person for id_, person in given.items()},
    )
    return len(given)


@transactional
def decide(
    number: str,
    judgement: Judgement,
    *,
    reason: str,
    signer: Signer,
    actor: Actor,
    now: datetime,
) -> Fraction:
    """Decide what an answer gets, above all marks, for a reason; returns the points.

    Where three markers cannot agree, and where reading again finds a mark wrong. Raises
    ScriptMissing, NotForYou, AfterRelease, MarkIncomplete, PointsOutside, ReasonMissing.
    """
    reason = checked_text(reason)
    script = _answered(number)
    _check_may(script, actor)
    points = points_of(
        question_of_version(script.version_id).body, judgement, maximum=script.maximum
    )
    before = None if script.points is None else str(script.points)
    marking = _lead_marking(script, actor=actor, now=now)
    marking.marker_id, marking.state = actor.user_id, MarkingState.DONE
    marking.points, marking.judgement = points, judgement.dump()
    marking.taken_at = marking.taken_at or now
    marking.done_at = now
    note(marking, MarkingAct.DONE, actor=actor, now=now, points=str(points), reason=reason)
    record(
        "marking.decided",
        f"script:{number}",
        actor=actor,
        now=now,
        before=before,
        points=str(points),
        reason=reason,
    )
    _withdraw_open(script, actor=actor, now=now)
    settle(script, signer=signer, actor=actor, now=now)
    return points


@transactional
def agree(number: str, *, actor: Actor, now: datetime) -> None:
    """Read a settled answer again and let it stand. Raises ScriptMissing, NotForYou,
    NothingToReadAgain."""
    script = _answered(number)
    _check_may(script, actor)
    known = db.session.scalar(
        select(Marking.id).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.role == MarkingRole.BACK_READ.value,
        )
    )
    if script.points is None or known is not None:
        raise NothingToReadAgain
    marking = add_marking(script, MarkingRole.BACK_READ, now=now, marker_id=actor.user_id)
    marking.state, marking.points = MarkingState.DONE, script.points
    marking.taken_at = marking.done_at = now
    note(marking, MarkingAct.DONE, actor=actor, now=now, points=str(script.points))
    record("marking.read_again", f"script:{number}", actor=actor, now=now)


def _answered(number: str) -> Script:
    """A candidate's script, locked; check scripts are not decided about."""
    script = locked_script(number)
    if script is None or script.attempt_id is None or script.answer is None:
        raise ScriptMissing
    return script


def _check_may(script: Script, actor: Actor) -> None:
    """Nobody decides about trainees of their own, or about an answer that they have marked."""
    assert script.attempt_id is not None
    attempt = db.session.get_one(Attempt, script.attempt_id)
    if attempt.state == AttemptState.RELEASED:
        raise AfterRelease
    if attempt.state == AttemptState.VOIDED:
        raise ScriptMissing
    marked = db.session.scalars(
        select(Marking.marker_id).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.role.in_(_BY_MARKERS),
        )
    )
    barred = {*barred_from([script.id])[script.id], *marked}
    if actor.user_id is None or not may_mark(actor.user_id, barred=barred):
        raise NotForYou


def _lead_marking(script: Script, *, actor: Actor, now: datetime) -> Marking:
    """The lead's open marking of the script, or a new one; an earlier decision is superseded."""
    marking = db.session.scalar(
        select(Marking).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.role == MarkingRole.LEAD.value,
            Marking.state.in_([*_UNFINISHED, MarkingState.DONE.value]),
        )
    )
    if marking is not None and marking.state != MarkingState.DONE:
        return marking
    if marking is not None:
        marking.state = MarkingState.SUPERSEDED
        note(
            marking,
            MarkingAct.SUPERSEDED,
            actor=actor,
            now=now,
            points=str(marking.points),
        )
        db.session.flush()
    return add_marking(script, MarkingRole.LEAD, now=now, marker_id=actor.user_id)


def _withdraw_open(script: Script, *, actor: Actor, now: datetime) -> None:
    """What others still had to do of the answer is not needed any more."""
    for marking in db.session.scalars(
        select(Marking).where(
            Marking.script_id == script.id,
            Marking.role.in_(_BY_MARKERS),
            Marking.state.in_(_UNFINISHED),
        )
    ):
        marking.state = MarkingState.SUPERSEDED
        note(marking, MarkingAct.SUPERSEDED, actor=actor, now=now)


def _work(chosen: Collection[Marking]) -> list[Work]:
    scripts = {marking.script_id for marking in chosen}
    barred, had = barred_from(scripts), had_by(scripts)
    own = {marking.id: marking.marker_id for marking in chosen}
    return [
        Work(
            marking.id,
            marking.script_id,
            barred[marking.script_id] | (had[marking.script_id] - {own[marking.id]}),
        )
        for marking in chosen
    ]


def _loads(markers: Collection[int]) -> Mapping[int, int]:
    """How many markings each of them has to do already."""
    rows = db.session.execute(
        select(Marking.marker_id, func.count())
        .where(Marking.marker_id.in_(markers), Marking.state.in_(_UNFINISHED))
        .group_by(Marking.marker_id)
    )
    return {person: count for person, count in rows if person is not None}


def _give(marking: Marking, person: int, *, actor: Actor, now: datetime, reason: str) -> None:
    if marking.marker_id == person:
        return
    note(
        marking,
        MarkingAct.ASSIGNED,
        actor=actor,
        now=now,
        reason=reason,
        before=marking.marker_id,
        to=person,
        draft=marking.judgement,
    )
    marking.marker_id, marking.state = person, MarkingState.OPEN
    marking.judgement, marking.seq = {}, 0
    marking.taken_at = marking.saved_at = None
