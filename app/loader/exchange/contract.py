"""What reading and writing a format give, whichever format it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.media import Medium
from app.domain.problems import Problem, Problems
from app.domain.questions.question import Question
from app.domain.text import N_, Text

LARGEST_IMPORT = 50 * 1024 * 1024
"""Bytes of an uploaded file; a larger one is refused unread."""
LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes that everything in an archive may have together once unpacked."""
MOST_QUESTIONS = 20_000
"""Questions of one import."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One question as a file tells it, perhaps incomplete.

    place: where it stands, in the words of the format: "row 5", "line 12", "question 3",
    "items/q7.xml". raw: as `Question.dump` gives it; what the file does not say is left out, and
    of a text in one language the other is "". So `Question.read` finds what is still missing.
    notes: what of this element was not understood or could not be kept; never dropped silently.
    """

    place: str
    raw: Mapping[str, Any]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was in a file.

    refused: elements of which no question could be made, and why. notes: what concerns the file
    as a whole, or an element that is no question. media: the pictures of the drafts, by name.
    """

    drafts: tuple[Draft, ...] = ()
    refused: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    media: Mapping[str, Medium] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A file to download. losses: what the format cannot carry, by question id as the place."""

    data: bytes
    losses: tuple[Problem, ...] = ()


class Unreadable(Exception):
    """The file as a whole cannot be read: nothing of it was taken. problem: why."""

    def __init__(self, sentence: str, *, place: str = "", **parameters: object) -> None:
        self.problem = Problem("", place, sentence, parameters)
        super().__init__(str(self.problem))


@dataclass(frozen=True, slots=True)
class Format:
    """A format on offer. ending: of its files. read, write: None where one way is enough."""

    code: str
    name: Text
    ending: str
    mime: str
    read: Callable[[bytes], Reading] | None = None
    write: Callable[[Sequence[Question], Mapping[str, Medium]], Written] | None = None


def refuse_large(data: bytes) -> None:
    """Raises Unreadable for a file over LARGEST_IMPORT."""
    if len(data) > LARGEST_IMPORT:
        raise Unreadable(N_("The file is larger than %(most)s MB."), most=LARGEST_IMPORT // 1024**2)


def problems_of(draft: Draft) -> Problems:
    """What still keeps a draft from being a question; empty where nothing does."""
    problems = Problems()
    Question.read({"id": "XX00-00", **draft.raw}, problems=problems, place=draft.place)
    return problems
