"""What a sitting asks for at its door: access code, network address, Safe Exam Browser."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""For access codes and tickets: no characters that are mistaken for each other."""


class EntryRefused(DomainError):
    """The door stays shut: wrong code, wrong place or wrong browser."""


class WrongAccessCode(EntryRefused):
    """The access code is missing or wrong."""

    def __init__(self) -> None:
        super().__init__(
            "wrong-access-code",
            N_("The access code is not right. Ask the proctor for it."),
            kind=ErrorKind.FORBIDDEN,
        )


class AddressRefused(EntryRefused):
    """The device is not in a network of the sitting."""

    def __init__(self) -> None:
        super().__init__(
            "address-refused",
            N_("This exam can only be taken in the exam room's network."),
            kind=ErrorKind.FORBIDDEN,
        )


class BrowserRefused(EntryRefused):
    """The page was not opened by Safe Exam Browser with a configuration of the sitting."""

    def __init__(self) -> None:
        super().__init__(
            "browser-refused",
            N_("Open this exam in Safe Exam Browser with the configuration file of this sitting."),
            kind=ErrorKind.FORBIDDEN,
        )


def normalised_code(code: str) -> str:
    """A code as compared: capitals, without spaces and hyphens."""
    return "".join(character for character in code.upper() if character.isalnum())


def check_access_code(wanted: str, given: str) -> None:
    """Raises WrongAccessCode. An empty `wanted` asks for none."""
    wanted, given = normalised_code(wanted), normalised_code(given)
    if wanted and not hmac.compare_digest(wanted.encode(), given.encode()):
        raise WrongAccessCode


def check_address(networks: Iterable[str], address: str) -> None:
    """Raises AddressRefused. networks: "10.1.0.0/16" or "10.1.2.3"; none lets everybody in."""
    allowed = [ip_network(network, strict=False) for network in networks]
    if not allowed:
        return
    try:
        came_from = ip_address(address)
    except ValueError:
        raise AddressRefused from None
    mapped = getattr(came_from, "ipv4_mapped", None)
    came_from = mapped or came_from
    if not any(came_from.version == net.version and came_from in net for net in allowed):
        raise AddressRefused


def config_key_hash(url: str, config_key: str) -> str:
    """What Safe Exam Browser sends as X-SafeExamBrowser-ConfigKeyHash.

    SHA-256 (hex) over the address of the page, without its fragment, followed by the Config
    Key (Safe Exam Browser developer documentation, "Config Key").
    """
    return hashlib.sha256((url.partition("#")[0] + config_key).encode()).hexdigest()


def check_browser(config_keys: Iterable[str], *, url: str, sent: str) -> None:
    """Raises BrowserRefused. sent: the header's value; no keys let every browser in."""
    keys = list(config_keys)
    if not keys:
        return
    given = sent.strip().lower().encode(errors="replace")
    right = [config_key_hash(url, key).encode() for key in keys]
    if not any(hmac.compare_digest(one, given) for one in right):
        raise BrowserRefused
