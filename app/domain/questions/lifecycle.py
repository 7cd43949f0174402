"""The life of a question: draft → content review → fairness review → pilot → live → retired.

The state is the newest version's. While a live question is changed, its live version stays in
use until the newer one has come as far.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from app.domain.errors import DomainError, ErrorKind
from app.domain.permissions import Permission
from app.domain.questions.kinds import QuestionState
from app.domain.text import N_

LONGEST_NOTE = 2000
"""Characters of a note."""


class QuestionStep(StrEnum):
    """What moves a question from one state to another. write: save a new version."""

    WRITE = "write"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PROMOTE = "promote"
    RETIRE = "retire"
    REVIVE = "revive"


_S, _T = QuestionState, QuestionStep

REVIEWED = (_S.CONTENT_REVIEW, _S.FAIRNESS_REVIEW, _S.PILOT)
"""States in which a question waits for somebody who did not write it."""

STEPS: Mapping[tuple[QuestionState, QuestionStep], QuestionState] = {
    **{(state, _T.WRITE): _S.DRAFT for state in _S if state is not _S.RETIRED},
    (_S.DRAFT, _T.SUBMIT): _S.CONTENT_REVIEW,
    (_S.CONTENT_REVIEW, _T.APPROVE): _S.FAIRNESS_REVIEW,
    (_S.FAIRNESS_REVIEW, _T.APPROVE): _S.PILOT,
    **{(state, _T.SEND_BACK): _S.DRAFT for state in REVIEWED},
    (_S.PILOT, _T.PROMOTE): _S.LIVE,
    **{(state, _T.RETIRE): _S.RETIRED for state in _S if state is not _S.RETIRED},
    (_S.RETIRED, _T.REVIVE): _S.DRAFT,
}
"""Every step there is; every other one is refused."""

STEP_PERMISSIONS: Mapping[QuestionStep, Permission] = {
    _T.WRITE: Permission.EDIT_QUESTIONS,
    _T.SUBMIT: Permission.EDIT_QUESTIONS,
    _T.APPROVE: Permission.REVIEW_QUESTIONS,
    _T.SEND_BACK: Permission.REVIEW_QUESTIONS,
    _T.PROMOTE: Permission.REVIEW_QUESTIONS,
    _T.RETIRE: Permission.RETIRE_QUESTIONS,
    _T.REVIVE: Permission.RETIRE_QUESTIONS,
}
"""What somebody has to be allowed for a step, whoever wrote the question."""

NEEDS_NOTE = frozenset({_T.SEND_BACK, _T.RETIRE})
"""Steps that say why."""

_DECIDES = frozenset({_T.APPROVE, _T.PROMOTE})


class StepRefused(DomainError):
    """The question is not in a state that allows this step."""

    def __init__(self) -> None:
        super().__init__(
            "step-refused",
            N_("The question is no longer in a state that allows this."),
            kind=ErrorKind.CONFLICT,
        )


class OwnQuestion(DomainError):
    """Whoever wrote any of what is new never approves it (promise 8)."""

    def __init__(self) -> None:
        super().__init__(
            "own-question",
            N_("You wrote some of what is new in this question, so somebody else has to decide."),
            kind=ErrorKind.FORBIDDEN,
        )


class SameReviewer(DomainError):
    """The two reviews are by two people."""

    def __init__(self) -> None:
        super().__init__(
            "same-reviewer",
            N_("You approved its content, so somebody else has to review fairness and language."),
            kind=ErrorKind.FORBIDDEN,
        )


class NoteMissing(DomainError):
    """A step that says why, without a word."""

    def __init__(self) -> None:
        super().__init__("note-missing", N_("Say why, in the note."))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands, and who had a hand in it.

    authors: who wrote each version, the first one first; None for a file. live_version: the
    number of the version in use. content_reviewer: who approved the content of the newest one.
    """

    state: QuestionState
    authors: tuple[int | None, ...]
    live_version: int | None = None
    content_reviewer: int | None = None

    @classmethod
    def new(cls, author: int | None) -> Self:
        """A question that was just written."""
        return cls(QuestionState.DRAFT, (author,))

    @property
    def version(self) -> int:
        """The number of the newest version."""
        return len(self.authors)

    @property
    def writers(self) -> frozenset[int]:
        """Everybody who wrote a version since the one in use; without one, ever."""
        return frozenset(a for a in self.authors[self.live_version or 0 :] if a is not None)


def check_step(standing: Standing, step: QuestionStep, *, by: int | None) -> None:
    """Whether this person may take the step now, whatever the note says.

    by None: the system, which decides nothing. Raises StepRefused, OwnQuestion, SameReviewer.
    """
    if (standing.state, step) not in STEPS:
        raise StepRefused
    if step not in _DECIDES:
        return
    if by is None or by in standing.writers:
        raise OwnQuestion
    if standing.state is QuestionState.FAIRNESS_REVIEW and by == standing.content_reviewer:
        raise SameReviewer


def allowed_steps(
    standing: Standing, *, by: int, permissions: Collection[Permission]
) -> tuple[QuestionStep, ...]:
    """The steps that this person may take now, in the order of a question's life."""
    allowed = []
    for step in QuestionStep:
        if STEP_PERMISSIONS[step] not in permissions:
            continue
        try:
            check_step(standing, step, by=by)
        except DomainError:
            continue
        allowed.append(step)
    return tuple(allowed)


def take(standing: Standing, step: QuestionStep, *, by: int | None, note: str = "") -> Standing:
    """Where the question stands after the step.

    Raises StepRefused, OwnQuestion, SameReviewer, NoteMissing.
    """
    check_step(standing, step, by=by)
    if step in NEEDS_NOTE and not note.strip():
        raise NoteMissing
    state = STEPS[standing.state, step]
    authors, live_version = standing.authors, standing.live_version
    if step is QuestionStep.WRITE:
        authors = (*authors, by)
    if step is QuestionStep.PROMOTE:
        live_version = standing.version
    if step is QuestionStep.RETIRE:
        live_version = None
    reviewer = by if state is QuestionState.FAIRNESS_REVIEW else None
    return replace(
        standing,
        state=state,
        authors=authors,
        live_version=live_version,
        content_reviewer=reviewer,
    )
