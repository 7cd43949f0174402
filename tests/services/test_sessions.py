"""Logging in: refusals, lockout, and what ends a log-in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.models.accounts import LoginFailure, LoginSession
from app.queries.accounts import identity
from app.services import accounts, sessions
from app.services.sessions import LockedOut, LogInRefused
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.services import scenes

HERE = "192.0.2.1"


def log_in(username="trainee1", password=factories.PASSWORD, address=HERE, now=factories.NOW):
    return sessions.log_in(
        username,
        password,
        actor=Actor(None, address, "browser"),
        now=now,
        account_failures=5,
        address_failures=5,
    )


def who(token, now):
    return identity(
        sessions.token_hash(token),
        now=now,
        idle=timedelta(minutes=30),
        lifetime=timedelta(hours=12),
    )


def fail(times, username="trainee1", address=HERE, now=factories.NOW):
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_in(username, "wrong-password-1", address, now)


def test_the_right_password_opens_a_session_of_which_only_a_hash_is_kept(app, session):
    user_id = factories.user()

    token = log_in()

    assert who(token, factories.NOW).user_id == user_id
    assert session.scalar(select(LoginSession.token_hash)) != token


def test_an_unknown_user_is_refused_like_a_wrong_password(app):
    factories.user()

    with pytest.raises(LogInRefused) as wrong:
        log_in(password="wrong-password-1")
    with pytest.raises(LogInRefused) as unknown:
        log_in("nobody")

    assert str(unknown.value) == str(wrong.value)


def test_a_disabled_account_is_refused_like_a_wrong_password(app):
    user_id = factories.user()
    accounts.set_active(user_id, active=False, actor=SYSTEM, now=factories.NOW)

    with pytest.raises(LogInRefused):
        log_in()


def test_five_failures_lock_the_account_from_every_address(app, clock):
    factories.user()
    for last in range(5):
        fail(1, address=f"192.0.2.{last}")

    with pytest.raises(LockedOut):
        log_in(address="198.51.100.9", now=clock.forward(minutes=14, seconds=59))


def test_the_lock_of_an_account_ends_after_fifteen_minutes(app, clock):
    factories.user()
    fail(5)

    assert log_in(now=clock.forward(minutes=15))


def test_four_failures_lock_nothing(app):
    factories.user()
    fail(4)

    assert log_in()


def test_five_failures_lock_the_address_for_every_account(app):
    factories.user()
    for number in range(5):
        fail(1, f"guess{number}")

    with pytest.raises(LockedOut):
        log_in()
    assert log_in(address="198.51.100.9")


def test_failures_long_ago_do_not_count(app, clock):
    factories.user()
    fail(4)
    fail(1, now=clock.forward(minutes=16))

    assert log_in(now=clock.at)


def test_what_is_refused_while_locked_does_not_lengthen_the_lock(app, clock):
    factories.user()
    fail(5)
    with pytest.raises(LockedOut):
        log_in(now=clock.forward(minutes=14))

    assert log_in(now=clock.forward(minutes=1))


def test_a_user_name_with_a_nul_byte_is_refused_and_noted(app, session):
    with pytest.raises(LogInRefused):
        log_in("train\x00ee")

    assert session.scalar(select(LoginFailure.username)) == "trainee"


def test_half_an_hour_without_a_request_ends_the_log_in(app, clock):
    factories.user()
    token = log_in()

    assert who(token, clock.forward(minutes=30)) is not None
    assert who(token, clock.forward(seconds=1)) is None


def test_use_keeps_a_log_in_alive_for_twelve_hours_and_no_longer(app, clock):
    factories.user()
    token = log_in()
    for _ in range(24):
        sessions.touch(who(token, clock.forward(minutes=30)).session_id, now=clock.at)

    assert who(token, clock.at) is not None
    assert who(token, clock.forward(seconds=1)) is None


def test_an_exam_that_is_being_written_keeps_the_log_in_alive(app, clock):
    user_id = factories.user()
    token = log_in()
    attempt_id = factories.attempt(app, user_id, minutes=120)
    scenes.answer(attempt_id, user_id, {}, now=clock.forward(minutes=29))

    assert who(token, clock.forward(minutes=29)) is not None


def test_an_exam_that_is_over_keeps_no_log_in_alive(app, clock):
    user_id = factories.user()
    token = log_in()
    attempt_id = factories.attempt(app, user_id, minutes=120)
    scenes.finish(app, attempt_id, user_id, now=clock.forward(minutes=29))

    assert who(token, clock.forward(minutes=29)) is None


@pytest.mark.parametrize("act", ["log_out", "end_one", "end_all", "disable", "reset"])
def test_a_log_in_ends_at_once(app, act):
    user_id = factories.user()
    token = log_in()
    session_id = who(token, factories.NOW).session_id
    common = {"actor": SYSTEM, "now": factories.NOW}

    {
        "log_out": lambda: sessions.log_out(session_id, now=factories.NOW),
        "end_one": lambda: sessions.end_session(session_id, user_id=user_id, **common),
        "end_all": lambda: sessions.end_all_sessions(user_id, **common),
        "disable": lambda: accounts.set_active(user_id, active=False, **common),
        "reset": lambda: accounts.reset_password(user_id, new="another-pass-9", **common),
    }[act]()

    assert who(token, factories.NOW) is None


def test_nobody_ends_the_session_of_another(app):
    factories.user()
    other_id = factories.user("trainee2")
    token = log_in()
    session_id = who(token, factories.NOW).session_id

    sessions.end_session(session_id, user_id=other_id, actor=SYSTEM, now=factories.NOW)

    assert who(token, factories.NOW) is not None


def test_the_night_forgets_what_is_half_a_year_old(app, session, clock):
    factories.user()
    fail(1)
    log_in()
    sessions.sweep(now=clock.forward(days=199))
    assert session.scalar(select(func.count()).select_from(LoginSession)) == 1

    sessions.sweep(now=clock.forward(days=2))

    assert session.scalar(select(func.count()).select_from(LoginSession)) == 0
