"""Who trained whom."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.db import db
from app.models.trainers import Trainer


def trainers_of(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Person → everybody who trained them, for any scheme; nobody is left out of the keys."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    rows = db.session.execute(
        select(Trainer.user_id, Trainer.trainer_id).where(Trainer.user_id.in_(user_ids))
    )
    for user_id, trainer_id in rows:
        found[user_id].add(trainer_id)
    return {user_id: frozenset(trainers) for user_id, trainers in found.items()}


def has_trained(trainer_id: int, *, user_id: int) -> bool:
    """Whether one trained the other, for any scheme."""
    return trainer_id in trainers_of({user_id})[user_id]
