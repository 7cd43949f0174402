"""Issuing certificates: numbered, signed, recorded."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.config import Settings
from app.db import db
from app.domain.certificates import number, valid_until
from app.domain.certification import ReviewOutcome
from app.domain.text import Text
from app.loader.schemes import Decision
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate, CertificateSerial
from app.models.certification import CertificateReview
from app.models.schemes import Exam, SchemeVersion
from app.queries.standings import passing_attempts, standing_of
from app.services.trail import SYSTEM, Actor, record

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Signer:
    """What certificates are signed with. key: private Ed25519 JWK. time_zone: the issuer's."""

    key: Mapping[str, str]
    issuer: Text
    time_zone: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The signer of this installation."""
        return cls(
            key=settings.certificate_key,
            issuer=Text(settings.organisation, settings.organisation_en),
            time_zone=settings.time_zone,
        )

    def sign(self, statement: Mapping[str, object]) -> str:
        """A compact JWS (EdDSA) over the statement."""
        key = OKPKey.import_key(dict(self.key))
        payload = _canonical(statement)
        return jws.serialize_compact(
            {"alg": "Ed25519", "kid": key.thumbprint()}, payload, key, algorithms=["Ed25519"]
        )


def issue_if_due(
    user_id: int, scheme_version_id: int, *, signer: Signer, now: datetime
) -> int | None:
    """Issue the certificate when every exam of the scheme version is passed and a rule decides.

    Called inside the transaction that released the last result; returns the certificate's
    id, or None where it is not due or was issued before.
    """
    version = db.session.get_one(SchemeVersion, scheme_version_id)
    if version.content["decision"] != Decision.RULE.value:
        return None
    return issue_where_passed(user_id, version, signer=signer, now=now)


def issue_where_passed(
    user_id: int,
    version: SchemeVersion,
    *,
    signer: Signer,
    now: datetime,
    decided_by: Decision = Decision.RULE,
    actor: Actor = SYSTEM,
) -> int | None:
    """As `issue_if_due`, whoever decides; a person has decided where decided_by says so."""
    known = db.session.scalar(
        select(Certificate.id).where(
            Certificate.user_id == user_id, Certificate.scheme_version_id == version.id
        )
    )
    if known:
        return None
    found = standing_of(user_id, version.id)
    if not found.standing.is_complete:
        return None
    today = now.astimezone(ZoneInfo(signer.time_zone)).date()
    certificate = _issue(user_id, version, today=today, signer=signer, now=now)
    certificate.decided_by = decided_by.value
    certificate.results = [
        {"title": exam.title, "score": float(exam.score), "pass_mark": float(exam.pass_mark)}
        for exam in found.passed.values()
    ]
    db.session.add(certificate)
    db.session.flush()
    record(
        "certificate.issued",
        f"certificate:{certificate.number}",
        actor=actor,
        now=now,
        user=user_id,
        scheme=version.scheme_id,
        version=version.number,
        decided_by=decided_by.value,
    )
    return certificate.id


def review_if_lost(attempt: Attempt, *, cause: str, now: datetime) -> int | None:
    """Put a certificate that rested on this attempt, which no longer passes, under review.

    Nothing is suspended or revoked here: a person decides. Returns the certificate's id, None
    where there is none, another attempt of the exam passes as well, or a review is open.
    """
    if passing_attempts(attempt.user_id, attempt.exam_id):
        return None
    version_id = db.session.get_one(Exam, attempt.exam_id).scheme_version_id
    certificate = db.session.scalar(
        select(Certificate).where(
            Certificate.user_id == attempt.user_id,
            Certificate.scheme_version_id == version_id,
            Certificate.revoked_at.is_(None),
        )
    )
    if certificate is None:
        return None
    known = db.session.scalar(
        select(CertificateReview.id).where(
            CertificateReview.certificate_id == certificate.id,
            CertificateReview.outcome == ReviewOutcome.OPEN.value,
        )
    )
    if known:
        return None
    db.session.add(
        CertificateReview(
            certificate_id=certificate.id,
            attempt_id=attempt.id,
            cause=cause,
            opened_at=now,
            outcome=ReviewOutcome.OPEN.value,
        )
    )
    record(
        "certificate.under_review",
        f"certificate:{certificate.number}",
        actor=SYSTEM,
        now=now,
        attempt=attempt.id,
        cause=cause,
    )
    return certificate.id


def _issue(
    user_id: int, version: SchemeVersion, *, today: date, signer: Signer, now: datetime
) -> Certificate:
    scheme = version.content
    holder = db.session.scalars(select(User.name).where(User.id == user_id)).one()
    prefix, level = scheme["number_prefix"], scheme["number_level"]
    serial = _next_serial(f"{prefix}-{today.year}-{level}")
    last_day = valid_until(today, months=scheme["validity_months"])
    certificate_number = number(prefix=prefix, year=today.year, level=level, serial=serial)
    statement = {
        "number": certificate_number,
        "holder": holder,
        "certificate": scheme["title"],
        "scheme": version.scheme_id,
        "scheme_version": version.number,
        "valid_from": today.isoformat(),
        "valid_until": last_day.isoformat(),
        "issuer": signer.issuer.dump(),
    }
    return Certificate(
        number=certificate_number,
        serial=serial,
        code="".join(secrets.choice(_CODE_ALPHABET) for _ in range(8)),
        user_id=user_id,
        scheme_id=version.scheme_id,
        scheme_version_id=version.id,
        holder=holder,
        title=scheme["title"],
        issuer=signer.issuer.dump(),
        results=[],
        valid_from=today,
        valid_until=last_day,
        issued_at=now,
        decided_by=Decision.RULE.value,
        token=signer.sign(statement),
    )


def _next_serial(series: str) -> int:
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    db.session.execute(
        insert(CertificateSerial).values(series=series, last=0).on_conflict_do_nothing()
    )
    return db.session.execute(
        update(CertificateSerial)
        .where(CertificateSerial.series == series)
        .values(last=CertificateSerial.last + 1)
        .returning(CertificateSerial.last)
    ).scalar_one()


def _canonical(statement: Mapping[str, object]) -> bytes:

    return json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
