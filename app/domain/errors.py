"""Errors that a rule raises: a stable code, a sentence for the reader, its parameters.

`web/errors` alone turns them into pages; the CLI prints the sentence.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorKind(StrEnum):
    """What sort of refusal it is; the edge maps it to a status."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"


class DomainError(Exception):
    """A rule was not met.

    code: stable, for programs and tests. sentence: English, with %(name)s places,
    marked with `N_` where it is written. parameters: what fills the places.
    """

    def __init__(
        self, code: str, sentence: str, *, kind: ErrorKind = ErrorKind.INVALID, **parameters: object
    ) -> None:
        super().__init__(sentence % parameters if parameters else sentence)
        self.code = code
        self.sentence = sentence
        self.kind = kind
        self.parameters = parameters
