"""Whether what a sitting asks for at its door can be met, and asks for something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from app.domain.entrance import normalised_code
from app.domain.preflight.checks import Check, Subject, go, no_go, warn
from app.domain.text import N_

TICKETS_BEFORE = timedelta(hours=24)
"""This long before the sitting opens, everybody should have a ticket."""

SHORTEST_CODE = 4


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """What a sitting asks for. without_ticket: people with a place but without a ticket."""

    access_code: str
    networks: tuple[str, ...]
    seb_keys: tuple[str, ...]
    needs_admission: bool
    needs_ticket: bool
    open_to_enrolled: bool
    room: str
    opens_at: datetime
    without_ticket: int = 0


def door(facts: DoorFacts, *, now: datetime) -> list[Check]:
    """Whether what is asked for at the door can be met, and asks for something."""
    checks = [
        *_access_code(facts.access_code),
        *_networks(facts.networks),
        *_seb_keys(facts.seb_keys),
        *_tickets(facts, now=now),
    ]
    if facts.needs_admission:
        checks.append(go(Subject.DOOR, N_("A proctor admits each candidate.")))
    if checks:
        return checks
    if facts.room:
        return [
            warn(
                Subject.DOOR,
                N_(
                    "The sitting has a room, but asks for nothing at the door: it can be started"
                    " from anywhere."
                ),
            )
        ]
    return [go(Subject.DOOR, N_("Nothing is asked for at the door."))]


def _access_code(code: str) -> list[Check]:
    if not code:
        return []
    length = len(normalised_code(code))
    if length == 0:
        return [no_go(Subject.DOOR, N_("The access code has no letter or digit: it asks nothing."))]
    if length < SHORTEST_CODE:
        return [
            warn(
                Subject.DOOR,
                N_("The access code has %(length)s characters and is easily guessed."),
                length=length,
            )
        ]
    return [go(Subject.DOOR, N_("An access code is asked for."))]


def _networks(networks: tuple[str, ...]) -> list[Check]:
    wrong = [network for network in networks if not _is_network(network)]
    if wrong:
        return [
            no_go(
                Subject.DOOR,
                N_("This is no network address, and nobody could enter: %(networks)s"),
                networks=", ".join(wrong),
            )
        ]
    if not networks:
        return []
    return [
        go(
            Subject.DOOR,
            N_("Only these networks are let in: %(networks)s"),
            networks=", ".join(networks),
        )
    ]


def _seb_keys(keys: tuple[str, ...]) -> list[Check]:
    if not keys:
        return []
    if not all(_is_config_key(key) for key in keys):
        return [
            no_go(
                Subject.DOOR,
                N_("A Config Key of Safe Exam Browser is not made of 64 digits and letters a–f."),
            )
        ]
    return [go(Subject.DOOR, N_("Safe Exam Browser is asked for."))]


def _tickets(facts: DoorFacts, *, now: datetime) -> list[Check]:
    if not facts.needs_ticket:
        return []
    checks = []
    if facts.without_ticket:
        verdict = no_go if facts.opens_at - now <= TICKETS_BEFORE else warn
        checks.append(
            verdict(
                Subject.DOOR,
                N_("Tickets are asked for. People who have none yet: %(count)s"),
                count=facts.without_ticket,
            )
        )
    else:
        checks.append(go(Subject.DOOR, N_("Tickets are asked for, and everybody has one.")))
    if facts.open_to_enrolled:
        checks.append(
            warn(
                Subject.DOOR,
                N_("Tickets are asked for, but whoever takes a place by themselves gets none."),
            )
        )
    return checks


def _is_network(network: str) -> bool:
    try:
        ip_network(network, strict=False)
    except ValueError:
        return False
    return True


def _is_config_key(key: str) -> bool:
    return len(key) == 64 and all(letter in "0123456789abcdef" for letter in key)
