"""Taking in the answer file of a candidate whose network never came back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import select

from app.db import db, transactional
from app.domain import answer_files
from app.domain.answer_files import (
    LARGEST_FILE,
    AnswerFile,
    AnswerFileTooLarge,
    AnswerRow,
)
from app.domain.errors import DomainError
from app.domain.events import Event
from app.domain.problems import Problem
from app.domain.questions.body import Answer, InvalidAnswer
from app.domain.receipts import is_tab_token
from app.domain.saves import SaveState
from app.domain.text import N_
from app.models.attempts import Attempt, AttemptEvent
from app.queries.versions import PaperSlot, paper_slots
from app.services.save_rows import SAVES, insert_rows, signed_row
from app.services.trail import Actor, log_event, record

ALGORITHMS = ("ECDH-ES", "A256GCM")
"""The only envelope that is opened: nothing compressed, nothing with a password."""

_Stored = dict[tuple[int, int], tuple[int, Answer | None]]
"""(epoch, seq) → (position, answer) of what the server has."""


@dataclass(frozen=True, slots=True)
class FileKeys:
    """answer_file: the private JWK that opens the envelope. receipt: signs what is stored."""

    answer_file: Mapping[str, str]
    receipt: bytes


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What became of a file. new, known, refused: rows; problems: why, with the row's number."""

    attempt_id: int
    sha256: str
    made_at: datetime
    new: int
    known: int
    refused: int
    problems: tuple[Problem, ...]


class AnswerFileSealed(DomainError):
    """The envelope does not open: damaged, or encrypted for another installation."""

    def __init__(self) -> None:
        super().__init__(
            "answer-file-sealed",
            N_("This file cannot be opened. It is damaged, or it was made for another server."),
        )


class AnswerFileElsewhere(DomainError):
    """The file belongs to no attempt of this sitting."""

    def __init__(self) -> None:
        super().__init__(
            "answer-file-elsewhere", N_("This file belongs to nobody's exam in this sitting.")
        )


@transactional
def upload(
    sitting_id: int, content: bytes, *, keys: FileKeys, actor: Actor, now: datetime
) -> UploadReport:
    """Store what the file has and the server has not as held saves; the same again changes nothing.

    Raises AnswerFileTooLarge, AnswerFileSealed, AnswerFileBroken, AnswerFileElsewhere.
    """
    file = answer_files.read(_opened(content, keys.answer_file))
    attempt = db.session.scalar(
        select(Attempt).where(Attempt.id == file.attempt_id).with_for_update()
    )
    if attempt is None or (attempt.sitting_id, attempt.user_id) != (sitting_id, file.user_id):
        raise AnswerFileElsewhere
    problems = list(file.problems)
    fit = list(_fitting(file, attempt, problems, key=keys.receipt))
    stored = _stored(attempt.id, {row.epoch for row, _ in fit})
    new, known = [], 0
    for row, answer in fit:
        place = row.epoch, row.seq
        if place not in stored:
            stored[place] = row.position, answer
            new.append((row, answer))
        elif stored[place] == (row.position, answer):
            known += 1
        else:
            problems.append(
                _problem(row, N_("is stored already with another content; the first one stays"))
            )
    if new:
        insert_rows([_held(attempt.id, row, answer, keys.receipt, now) for row, answer in new])
    report = UploadReport(
        attempt_id=attempt.id,
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=file.made_at,
        new=len(new),
        known=known,
        refused=file.size - len(new) - known,
        problems=tuple(sorted(problems, key=_row_number)),
    )
    if new or not _is_on_record(report):
        _put_on_record(report, actor=actor, now=now)
    return report


class _Registry(jwe.JWERegistry):
    max_ciphertext_length = LARGEST_FILE


def _opened(content: bytes, key: Mapping[str, str]) -> bytes:
    if len(content) > LARGEST_FILE:
        raise AnswerFileTooLarge
    try:
        envelope = jwe.decrypt_compact(
            content.strip(),
            ECKey.import_key(dict(key)),
            registry=_Registry(algorithms=ALGORITHMS),
        )
    except (JoseError, ValueError, KeyError, TypeError):
        raise AnswerFileSealed from None
    if envelope.plaintext is None:
        raise AnswerFileSealed
    return envelope.plaintext


def _fitting(
    file: AnswerFile, attempt: Attempt, problems: list[Problem], *, key: bytes
) -> Iterator[tuple[AnswerRow, Answer | None]]:
    """The rows that a window of this attempt may have written, each with its canonical answer."""
    slots = {slot.position: slot for slot in paper_slots(attempt.paper_id)}
    tabs: dict[tuple[int, str], bool] = {}
    for row in file.rows:
        tab = row.epoch, row.token
        if tab not in tabs:
            tabs[tab] = is_tab_token(
                row.token,
                key=key,
                attempt_id=attempt.id,
                user_id=attempt.user_id,
                epoch=row.epoch,
            )
        if not tabs[tab]:
            problems.append(
                _problem(row, N_("was not written in a window that this exam has opened"))
            )
            continue
        try:
            yield row, _answer(row, slots.get(row.position), open_section=attempt.section)
        except InvalidAnswer as error:
            problems.append(_problem(row, error.sentence))


def _answer(row: AnswerRow, slot: PaperSlot | None, *, open_section: int) -> Answer | None:
    if slot is None or slot.section > open_section:
        raise InvalidAnswer
    return slot.question.body.read_answer(row.answer)


def _problem(row: AnswerRow, sentence: str) -> Problem:
    return Problem("", str(row.number), sentence)


def _row_number(problem: Problem) -> int:
    return int(problem.place.partition(" ")[0])


def _stored(attempt_id: int, epochs: Collection[int]) -> _Stored:
    rows = db.session.execute(
        select(SAVES.c.epoch, SAVES.c.seq, SAVES.c.position, SAVES.c.answer).where(
            SAVES.c.attempt_id == attempt_id, SAVES.c.epoch.in_(epochs)
        )
    )
    return {(row.epoch, row.seq): (row.position, row.answer) for row in rows}


def _held(
    attempt_id: int, row: AnswerRow, answer: Answer | None, key: bytes, now: datetime
) -> dict[str, object]:
    return signed_row(
        attempt_id,
        position=row.position,
        epoch=row.epoch,
        seq=row.seq,
        answer=answer,
        flagged=row.flagged,
        spent_ms=row.spent_ms,
        state=SaveState.HELD,
        key=key,
        now=now,
    )


def _is_on_record(report: UploadReport) -> bool:
    details = db.session.scalars(
        select(AttemptEvent.detail).where(
            AttemptEvent.attempt_id == report.attempt_id, AttemptEvent.kind == Event.ANSWER_FILE
        )
    )
    return any(detail.get("sha256") == report.sha256 for detail in details)


def _put_on_record(report: UploadReport, *, actor: Actor, now: datetime) -> None:
    counts = {"new": report.new, "known": report.known, "refused": report.refused}
    log_event(
        report.attempt_id,
        Event.ANSWER_FILE,
        actor=actor,
        now=now,
        sha256=report.sha256,
        made_at=report.made_at.isoformat(),
        **counts,
    )
    record(
        "answer_file.taken_in",
        f"attempt:{report.attempt_id}",
        actor=actor,
        now=now,
        sha256=report.sha256,
        **counts,
    )
