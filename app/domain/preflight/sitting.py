"""Whether a sitting is ready: its window, its roster, its proctors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.preflight.checks import Check, Subject, go, no_go, warn
from app.domain.text import N_


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """limit: the exam's duration. factor: the largest personal time factor on the roster."""

    opens_at: datetime
    closes_at: datetime
    cancelled: bool
    limit: timedelta
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """Numbers of people, voided places aside.

    enrolled: who may take a place by themselves, None where the roster alone decides. unknown:
    with a place, but not enrolled in the scheme. late_until: when the last of those who may
    work beyond the end has to be through, None where nobody may.
    """

    registered: int
    enrolled: int | None
    capacity: int | None
    unknown: int = 0
    disabled: int = 0
    without_address: int = 0
    separate_room: int = 0
    late: int = 0
    late_until: datetime | None = None

    @property
    def expected(self) -> int:
        """How many may come, at the most."""
        most = max(self.registered, self.enrolled or 0)
        return most if self.capacity is None else min(most, max(self.capacity, self.registered))


@dataclass(frozen=True, slots=True)
class ProctorFacts:
    """named: on the sitting's list; able: of these, with an account that may run sittings.

    all_able: everybody who may run sittings. needed: the sitting asks for admission.
    """

    named: int
    able: int
    all_able: int
    needed: bool


def window(facts: WindowFacts, *, now: datetime) -> list[Check]:
    """Whether the sitting can be entered, and is long enough."""
    if facts.cancelled:
        return [no_go(Subject.WINDOW, N_("This sitting has been cancelled."))]
    if now >= facts.closes_at:
        return [no_go(Subject.WINDOW, N_("The sitting ended on %(at)s."), at=facts.closes_at)]
    is_open = facts.opens_at <= now
    sentence = N_("The sitting is open until %(closes)s.")
    if not is_open:
        sentence = N_("The sitting opens on %(opens)s and closes on %(closes)s.")
    checks = [go(Subject.WINDOW, sentence, opens=facts.opens_at, closes=facts.closes_at)]
    length, limit = facts.closes_at - facts.opens_at, facts.limit
    if length < limit:
        checks.append(
            no_go(
                Subject.WINDOW,
                N_(
                    "The window is %(window)s minutes long, the exam takes %(exam)s: nobody has the"
                    " whole time."
                ),
                window=_minutes(length),
                exam=_minutes(limit),
            )
        )
    elif is_open and facts.closes_at - now < limit:
        checks.append(
            warn(
                Subject.WINDOW,
                N_("Whoever starts now has only %(left)s of %(exam)s minutes."),
                left=_minutes(facts.closes_at - now),
                exam=_minutes(limit),
            )
        )
    if length < limit * facts.factor:
        checks.append(
            warn(
                Subject.WINDOW,
                N_(
                    "With extra time the exam takes up to %(longest)s minutes, the window has"
                    " %(window)s: keep room and proctor until %(until)s."
                ),
                longest=_minutes(limit * facts.factor),
                window=_minutes(length),
                until=facts.closes_at + limit * (facts.factor - 1),
            )
        )
    return checks


def roster(facts: RosterFacts) -> list[Check]:
    """Whether the right people can come."""
    checks = [_places(facts)]
    if facts.unknown:
        checks.append(
            no_go(
                Subject.ROSTER,
                N_("People with a place who are not enrolled in the certification: %(count)s"),
                count=facts.unknown,
            )
        )
    if facts.disabled:
        checks.append(
            warn(
                Subject.ROSTER,
                N_("People with a place whose account is disabled: %(count)s"),
                count=facts.disabled,
            )
        )
    if facts.without_address:
        checks.append(
            warn(
                Subject.ROSTER,
                N_("People without an e-mail address, whom no mail reaches: %(count)s"),
                count=facts.without_address,
            )
        )
    if facts.separate_room:
        checks.append(
            go(
                Subject.ROSTER,
                N_("People who sit in a separate room: %(count)s"),
                count=facts.separate_room,
            )
        )
    if facts.late_until is not None:
        checks.append(
            go(
                Subject.ROSTER,
                N_(
                    "People who may work beyond the end of the sitting: %(count)s, the last of"
                    " them until %(until)s"
                ),
                count=facts.late,
                until=facts.late_until,
            )
        )
    return checks


def proctors(facts: ProctorFacts) -> Check:
    """Whether somebody can run the sitting."""
    if facts.named and facts.able == facts.named:
        return go(Subject.PROCTORS, N_("Proctors: %(count)s"), count=facts.named)
    if facts.able:
        return warn(
            Subject.PROCTORS,
            N_("Proctors: %(count)s, of whom %(able)s can log in and run a sitting"),
            count=facts.named,
            able=facts.able,
        )
    if facts.named:
        return no_go(
            Subject.PROCTORS, N_("None of the named proctors can log in and run a sitting.")
        )
    if facts.all_able:
        return warn(
            Subject.PROCTORS,
            N_("No proctor is named: each of the %(count)s proctors may run this sitting."),
            count=facts.all_able,
        )
    verdict = no_go if facts.needed else warn
    return verdict(Subject.PROCTORS, N_("There is no proctor: nobody can admit or help."))


def _places(facts: RosterFacts) -> Check:
    if facts.registered == 0:
        if facts.enrolled:
            return warn(
                Subject.ROSTER,
                N_("Nobody has a place yet. People who may take one: %(count)s"),
                count=facts.enrolled,
            )
        return no_go(Subject.ROSTER, N_("Nobody has a place in this sitting."))
    if facts.capacity is None:
        return go(Subject.ROSTER, N_("People with a place: %(count)s"), count=facts.registered)
    verdict = no_go if facts.registered > facts.capacity else go
    return verdict(
        Subject.ROSTER,
        N_("People with a place: %(count)s, seats: %(capacity)s"),
        count=facts.registered,
        capacity=facts.capacity,
    )


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)
