"""Logging in and out, language, password, sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from app.domain.errors import DomainError, ErrorKind
from app.domain.permissions import Permission
from app.domain.text import N_, Language
from app.queries.accounts import identity, open_sessions
from app.services import accounts, sessions
from app.web.access import SignedIn, actor, me, public, requires, settings
from app.web.accounts.forms import PasswordForm, SignInForm
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.languages import COOKIE


class LogInIncomplete(DomainError):
    """Logging in needs both."""

    def __init__(self) -> None:
        super().__init__("login-incomplete", N_("Enter user name and password."))


class OtherPerson(DomainError):
    """The page on which somebody logs in again is not theirs."""

    def __init__(self) -> None:
        super().__init__(
            "other-person",
            N_("This page belongs to somebody else. Only they can log in here."),
            kind=ErrorKind.CONFLICT,
        )


@public
def sign_in() -> ResponseReturnValue:
    """Ask for user name and password.

    A page that asks for JSON logs its own person in again, and stays where it is.
    """
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_next())
    in_place = request.method == "POST" and request.accept_mimetypes.best == "application/json"
    form = SignInForm()
    if not form.validate_on_submit():
        if in_place:
            raise LogInIncomplete
        return render_template("accounts/sign_in.html", form=form, problem=None)
    config = settings()
    try:
        token = sessions.log_in(
            form.username.data or "",
            form.password.data or "",
            actor=actor(),
            now=now(),
            account_failures=config.account_failures,
            address_failures=config.address_failures,
        )
    except DomainError as error:
        if in_place:
            raise
        page = render_template("accounts/sign_in.html", form=form, problem=sentence(error))
        return page, STATUS[error.kind]
    found = identity(
        sessions.token_hash(token),
        now=now(),
        idle=timedelta(minutes=config.idle_minutes),
        lifetime=timedelta(hours=config.session_hours),
    )
    assert found is not None  # it was opened a moment ago
    if in_place and request.form.get("user") != str(found.user_id):
        sessions.log_out(found.session_id, now=now())
        raise OtherPerson
    session.clear()  # a new log-in takes nothing over from whoever was here before
    login_user(SignedIn(found, token))
    if not in_place:
        return redirect(_next())
    g.pop("csrf_token", None)  # the form's, which the cleared session knows no more
    return {
        "ok": True,
        "user": found.user_id,
        "csrf": generate_csrf(),
        "must_change_password": found.must_change_password,
    }


@public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    if current_user.is_authenticated:
        sessions.log_out(me().session_id, now=now())
    logout_user()
    session.clear()
    flash(_("You have logged out."), "good")
    return redirect(url_for("accounts.sign_in"))


@public
def language() -> ResponseReturnValue:
    """Switch the language, and remember it."""
    wanted = request.form.get("language", "")
    if wanted not in set(Language):
        wanted = settings().default_language
    if current_user.is_authenticated:
        accounts.set_language(me().user_id, language=wanted)
    response = redirect(_next())
    response.set_cookie(
        COOKIE,
        wanted,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=settings().secure_cookies,
    )
    return response


@requires(Permission.SEE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """One's own account: roles, password, sessions."""
    since = now() - timedelta(minutes=settings().idle_minutes)
    return render_template(
        "accounts/account.html", who=me(), sessions=open_sessions(me().user_id, since=since)
    )


@requires(Permission.SEE_OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Change the password; asked for at the first log-in of a created account."""
    form = PasswordForm()
    problem = None
    if form.validate_on_submit():
        try:
            accounts.change_password(
                me().user_id,
                current=form.current.data or "",
                new=form.new.data or "",
                keep_session=me().session_id,
                actor=actor(),
                now=now(),
            )
        except DomainError as error:
            problem = sentence(error)
        else:
            flash(_("Your password is changed. Other devices have been logged out."), "good")
            return redirect(url_for("home.index"))
    page = render_template("accounts/password.html", form=form, problem=problem, who=me())
    return page, 400 if problem or form.errors else 200


@requires(Permission.SEE_OWN_ACCOUNT)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's other sessions."""
    sessions.end_session(session_id, user_id=me().user_id, actor=actor(), now=now())
    flash(_("That device has been logged out."), "good")
    return redirect(url_for("accounts.account"))


def _next() -> str:
    """Where to go on: only to a page of this site."""
    target = request.values.get("next", "")
    if (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not any(ord(character) < 32 for character in target)  # browsers drop some of these
    ):
        return target
    return url_for("home.index")
