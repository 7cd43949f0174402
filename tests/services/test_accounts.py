"""People: creating, passwords, roles, disabling, enrolling."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.domain.passwords import WeakPassword
from app.domain.permissions import Role
from app.models.accounts import Enrolment, User
from app.models.audit import AuditEntry
from app.queries.accounts import account
from app.services import accounts, passwords
from app.services.accounts import UsernameTaken
from app.services.passwords import first_password, hash_password, matches
from app.services.trail import SYSTEM, Actor
from tests import factories

ACCOUNT = accounts.NewAccount("trainee1", "学员甲", frozenset({Role.TRAINEE}), "correct-horse-7")


def create(**changes):
    return accounts.create_account(replace(ACCOUNT, **changes), actor=SYSTEM, now=factories.NOW)


def actions(session):
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_created_account_must_change_its_password(app, session):
    user_id = create()

    assert session.get_one(User, user_id).must_change_password
    assert actions(session) == ["account.created"]


def test_no_password_stands_in_the_database_or_in_the_audit_log(app, session):
    user_id = create()

    assert ACCOUNT.password not in session.get_one(User, user_id).password_hash
    assert ACCOUNT.password not in str(session.scalar(select(AuditEntry.detail)))


def test_a_user_name_is_given_once(app, session):
    create()

    with pytest.raises(UsernameTaken, match="trainee1"):
        create(name="另一个人")
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_a_weak_password_makes_no_account(app, session):
    with pytest.raises(WeakPassword):
        create(password="short")

    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("name", ["😀 笑", "䶮", "𬭎", "Ö’Brien-王"])
def test_a_name_of_any_script_is_kept(app, session, name):
    user_id = create(name=name)

    session.expire_all()
    assert session.scalar(select(User.name).where(User.id == user_id)) == name


def test_changing_a_password_asks_for_the_current_one(app):
    user_id = create()

    with pytest.raises(DomainError) as refused:
        change(user_id, "not-the-password-1", "another-pass-9")

    assert refused.value.code == "password-wrong"


def test_the_new_password_differs_from_the_old_one(app):
    user_id = create()

    with pytest.raises(DomainError) as refused:
        change(user_id, ACCOUNT.password, ACCOUNT.password)

    assert refused.value.code == "password-same"


def test_a_changed_password_counts_and_is_not_asked_for_again(app, session):
    user_id = create()

    change(user_id, ACCOUNT.password, "another-pass-9")

    user = session.get_one(User, user_id)
    assert matches(user.password_hash, "another-pass-9")
    assert not matches(user.password_hash, ACCOUNT.password)
    assert not user.must_change_password


def change(user_id, current, new):
    accounts.change_password(
        user_id, current=current, new=new, keep_session=0, actor=Actor(user_id), now=factories.NOW
    )


def test_a_reset_password_must_be_changed_again(app, session):
    user_id = factories.user()

    accounts.reset_password(user_id, new="another-pass-9", actor=SYSTEM, now=factories.NOW)

    assert session.get_one(User, user_id).must_change_password


def test_roles_are_replaced_and_on_record(app, session):
    user_id = factories.user("person", Role.TRAINEE, Role.MARKER)

    accounts.set_roles(user_id, roles=[Role.HR], actor=SYSTEM, now=factories.NOW)

    assert account(user_id).roles == (Role.HR,)
    assert actions(session)[-1] == "account.roles_set"


def test_nobody_disables_their_own_account(app, session):
    user_id = factories.user("admin", Role.ADMIN)

    with pytest.raises(DomainError) as refused:
        accounts.set_active(user_id, active=False, actor=Actor(user_id), now=factories.NOW)

    assert refused.value.code == "own-account"
    assert session.get_one(User, user_id).active


def test_disabling_and_enabling_are_on_record(app, session):
    user_id = factories.user()

    for active in (False, True):
        accounts.set_active(user_id, active=active, actor=SYSTEM, now=factories.NOW)

    assert actions(session)[-2:] == ["account.disabled", "account.enabled"]


def test_enrolling_twice_is_enrolling_once(app, session):
    user_id = factories.user()
    factories.syllabus()
    factories.exam()

    for _ in range(2):
        accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=factories.NOW)

    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert actions(session).count("enrolment.created") == 1


def test_hashes_cost_what_the_guidance_asks_for():
    """argon2id with 19 MiB, two passes, one lane; the constant was made with the real hasher."""
    assert passwords._NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_first_password_meets_the_rules_and_is_never_the_same():
    found = {first_password("trainee1") for _ in range(50)}

    assert len(found) == 50
    assert all(len(password) == 19 for password in found)


def test_a_first_password_never_contains_the_user_name(monkeypatch):
    letters = iter("xabc" * 4 + "defg" * 4)
    monkeypatch.setattr("app.services.passwords.secrets.choice", lambda _: next(letters))

    assert first_password("abc") == "defg-defg-defg-defg"


def test_a_hash_that_cannot_be_read_matches_nothing():
    assert not matches("broken", "anything")
    assert not matches(None, "nobody has this password")
    assert matches(hash_password("䶮-secret-1"), "䶮-secret-1")
