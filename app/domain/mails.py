"""What a mail says before it speaks a language, whom it can reach, and when it is tried again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.errors import DomainError
from app.domain.text import N_

LONGEST_ADDRESS = 200
MOST_TRIES = 10
"""After this many a mail is given up; it stays in the outbox with its problem."""

FIRST_WAIT = timedelta(minutes=1)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class AddressUnusable(DomainError):
    """No mail could reach this address."""

    def __init__(self) -> None:
        super().__init__(
            "email-unusable", N_("Enter an e-mail address such as name@example.org, or none.")
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in no language yet.

    subject and every paragraph: an English sentence with %(name)s places. parameters: plain
    values, texts, days and times, which the reader gets in their language and the
    organisation's time zone.
    """

    subject: str
    paragraphs: tuple[str, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)


def checked_address(address: str) -> str:
    """An address without blanks around it, "" for none; raises AddressUnusable."""
    address = address.strip()
    if not address:
        return ""
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise AddressUnusable
    return address


def due_at(created_at: datetime, tries: int) -> datetime | None:
    """When a mail is tried next: at once, then after 1, 3, 7, 15 … minutes; None: given up.

    The waits are counted from when it was written, so that nothing more has to be kept.
    """
    if tries >= MOST_TRIES:
        return None
    return created_at + FIRST_WAIT * ((1 << tries) - 1)
