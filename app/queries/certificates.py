"""Certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import db
from app.domain.certificates import Validity
from app.models.certificates import Certificate


def certificates_of(user_id: int) -> Sequence[Certificate]:
    """One's certificates, newest first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.user_id == user_id)
        .order_by(Certificate.issued_at.desc())
    ).all()


def certificate(number: str) -> Certificate | None:
    """The certificate with this number."""
    return db.session.scalar(select(Certificate).where(Certificate.number == number))


def validity_of(row: Certificate) -> Validity:
    """What decides the certificate's state."""
    return Validity(
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        suspended=row.suspended_at is not None,
        revoked=row.revoked_at is not None,
    )
