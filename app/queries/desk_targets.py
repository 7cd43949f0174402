"""Whom a form of the desk is about: names for the person who is about to act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import AnySelect, db
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.queries.desk import of_sitting


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody whom an act is about to be done to. attempt_id: None before they start."""

    registration_id: int
    attempt_id: int | None
    number: int
    name: str
    admission_number: str


def targets(
    sitting_id: int, *, registration_ids: Sequence[int] = (), attempt_ids: Sequence[int] = ()
) -> list[Target]:
    """The people behind these places (with their latest attempt) and these attempts, by name.

    What is not of this sitting is left out.
    """
    columns = (
        Registration.id.label("registration_id"),
        Attempt.id.label("attempt_id"),
        Attempt.number,
        User.name,
        Registration.admission_number,
    )
    found: dict[tuple[int, int | None], Target] = {}
    if registration_ids:
        places = of_sitting(select(*columns), sitting_id)
        _keep(found, places.where(Registration.id.in_(registration_ids)))
    if attempt_ids:
        attempts = (
            select(*columns)
            .join(Registration, Registration.id == Attempt.registration_id)
            .join(User, User.id == Registration.user_id)
        )
        chosen = Attempt.id.in_(attempt_ids), Attempt.sitting_id == sitting_id
        _keep(found, attempts.where(*chosen))
    return sorted(found.values(), key=lambda target: (target.name, target.registration_id))


def _keep(found: dict[tuple[int, int | None], Target], statement: AnySelect) -> None:
    for row in db.session.execute(statement):
        found[row.registration_id, row.attempt_id] = Target(
            row.registration_id, row.attempt_id, row.number or 0, row.name, row.admission_number
        )
