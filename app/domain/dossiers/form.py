"""The file of a dossier: canonical JSON, what of it is signed, and reading one that came back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

FORM = "qijue-dossier/1"
LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that is checked; an attempt of a hundred questions has about one million."""

_PDF = b"%PDF-"


class NotADossier(DomainError):
    """The file is something else."""

    def __init__(self, sentence: str = N_("This file is not a dossier.")) -> None:
        super().__init__("not-a-dossier", sentence)


class FileTooLarge(DomainError):
    """No dossier is that large."""

    def __init__(self) -> None:
        super().__init__(
            "dossier-too-large",
            N_("The file has more than %(megabytes)s MB."),
            kind=ErrorKind.TOO_LARGE,
            megabytes=LARGEST_FILE // 1024 // 1024,
        )


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file as read: its dossier, not looked at yet, and the signature that came with it."""

    dossier: dict[str, Any]
    signature: str


def canonical(value: object) -> bytes:
    """The one way to write it: keys sorted, no blanks, UTF-8, numbers as Python writes them.

    Raises ValueError for what JSON cannot say (half a surrogate pair, infinity).
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(dossier: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical dossier."""
    return hashlib.sha256(canonical(dossier)).hexdigest()


def statement(dossier: Mapping[str, Any]) -> dict[str, object]:
    """What is signed: which dossier it is, and its digest."""
    return {
        "form": FORM,
        "attempt": dossier["attempt"]["id"],
        "made_at": dossier["made"]["at"],
        "sha256": digest(dossier),
    }


def write_file(dossier: Mapping[str, Any], signature: str) -> bytes:
    """The file, canonical as a whole."""
    return canonical({"dossier": dossier, "signature": signature})


def read_file(raw: bytes) -> SignedFile:
    """The file's two parts; raises FileTooLarge, NotADossier.

    A name that stands twice in one object is refused: another reader might take the other one.
    """
    if len(raw) > LARGEST_FILE:
        raise FileTooLarge
    if raw.startswith(_PDF):
        raise NotADossier(
            N_("This is a PDF. Save the file dossier.json that is attached to it, and check that.")
        )
    try:
        found = json.loads(raw, object_pairs_hook=_unambiguous, parse_constant=_refuse)
        canonical(found)
    except (ValueError, RecursionError):
        raise NotADossier from None
    match found:
        case {"dossier": dict() as dossier, "signature": str() as signature} if len(found) == 2:
            if dossier.get("form") == FORM:
                return SignedFile(dossier, signature)
    raise NotADossier


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
