"""Rules for passwords (length over composition, and nothing that is easily guessed)."""

from __future__ import annotations

from app.domain.errors import DomainError
from app.domain.text import N_

SHORTEST = 10
LONGEST = 128
SHORTEST_NAME = 3
"""A shorter user name is in many a strong password by chance, and betrays nothing."""
_TOO_COMMON = frozenset(
    {"password", "passw0rd", "qwertyuiop", "1234567890", "0123456789", "administrator", "iloveyou"}
)


class WeakPassword(DomainError):
    """The password does not meet a rule; the sentence says which."""


def check_password(password: str, *, username: str) -> None:
    """Raise WeakPassword unless the password may be used by `username`.

    10–128 characters, of at least two kinds (letters, digits, others), not a common one, not
    built from the user name, not one or two characters repeated.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(
            "password-short", N_("Use at least %(count)s characters."), count=SHORTEST
        )
    if len(password) > LONGEST or "\x00" in password:
        raise WeakPassword("password-long", N_("Use at most %(count)s characters."), count=LONGEST)
    lowered = password.casefold()
    if len(username) >= SHORTEST_NAME and username.casefold() in lowered:
        raise WeakPassword("password-name", N_("Do not use your user name in the password."))
    if len(set(lowered)) < 5 or any(common in lowered for common in _TOO_COMMON):
        raise WeakPassword("password-common", N_("This password is too easy to guess."))
    kinds = {"letter" if c.isalpha() else "digit" if c.isdigit() else "other" for c in password}
    if len(kinds) < 2:
        raise WeakPassword("password-plain", N_("Mix letters with digits or other characters."))
