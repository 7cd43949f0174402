"""Dossiers: handing one out, on record and signed; checking one, and a receipt, that came back."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from sqlalchemy import select

from app.db import db, transactional
from app.domain.dossiers import form
from app.domain.dossiers.checks import check, is_signed
from app.domain.dossiers.comparing import EXPORTED, compare
from app.domain.dossiers.findings import Finding, Verdict, verdict
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.body import Answer, Layout
from app.domain.questions.question import Question
from app.domain.receipts import receipt as receipt_of
from app.domain.text import N_
from app.models.attempts import Attempt
from app.queries import dossiers
from app.queries.exams import open_attempt
from app.queries.versions import paper_slots
from app.services.certificates import Signer
from app.services.remedies import checked_text
from app.services.trail import Actor, record


class DossierMissing(DomainError):
    """There is no such attempt."""

    def __init__(self) -> None:
        super().__init__("dossier-missing", N_("There is no such attempt."), kind=ErrorKind.MISSING)


class OwnInterest(DomainError):
    """Whoever takes a dossier sees every right answer: never one's own, never during one's exam."""

    def __init__(self, sentence: str) -> None:
        super().__init__("own-interest", sentence, kind=ErrorKind.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Export:
    """A dossier that goes out. content: the signed file, canonical JSON."""

    dossier: Mapping[str, Any]
    content: bytes

    @property
    def name(self) -> str:
        """A file name without its ending: admission number and attempt."""
        number = self.dossier["registration"]["admission_number"]
        return f"dossier-{number}-{self.dossier['attempt']['id']}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of checking a file."""

    dossier: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst finding decides."""
        return verdict(self.findings)


@dataclass(frozen=True, slots=True)
class Claim:
    """The stored answer that a receipt stands for.

    genuine: whether the receipt is what this installation gave for exactly this answer.
    decided: what a person decided about it where it was held, else None.
    """

    attempt_id: int
    position: int
    epoch: int
    seq: int
    received_at: datetime
    state: str
    decided: bool | None
    genuine: bool
    answer: Answer | None
    question: Question
    layout: Layout


@transactional
def export(
    attempt_id: int, *, reason: str, kind: str, signer: Signer, actor: Actor, now: datetime
) -> Export:
    """Make a dossier and put on record who took it, why, and its fingerprint.

    kind: "json" or "pdf", for the record. The attempt is locked meanwhile, so that all parts
    of the dossier are of one moment. Raises DossierMissing, OwnInterest, ReasonMissing.
    """
    reason = checked_text(reason)
    owner = db.session.scalar(
        select(Attempt.user_id).where(Attempt.id == attempt_id).with_for_update()
    )
    if owner is None:
        raise DossierMissing
    _check_interest(owner, actor)
    made = {
        "at": now.isoformat(),
        "by": actor.user_id,
        "reason": reason,
        "issuer": signer.issuer.dump(),
    }
    dossier = dossiers.dossier_of(attempt_id, made=made, time_zone=signer.time_zone)
    if dossier is None:
        raise DossierMissing
    statement = form.statement(dossier)
    record(
        EXPORTED,
        f"attempt:{attempt_id}",
        actor=actor,
        now=now,
        kind=kind,
        reason=reason,
        sha256=statement["sha256"],
    )
    return Export(dossier, form.write_file(dossier, signer.sign(statement)))


def verify(raw: bytes, *, signer: Signer, receipt_key: bytes) -> Verification:
    """Check a file by itself, and where it is genuine beside the database; writes nothing.

    Raises NotADossier, FileTooLarge.
    """
    file = form.read_file(raw)
    signed = _statement(file.signature, signer.key)
    findings = check(file.dossier, signed=signed, key=receipt_key)
    if is_signed(file.dossier, signed):
        database = dossiers.dossier_of(
            file.dossier["attempt"]["id"],
            made=file.dossier["made"],
            time_zone=file.dossier["time_zone"],
        )
        findings += compare(file.dossier, database)
    return Verification(file.dossier, tuple(findings))


def claim(receipt: str, *, receipt_key: bytes, attempt_id: int | None = None) -> Claim | None:
    """The answer that a receipt stands for; None where no stored answer has it."""
    row = dossiers.save_with(receipt, attempt_id=attempt_id)
    if row is None:
        return None
    right = receipt_of(
        key=receipt_key,
        attempt_id=row.attempt_id,
        position=row.position,
        epoch=row.epoch,
        seq=row.seq,
        answer=row.answer,
        state=row.state,
        received_at=row.received_at,
    )
    slot = next(slot for slot in paper_slots(row.paper_id) if slot.position == row.position)
    return Claim(
        attempt_id=row.attempt_id,
        position=row.position,
        epoch=row.epoch,
        seq=row.seq,
        received_at=row.received_at,
        state=row.state,
        decided=row.accepted,
        genuine=hmac.compare_digest(right, row.receipt),
        answer=row.answer,
        question=slot.question,
        layout=Layout.load(row.layout[str(row.position)]),
    )


def _check_interest(owner: int, actor: Actor) -> None:
    if actor.user_id is None:
        return
    if actor.user_id == owner:
        raise OwnInterest(N_("Nobody takes the dossier of their own exam. Ask a colleague."))
    if open_attempt(actor.user_id) is not None:
        raise OwnInterest(N_("You are in an exam yourself. Take the dossier after it."))


def _statement(signature: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """What was signed with this installation's key; None where it was not."""
    try:
        found = jws.deserialize_compact(
            signature, OKPKey.import_key(dict(key)), algorithms=["Ed25519"]
        )
        statement = json.loads(found.payload)
    except (JoseError, ValueError):
        return None
    return statement if isinstance(statement, dict) else None
