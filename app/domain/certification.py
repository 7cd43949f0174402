"""Which exams of a scheme version somebody has passed, and what that makes them due for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_


@dataclass(frozen=True, slots=True)
class Standing:
    """Exams of a scheme version, by id: passed and still missing, in the scheme's order."""

    passed: tuple[int, ...]
    missing: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every paper is passed (两科均合格): one alone certifies nobody."""
        return bool(self.passed) and not self.missing


def standing(exams: Iterable[int], passed: Collection[int]) -> Standing:
    """Where somebody stands: `passed` are exams with a released, passing result that holds."""
    wanted = tuple(exams)
    return Standing(
        passed=tuple(exam for exam in wanted if exam in passed),
        missing=tuple(exam for exam in wanted if exam not in passed),
    )


class CertificateVerdict(StrEnum):
    """What a person decides about somebody who has passed everything."""

    ISSUE = "issue"
    REFUSE = "refuse"


class ReviewOutcome(StrEnum):
    """What becomes of a certificate whose result fell below the pass mark."""

    OPEN = "open"
    KEPT = "kept"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class NotIndependent(DomainError):
    """The decider has a part in what is decided (promise 8); the sentence tells which."""

    def __init__(self, sentence: str, **parameters: object) -> None:
        super().__init__("not-independent", sentence, kind=ErrorKind.FORBIDDEN, **parameters)


@dataclass(frozen=True, slots=True)
class Involvement:
    """In how many of the candidates' exams somebody had a part."""

    own: int = 0
    trained: int = 0
    marked: int = 0
    proctored: int = 0


def check_release_decider(part: Involvement) -> None:
    """A release: neither one's own exam, nor marked, nor of one's trainees."""
    _check_own_and_trained(part)
    if part.marked:
        raise NotIndependent(
            N_("You marked %(count)s of these exams. Somebody else has to decide."),
            count=part.marked,
        )


def check_examined(part: Involvement) -> None:
    """A certificate or an appeal: as a release, and nobody who proctored or decided in the exam."""
    check_release_decider(part)
    if part.proctored:
        raise NotIndependent(
            N_("You proctored, or decided in, %(count)s of these exams. Somebody else decides."),
            count=part.proctored,
        )


def _check_own_and_trained(part: Involvement) -> None:
    if part.own:
        raise NotIndependent(N_("Nobody decides about their own exam. Ask a colleague."))
    if part.trained:
        raise NotIndependent(
            N_("You trained %(count)s of these candidates. Somebody else has to decide."),
            count=part.trained,
        )
