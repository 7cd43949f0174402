"""Certificates: their number, their living state, and the statement that is signed."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EXPIRING = timedelta(days=90)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9A-Za-z]+-[0-9]{4}-[0-9A-Za-z]+-[0-9]{6,}-[0-9A-Za-z]")


class CertificateState(StrEnum):
    """What a certificate is today."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Validity:
    """valid_from and valid_until are both days on which the certificate holds."""

    valid_from: date
    valid_until: date
    suspended: bool = False
    revoked: bool = False


def state_on(validity: Validity, *, today: date) -> CertificateState:
    """The state on `today`; revoked outweighs suspended, and both outweigh the dates."""
    if validity.revoked:
        return CertificateState.REVOKED
    if validity.suspended:
        return CertificateState.SUSPENDED
    if today > validity.valid_until:
        return CertificateState.EXPIRED
    if today > validity.valid_until - EXPIRING:
        return CertificateState.EXPIRING
    return CertificateState.VALID


def valid_until(valid_from: date, *, months: int) -> date:
    """The last day of a validity of so many months from `valid_from`."""
    year, month = divmod(valid_from.year * 12 + valid_from.month - 1 + months, 12)
    last = date(year, month + 1, monthrange(year, month + 1)[1])
    if valid_from.day > last.day:  # the month has no such day: its last one ends the validity
        return last
    return last.replace(day=valid_from.day) - timedelta(days=1)


def number(*, prefix: str, year: int, level: str, serial: int) -> str:
    """prefix + year + level + serial of six digits + check character: QJ-2026-U1-000042-7."""
    body = f"{prefix}{year}{level}{serial:06d}"
    return f"{prefix}-{year}-{level}-{serial:06d}-{check_character(body)}"


def is_number(text: str) -> bool:
    """Whether `text` is a well-formed number with the right check character."""
    if not _SHAPE.fullmatch(text):
        return False
    *body, check = text.upper().split("-")
    try:
        return check_character("".join(body)) == check
    except ValueError:
        return False


def check_character(body: str) -> str:
    """Luhn mod N (ISO/IEC 7812-1 annex B, generalised) over digits and letters without I and O.

    Raises ValueError for a character outside the alphabet.
    """
    base, total, factor = len(_ALPHABET), 0, 2
    for character in reversed(body):
        addend = factor * _ALPHABET.index(character)
        factor = 3 - factor
        total += addend // base + addend % base
    return _ALPHABET[-total % base]


def masked_name(name: str) -> str:
    """A name of which only the first character shows: 欧阳娜娜 → 欧＊＊＊, Li Lei → L＊."""
    name = name.strip()
    if not name:
        return ""
    stars = len(name) - 1 if not name.isascii() else 1
    return name[0] + "＊" * max(min(stars, 3), 1)
