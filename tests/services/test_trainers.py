from __future__ import annotations

import pytest
from sqlalchemy import select

from app.db import db
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.trainers import Trainer
from app.queries.trainers import has_trained, trainers_of
from app.services.trail import SYSTEM
from app.services.trainers import name_trainer, remove_trainer
from tests.factories import NOW, exam, user

SCHEME = "unit"


def _named(trainer: int, trainee: int) -> None:
    name_trainer(trainer, user_id=trainee, scheme_id=SCHEME, actor=SYSTEM, now=NOW)


@pytest.fixture
def two(app) -> tuple[int, int]:
    exam()
    return user("teacher", Role.INSTRUCTOR), user("learner")


def test_whoever_was_named_has_trained_and_the_log_says_so(two):
    teacher, learner = two
    _named(teacher, learner)
    _named(teacher, learner)
    assert has_trained(teacher, user_id=learner)
    assert not has_trained(learner, user_id=teacher)
    assert trainers_of({teacher, learner}) == {learner: {teacher}, teacher: frozenset()}
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("trainer."))
    ).all()
    assert acts == ["trainer.named"]


def test_a_note_made_by_mistake_is_taken_back(two):
    teacher, learner = two
    _named(teacher, learner)
    remove_trainer(teacher, user_id=learner, scheme_id=SCHEME, actor=SYSTEM, now=NOW)
    assert not has_trained(teacher, user_id=learner)
    assert db.session.scalars(select(Trainer)).all() == []


def test_nobody_is_their_own_trainer(two):
    teacher, _ = two
    with pytest.raises(DomainError, match="own trainer"):
        _named(teacher, teacher)
