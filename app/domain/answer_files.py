"""The answer file: what a browser kept when the network never came back, as its reader sees it.

A candidate's page encrypts it (compact JWE, ECDH-ES with A256GCM) for this server alone; what
comes out of the envelope is JSON of the format `qijue-answers/1`. It proves nothing by itself:
each row carries the token of the tab that wrote it, and counts only if a person lets it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import DomainError, ErrorKind
from app.domain.problems import Problem, Problems
from app.domain.reading import Reader
from app.domain.text import N_

FORMAT = "qijue-answers/1"
LARGEST_FILE = 1_000_000
"""Bytes of the encrypted file: some five thousand answers."""
MOST_ROWS = 10_000
LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One change as the browser kept it. number: its place in the file, from 1.

    answer: as it was sent, not yet looked at. token: the secret of the tab that wrote it.
    """

    number: int
    token: str
    epoch: int
    position: int
    seq: int
    answer: object
    flagged: bool
    spent_ms: int


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a file says about itself, its readable rows, and the problems of all others.

    made_at: by the browser's clock, so nothing is decided by it. size: rows, readable or not.
    """

    attempt_id: int
    user_id: int
    made_at: datetime
    size: int
    rows: tuple[AnswerRow, ...]
    problems: tuple[Problem, ...]


class AnswerFileBroken(DomainError):
    """The file as a whole is not an answer file; nothing of it was used."""

    def __init__(self, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("answer-file-broken", N_("This is not an answer file of this format."))
        self.problems = problems


class AnswerFileTooLarge(DomainError):
    """More than a browser ever keeps."""

    def __init__(self) -> None:
        super().__init__(
            "answer-file-too-large",
            N_("An answer file has at most %(most)s kB."),
            kind=ErrorKind.TOO_LARGE,
            most=LARGEST_FILE // 1000,
        )


def read(payload: bytes) -> AnswerFile:
    """The file that was in the envelope. A row that cannot be read never costs another one.

    Raises AnswerFileBroken where it does not say whose it is or of which format.
    """
    problems = Problems()
    reader = Reader(_json(payload), place="", problems=problems)
    if reader.string("format", longest=40) != FORMAT and not problems:
        reader.note("format", N_("must be %(format)s"), format=FORMAT)
    attempt_id = reader.integer("attempt", least=1, most=LARGEST_INTEGER)
    user_id = reader.integer("user", least=1, most=LARGEST_INTEGER)
    made_at = _moment(reader, "made_at")
    of_rows = Problems()
    rows = [_row(number, raw, of_rows) for number, raw in enumerate(_list(reader, "rows"), start=1)]
    reader.done()
    if problems:
        raise AnswerFileBroken(tuple(problems))
    return AnswerFile(
        attempt_id=attempt_id,
        user_id=user_id,
        made_at=made_at,
        size=len(rows),
        rows=tuple(row for row in rows if row is not None),
        problems=tuple(of_rows),
    )


def _json(payload: bytes) -> object:
    try:
        return json.loads(payload.decode())
    except (ValueError, RecursionError):  # no UTF-8, no JSON, nested or long beyond reading
        raise AnswerFileBroken from None


def _moment(reader: Reader, key: str) -> datetime:
    raw = reader.string(key, longest=40)
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None and raw:
        reader.note(key, N_("must be a time with its zone"))
    return at


def _list(reader: Reader, key: str) -> list[object]:
    raw = reader.raw[key] if reader.has(key) else None
    if not isinstance(raw, list):
        reader.note(key, N_("must be a list"))
        return []
    if len(raw) > MOST_ROWS:
        reader.note(key, N_("has more than %(count)s entries"), count=MOST_ROWS)
        return []
    return raw


def _row(number: int, raw: object, problems: Problems) -> AnswerRow | None:
    before = len(problems)
    reader = Reader(raw, place=str(number), problems=problems)
    token = reader.string("token", longest=200)
    epoch = reader.integer("epoch", least=1, most=LARGEST_INTEGER)
    position = reader.integer("position", least=1, most=LARGEST_INTEGER)
    seq = reader.integer("seq", least=0, most=LARGEST_INTEGER)
    flagged = reader.boolean("flagged")
    spent_ms = reader.integer("spent_ms", least=0, most=LARGEST_INTEGER)
    reader.has("answer")  # null is an answer: the candidate has emptied the field
    if "answer" not in reader.raw:
        reader.note("answer", N_("is missing"))
    reader.done()
    if len(problems) > before:
        return None
    return AnswerRow(number, token, epoch, position, seq, reader.raw["answer"], flagged, spent_ms)
