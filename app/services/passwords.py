"""Hashes of passwords: argon2id at OWASP's 19 MiB, t = 2, p = 1 (some 25 ms)."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.passwords import WeakPassword, check_password

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """A new hash."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. Takes as long for an unknown account (None) as for a known one."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def first_password(username: str) -> str:
    """A random password that can be read out: four groups of four letters and digits.

    Drawn again where it breaks a rule by chance: a short user name is soon in it.
    """
    while True:
        drawn = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
        try:
            check_password(drawn, username=username)
        except WeakPassword:
            continue
        return drawn
