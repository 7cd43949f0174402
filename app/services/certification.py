"""Decisions by a person: whether a certificate is issued, and whether one still holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.certification import CertificateVerdict, ReviewOutcome, check_examined
from app.domain.errors import DomainError, ErrorKind
from app.domain.releases import DecidedAlready
from app.domain.text import N_
from app.loader.schemes import Decision
from app.models.certificates import Certificate
from app.models.certification import CertificateDecision, CertificateReview
from app.models.schemes import SchemeVersion
from app.queries.certification import attempts_behind
from app.queries.involvement import involvement
from app.queries.standings import standing_of
from app.services.certificates import Signer, issue_where_passed
from app.services.mails import Letterhead
from app.services.remedies import checked_text
from app.services.result_mails import certificate_decided
from app.services.trail import Actor, record


class NotDue(DomainError):
    """Nothing to decide: not everything is passed, or a rule decides."""

    def __init__(self) -> None:
        super().__init__(
            "certificate-not-due",
            N_("This certificate is not due: not every exam of it is passed and released."),
            kind=ErrorKind.CONFLICT,
        )


class ReviewMissing(DomainError):
    """There is no such review."""

    def __init__(self) -> None:
        super().__init__("review-missing", N_("There is no such review."), kind=ErrorKind.MISSING)


@transactional
def decide(
    user_id: int,
    scheme_version_id: int,
    *,
    verdict: CertificateVerdict,
    reason: str,
    signer: Signer,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> int | None:
    """Decide on somebody's certificate; returns its id where it is issued.

    A refusal can be followed by another decision; both stay on record. Raises NotDue,
    NotIndependent, ReasonMissing, DecidedAlready.
    """
    version = db.session.get(SchemeVersion, scheme_version_id)
    if version is None or version.content["decision"] != Decision.PERSON.value:
        raise NotDue
    assert actor.user_id is not None
    check_examined(involvement(actor.user_id, attempts_behind(user_id, scheme_version_id)))
    reason = checked_text(reason)
    if not standing_of(user_id, scheme_version_id).standing.is_complete:
        raise NotDue
    db.session.add(
        CertificateDecision(
            user_id=user_id,
            scheme_version_id=scheme_version_id,
            verdict=verdict.value,
            reason=reason,
            decided_by=actor.user_id,
            at=now,
        )
    )
    record(
        "certificate.decided",
        f"user:{user_id}",
        actor=actor,
        now=now,
        scheme_version=scheme_version_id,
        verdict=verdict.value,
        reason=reason,
    )
    issued = None
    if verdict is CertificateVerdict.ISSUE:
        issued = issue_where_passed(
            user_id, version, signer=signer, now=now, decided_by=Decision.PERSON, actor=actor
        )
        if issued is None:
            raise DecidedAlready
    certificate_decided(
        user_id,
        version.content["title"],
        issued=issued is not None,
        letterhead=letterhead,
        now=now,
    )
    return issued


@transactional
def decide_review(
    review_id: int, *, outcome: ReviewOutcome, reason: str, actor: Actor, now: datetime
) -> None:
    """Decide what becomes of a certificate whose result fell: kept, suspended or revoked.

    Raises ReviewMissing, DecidedAlready, NotIndependent, ReasonMissing.
    """
    row = db.session.scalar(
        select(CertificateReview).where(CertificateReview.id == review_id).with_for_update()
    )
    if row is None:
        raise ReviewMissing
    if row.outcome != ReviewOutcome.OPEN or outcome is ReviewOutcome.OPEN:
        raise DecidedAlready
    assert actor.user_id is not None
    certificate = db.session.get_one(Certificate, row.certificate_id)
    behind = attempts_behind(certificate.user_id, certificate.scheme_version_id)
    check_examined(involvement(actor.user_id, behind))
    row.reason = checked_text(reason)
    row.outcome, row.decided_by, row.decided_at = outcome.value, actor.user_id, now
    if outcome is ReviewOutcome.SUSPENDED:
        certificate.suspended_at = certificate.suspended_at or now
    elif outcome is ReviewOutcome.REVOKED:
        certificate.revoked_at = certificate.revoked_at or now
    record(
        f"certificate.{outcome.value}",
        f"certificate:{certificate.number}",
        actor=actor,
        now=now,
        review=review_id,
        cause=row.cause,
        reason=row.reason,
    )
