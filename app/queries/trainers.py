"""Who trained whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, db
from app.models.accounts import User
from app.models.schemes import Scheme
from app.models.trainers import Trainer
from app.queries.paging import Page, contains, paged

_Trainee = aliased(User, name="trainee")


@dataclass(frozen=True, slots=True)
class TrainerFilter:
    """What the list shows; "" leaves a filter open. search: trainer or trainee."""

    search: str = ""
    scheme: str = ""
    sort: str = "trainer"


def trainings(filters: TrainerFilter, *, page: int) -> Page[AnyRow]:
    """Who trained whom for what: two statements."""
    statement = (
        select(
            Trainer.trainer_id,
            Trainer.user_id,
            Trainer.scheme_id,
            Trainer.since,
            User.name.label("trainer"),
            User.username.label("trainer_username"),
            _Trainee.name.label("trainee"),
            _Trainee.username.label("trainee_username"),
            Scheme.title.label("scheme_title"),
        )
        .join(User, User.id == Trainer.trainer_id)
        .join(_Trainee, _Trainee.id == Trainer.user_id)
        .join(Scheme, Scheme.id == Trainer.scheme_id)
    )
    if filters.search:
        pattern = contains(filters.search)
        columns = (User.name, User.username, _Trainee.name, _Trainee.username)
        statement = statement.where(
            or_(*(column.ilike(pattern, escape="\\") for column in columns))
        )
    if filters.scheme:
        statement = statement.where(Trainer.scheme_id == filters.scheme)
    sorts = {
        "trainer": (User.name, User.username, _Trainee.name, Trainer.scheme_id),
        "trainee": (_Trainee.name, _Trainee.username, User.name, Trainer.scheme_id),
        "newest": (Trainer.since.desc(), Trainer.user_id, Trainer.trainer_id),
    }
    return paged(statement.order_by(*sorts.get(filters.sort, sorts["trainer"])), number=page)


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
