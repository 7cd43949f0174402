"""The hash chain of the audit log: each entry's hash covers the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

START = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sensitive act. actor: user id or None for the system. detail: JSON-able."""

    at: datetime
    actor_id: int | None
    action: str
    subject: str
    detail: dict[str, object]
    address: str


def chained_hash(previous: str, entry: Entry) -> str:
    """SHA-256 (hex) over the previous hash and the whole entry."""
    content = json.dumps(
        [
            previous,
            entry.at.isoformat(),
            entry.actor_id,
            entry.action,
            entry.subject,
            entry.detail,
            entry.address,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def first_break(entries: Iterable[tuple[int, Entry, str, str]]) -> int | None:
    """The id of the first entry that does not fit, or None.

    entries: (id, entry, previous hash, hash) in the order of their ids.
    """
    previous = START
    for id_, entry, claimed_previous, claimed in entries:
        if claimed_previous != previous or claimed != chained_hash(previous, entry):
            return id_
        previous = claimed
    return None
