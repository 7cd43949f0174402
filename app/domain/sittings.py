"""Where a sitting stands, and what the rules at its door are made of."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network

from app.domain.entrance import normalised_code
from app.domain.errors import DomainError
from app.domain.text import N_

TICKETS_FROM = timedelta(minutes=60)
"""How long before a sitting opens its tickets let people in, to sit down and wait."""
SHORTEST_CODE = 4
LONGEST_CODE = 20
_CONFIG_KEY = re.compile(r"[0-9a-f]{64}")


class SittingState(StrEnum):
    """Where a sitting stands in its window."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """How far one person is in a sitting, from the roster to the handed-in exam.

    waiting: agreed, and a proctor has yet to see who it is. off: taken off the roster.
    """

    REGISTERED = "registered"
    WAITING = "waiting"
    READY = "ready"
    WORKING = "working"
    FINISHED = "finished"
    OFF = "off"


class TicketState(StrEnum):
    """Where somebody's ticket stands."""

    NONE = "none"
    ISSUED = "issued"
    USED = "used"


def sitting_state(
    opens_at: datetime, closes_at: datetime, *, cancelled_at: datetime | None, now: datetime
) -> SittingState:
    """The state at `now`; the window's end does not belong to it."""
    if cancelled_at is not None:
        return SittingState.CANCELLED
    if now < opens_at:
        return SittingState.PLANNED
    return SittingState.OPEN if now < closes_at else SittingState.CLOSED


def access_code_of(text: str) -> str:
    """An access code as kept; "" asks for none. Raises DomainError."""
    code = normalised_code(text)
    if not text.strip():
        return ""
    if not code.isascii() or not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
        raise DomainError(
            "access-code-wrong",
            N_("Use %(least)s to %(most)s letters and digits."),
            least=SHORTEST_CODE,
            most=LONGEST_CODE,
        )
    return code


def networks_of(text: str) -> tuple[str, ...]:
    """Networks from a text with one per line; raises DomainError naming the line."""
    found = []
    for number, line in _lines(text):
        try:
            network = ip_network(line, strict=False)
        except ValueError:
            raise DomainError(
                "network-wrong",
                N_(
                    "Line %(number)s, “%(line)s”, is not a network."
                    " Write it like 10.1.0.0/16, or a single address like 10.1.2.3."
                ),
                number=number,
                line=line[:50],
            ) from None
        found.append(str(network))
    return tuple(dict.fromkeys(found))


def config_keys_of(text: str) -> tuple[str, ...]:
    """Safe Exam Browser Config Keys from a text with one per line; raises DomainError."""
    found = []
    for number, line in _lines(text):
        key = line.lower()
        if not _CONFIG_KEY.fullmatch(key):
            raise DomainError(
                "config-key-wrong",
                N_(
                    "Line %(number)s is not a Config Key:"
                    " it has 64 characters, the digits 0–9 and the letters a–f."
                ),
                number=number,
            )
        found.append(key)
    return tuple(dict.fromkeys(found))


def _lines(text: str) -> list[tuple[int, str]]:
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line]
