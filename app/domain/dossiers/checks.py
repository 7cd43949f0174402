"""The checks of a dossier by itself: values in, findings out. No database, no key but given.

Each check says what it found in one sentence, good or not; nothing is skipped silently.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.audit import chained_hash
from app.domain.dossiers import form
from app.domain.dossiers.evidence import Evidence, PlaceFacts, read_evidence
from app.domain.dossiers.findings import Finding, Subject, broken, good, named
from app.domain.dossiers.moments import check_moves, check_times
from app.domain.dossiers.parts import Unreadable
from app.domain.dossiers.scores import check_marks, check_results, counting_answers, fits
from app.domain.receipts import receipt
from app.domain.saves import SaveState
from app.domain.text import N_


def check(
    dossier: Mapping[str, Any], *, signed: Mapping[str, Any] | None, key: bytes
) -> list[Finding]:
    """Everything that the file itself can show.

    signed: the statement under its signature, None where the signature is not this
    installation's. key: the receipt key.
    """
    findings = [check_signature(dossier, signed)]
    try:
        evidence = read_evidence(dossier)
        findings.append(check_paper(evidence))
        findings.append(check_receipts(evidence, key=key))
        findings.extend(check_answers(evidence))
        findings.extend(check_moves(evidence))
        findings.extend(check_times(evidence))
        findings.append(check_marks(evidence))
        findings.append(check_results(evidence))
        findings.append(check_audit(evidence))
    except Unreadable as error:
        findings.append(broken(Subject.FORM, error.sentence, **error.parameters))
    return findings


def is_signed(dossier: Mapping[str, Any], signed: Mapping[str, Any] | None) -> bool:
    """Whether the statement under the signature is of exactly this dossier."""
    return (
        signed is not None
        and signed.get("form") == form.FORM
        and signed.get("sha256") == form.digest(dossier)
    )


def check_signature(dossier: Mapping[str, Any], signed: Mapping[str, Any] | None) -> Finding:
    """Whether this installation signed exactly this dossier."""
    if signed is None:
        return broken(
            Subject.SIGNATURE, N_("The signature was not made with the key of this installation.")
        )
    if signed.get("form") != form.FORM:
        return broken(Subject.SIGNATURE, N_("The signature belongs to something else."))
    if not is_signed(dossier, signed):
        return broken(
            Subject.SIGNATURE,
            N_("The file was changed after it was signed: its fingerprint is another one."),
        )
    return good(
        Subject.SIGNATURE,
        N_("Signed by this installation, and unchanged since: SHA-256 %(digest)s."),
        digest=signed["sha256"],
    )


def check_paper(evidence: Evidence) -> Finding:
    """Whether every question is the version it says it is, laid out as it can be."""
    wrong = [place.position for place in evidence.places if not _is_whole(place)]
    positions = [place.position for place in evidence.places]
    if wrong or positions != list(range(1, len(positions) + 1)):
        return broken(
            Subject.PAPER,
            N_("The content or the order of options was changed in: %(questions)s."),
            questions=named(wrong or positions),
        )
    return good(
        Subject.PAPER,
        N_("The content of all %(count)s questions fits its fingerprint."),
        count=len(positions),
    )


def check_receipts(evidence: Evidence, *, key: bytes) -> Finding:
    """Whether every stored answer has the receipt that was handed out for it."""
    wrong = []
    for save in evidence.saves:
        stored = save.stored
        right = receipt(
            key=key,
            attempt_id=evidence.attempt.id,
            position=stored.position,
            epoch=stored.epoch,
            seq=stored.seq,
            answer=stored.answer,
            state=stored.state.value,
            received_at=save.received_at,
        )
        if not hmac.compare_digest(right.encode(), save.receipt.encode(errors="replace")):
            wrong.append(stored.position)
    if wrong:
        return broken(
            Subject.RECEIPTS,
            N_("%(count)s stored answers do not fit their receipts, to: %(questions)s."),
            count=len(wrong),
            questions=named(wrong),
        )
    return good(
        Subject.RECEIPTS,
        N_("All %(count)s receipts are genuine and fit their answers."),
        count=len(evidence.saves),
    )


def check_answers(evidence: Evidence) -> Iterator[Finding]:
    """Whether the answers that count follow from what was stored and decided."""
    saves = [save.stored for save in evidence.saves]
    places = {(save.epoch, save.seq) for save in saves}
    undecidable = [s.position for s in saves if s.decided is not None and s.state != SaveState.HELD]
    if len(places) < len(saves) or undecidable:
        yield broken(
            Subject.ANSWERS, N_("An answer was stored twice, or decided although it was not held.")
        )
    by_position = {place.position: place for place in evidence.places}
    foreign = [s.position for s in saves if not fits(by_position.get(s.position), s.answer)]
    if foreign:
        yield broken(
            Subject.ANSWERS,
            N_("A stored answer cannot be one to its question: %(questions)s."),
            questions=named(foreign),
        )
    counting = counting_answers(evidence)
    wrong = [
        int(position[:9]) if position.isdecimal() else 0
        for position in counting.keys() | evidence.answers.keys()
        if counting.get(position) != evidence.answers.get(position)
    ]
    if wrong:
        yield broken(
            Subject.ANSWERS,
            N_("The answers that count do not follow from what was stored: %(questions)s."),
            questions=named(wrong),
        )
    else:
        yield good(
            Subject.ANSWERS,
            N_("The %(count)s answers that count follow from what was stored and decided."),
            count=len(counting),
        )


def check_audit(evidence: Evidence) -> Finding:
    """Whether every audit entry fits its own place in the chain."""
    wrong = [
        item.id
        for item in evidence.audit
        if chained_hash(item.previous_hash, item.entry) != item.hash
    ]
    if wrong:
        return broken(
            Subject.AUDIT,
            N_("Entries of the audit log do not fit the chain: %(entries)s."),
            entries=named(wrong),
        )
    return good(
        Subject.AUDIT,
        N_("All %(count)s entries of the audit log fit the chain."),
        count=len(evidence.audit),
    )


def _is_whole(place: PlaceFacts) -> bool:
    if place.question is None or _content_hash(place.content) != place.content_hash:
        return False
    arranged = place.question.body.arrange(random.Random(0))
    return sorted(arranged.order) == sorted(place.layout.order) and (
        arranged.values.keys() == place.layout.values.keys()
    )


def _content_hash(content: Mapping[str, Any]) -> str:
    """The fingerprint that a question version keeps; see `Question.content_hash`."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
