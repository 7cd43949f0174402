"""Accommodations: what a person gets in every exam while an approval is valid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

LARGEST_FACTOR = 3.0
LONGEST_BREAK_MINUTES = 240


class Standing(StrEnum):
    """Where an approval stands on a day."""

    VALID = "valid"
    FUTURE = "future"
    ENDED = "ended"
    REVOKED = "revoked"


class AccommodationRefused(DomainError):
    """The approval does not make sense; the code says why."""


class OwnAccommodation(DomainError):
    """Nobody approves their own."""

    def __init__(self) -> None:
        super().__init__(
            "own-accommodation",
            N_("You cannot approve accommodations for yourself."),
            kind=ErrorKind.FORBIDDEN,
        )


@dataclass(frozen=True, slots=True)
class Accommodation:
    """One approved accommodation.

    time_factor: 1.25 is a quarter more time. break_minutes: breaks in one exam, together. The
    days are inclusive and of the organisation's calendar; valid_until None: without an end.
    """

    time_factor: float
    break_minutes: int
    larger_text: bool
    separate_room: bool
    valid_from: date
    valid_until: date | None

    def is_valid(self, on: date) -> bool:
        """Whether it applies on that day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    @property
    def gives_something(self) -> bool:
        """Whether it has any effect."""
        return (
            self.time_factor > 1 or self.break_minutes > 0 or self.larger_text or self.separate_room
        )

    def standing(self, on: date, *, revoked: bool = False) -> Standing:
        """Where it stands on that day."""
        if revoked:
            return Standing.REVOKED
        if on < self.valid_from:
            return Standing.FUTURE
        return Standing.VALID if self.is_valid(on) else Standing.ENDED


@dataclass(frozen=True, slots=True)
class Provision:
    """What the accommodations of one person come to in one exam."""

    time_factor: float = 1.0
    breaks: timedelta = timedelta(0)
    larger_text: bool = False
    separate_room: bool = False

    def late_allowance(self, limit: timedelta) -> timedelta:
        """How far beyond the sitting's end this person may work, so that the extra time is real.

        limit: the exam's duration. Breaks extend it when they are taken.
        """
        return limit * (self.time_factor - 1)


NOTHING = Provision()


def provision(accommodations: Iterable[Accommodation], *, on: date) -> Provision:
    """The best of everything that is valid on the day: approvals never take from each other."""
    valid = [item for item in accommodations if item.is_valid(on)]
    if not valid:
        return NOTHING
    return Provision(
        time_factor=max(1.0, *(item.time_factor for item in valid)),
        breaks=timedelta(minutes=max(item.break_minutes for item in valid)),
        larger_text=any(item.larger_text for item in valid),
        separate_room=any(item.separate_room for item in valid),
    )


def check_accommodation(item: Accommodation, *, on: date) -> None:
    """Refuse an approval that could not be meant. on: today.

    Raises AccommodationRefused: a factor or a break out of range, no effect, an end before the
    beginning, or an end that has passed.
    """
    if not 1 <= item.time_factor <= LARGEST_FACTOR:
        raise AccommodationRefused(
            "factor-out-of-range",
            N_("The time factor must be between 1.0 and %(most)s."),
            most=LARGEST_FACTOR,
        )
    if not 0 <= item.break_minutes <= LONGEST_BREAK_MINUTES:
        raise AccommodationRefused(
            "break-out-of-range",
            N_("Break minutes must be between 0 and %(most)s."),
            most=LONGEST_BREAK_MINUTES,
        )
    if not item.gives_something:
        raise AccommodationRefused(
            "no-effect",
            N_("Choose at least one: extra time, breaks, larger text or a separate room."),
        )
    if item.valid_until is not None and item.valid_until < item.valid_from:
        raise AccommodationRefused("ends-before", N_("The last day lies before the first."))
    if item.valid_until is not None and item.valid_until < on:
        raise AccommodationRefused("ended-already", N_("The last day has passed."))
