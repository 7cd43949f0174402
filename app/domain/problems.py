"""Problems found in a file, an import or a form: gathered, never raised one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and in which words.

    file: path of the file, or "" in the web editor. place: where in it, such as
    "PL05-01 › options 2 › en". sentence and parameters as in `DomainError`.
    """

    file: str
    place: str
    sentence: str
    parameters: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        message = self.sentence % self.parameters if self.parameters else self.sentence
        return ": ".join(part for part in (self.file, self.place, message) if part)


class Problems(list[Problem]):
    """A growing list of problems of one file."""

    def __init__(self, file: str = "") -> None:
        super().__init__()
        self.file = file

    def add(self, place: str, sentence: str, **parameters: object) -> None:
        """Note one more problem at `place`."""
        self.append(Problem(self.file, place, sentence, parameters))


class InvalidContent(Exception):
    """Raised after everything was read, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
