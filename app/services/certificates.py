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
from app.domain.attempts import AttemptState
from app.domain.certificates import number, valid_until
from app.domain.text import Text
from app.loader.schemes import Decision
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate, CertificateSerial
from app.models.results import Result
from app.models.schemes import Exam, SchemeVersion
from app.services.trail import SYSTEM, record

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
    scheme = version.content
    if scheme["decision"] != Decision.RULE.value:
        return None
    exams = {
        exam.id: exam
        for exam in db.session.scalars(
            select(Exam).where(Exam.scheme_version_id == scheme_version_id).order_by(Exam.id)
        )
    }
    passed = {
        result.exam_id: result
        for result in db.session.scalars(
            select(Result)
            .join(Attempt, Attempt.id == Result.attempt_id)
            .where(
                Attempt.state != AttemptState.VOIDED.value,
                Result.user_id == user_id,
                Result.exam_id.in_(exams),
                Result.current,
                Result.passed,
                Result.released_at.is_not(None),
            )
        )
    }
    known = db.session.scalar(
        select(Certificate.id).where(
            Certificate.user_id == user_id, Certificate.scheme_version_id == scheme_version_id
        )
    )
    if known or passed.keys() != exams.keys():
        return None
    today = now.astimezone(ZoneInfo(signer.time_zone)).date()
    certificate = _issue(user_id, version, today=today, signer=signer, now=now)
    certificate.results = [
        {
            "title": exams[exam_id].title,
            "score": float(result.score),
            "pass_mark": float(result.pass_mark),
        }
        for exam_id, result in sorted(passed.items())
    ]
    db.session.add(certificate)
    db.session.flush()
    record(
        "certificate.issued",
        f"certificate:{certificate.number}",
        actor=SYSTEM,
        now=now,
        user=user_id,
        scheme=version.scheme_id,
        version=version.number,
        decided_by=Decision.RULE.value,
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
