"""Who trained whom, on record."""

from __future__ import annotations

from datetime import datetime

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.accounts import User
from app.models.trainers import Trainer
from app.services.trail import Actor, record


@transactional
def name_trainer(
    trainer_id: int, *, user_id: int, scheme_id: str, actor: Actor, now: datetime
) -> None:
    """Note that one trained the other for a scheme; noting it twice changes nothing.

    Raises DomainError where somebody would be their own trainer or is not known.
    """
    if trainer_id == user_id:
        raise DomainError("own-trainer", N_("Nobody is their own trainer."))
    if db.session.get(User, trainer_id) is None or db.session.get(User, user_id) is None:
        raise DomainError(
            "account-missing", N_("There is no such account."), kind=ErrorKind.MISSING
        )
    if db.session.get(Trainer, (trainer_id, user_id, scheme_id)) is not None:
        return
    db.session.add(Trainer(trainer_id=trainer_id, user_id=user_id, scheme_id=scheme_id, since=now))
    record(
        "trainer.named",
        f"user:{user_id}",
        actor=actor,
        now=now,
        trainer=trainer_id,
        scheme=scheme_id,
    )


@transactional
def remove_trainer(
    trainer_id: int, *, user_id: int, scheme_id: str, actor: Actor, now: datetime
) -> None:
    """Take back a note made by mistake; the audit log keeps both acts."""
    row = db.session.get(Trainer, (trainer_id, user_id, scheme_id))
    if row is None:
        return
    db.session.delete(row)
    record(
        "trainer.removed",
        f"user:{user_id}",
        actor=actor,
        now=now,
        trainer=trainer_id,
        scheme=scheme_id,
    )
