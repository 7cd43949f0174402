"""Who is asking, and whether they may: every endpoint declares `@requires` or `@public`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from app.config import Settings
from app.domain.errors import DomainError, ErrorKind
from app.domain.permissions import Permission
from app.domain.text import N_
from app.extensions import login_manager
from app.queries.accounts import Identity, identity
from app.queries.exams import is_of_registration
from app.services import sessions
from app.services.trail import Actor
from app.web.clock import now

View = TypeVar("View", bound=Callable[..., Any])

TOUCH_EVERY = timedelta(minutes=5)
"""How often the use of a session is noted: not at every request, which would be a write each."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """flask-login's user: the identity of this request."""

    def __init__(self, found: Identity, token: str) -> None:
        self.identity = found
        self._token = token

    def get_id(self) -> str:
        """The session's secret: flask-login keeps it in the signed cookie."""
        return self._token

    def may(self, permission: Permission | str) -> bool:
        """Whether this person has the permission."""
        return Permission(permission) in self.identity.permissions


class Forbidden(DomainError):
    """Logged in, but without the permission."""

    def __init__(self) -> None:
        super().__init__(
            "forbidden", N_("You do not have access to this page."), kind=ErrorKind.FORBIDDEN
        )


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what the endpoint asks for."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that anybody may call the endpoint."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def me() -> Identity:
    """Who is asking; only where a permission was required."""
    found: Identity = current_user.identity
    return found


def actor() -> Actor:
    """Who is asking, from where, for the logs."""
    who = current_user.identity.user_id if current_user.is_authenticated else None
    return Actor(who, request.remote_addr or "", request.headers.get("User-Agent", "")[:200])


def register(app: Flask) -> None:
    """Check every request before its view."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # our own table decides
    login_manager.user_loader(_load)
    app.before_request(_check)


def _load(token: str) -> SignedIn | None:
    at, config = now(), settings()
    found = identity(
        sessions.token_hash(token),
        now=at,
        idle=timedelta(minutes=config.idle_minutes),
        lifetime=timedelta(hours=config.session_hours),
    )
    return SignedIn(found, token) if found else None


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint.endswith("static"):
        return None
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "permission"):
        raise Forbidden
    if view.permission is None:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    found = me()
    if found.registration_id is not None and not _serves(found, view.permission):
        return _back_to_the_exam(found)
    if view.permission not in found.permissions:
        raise Forbidden
    allowed_before_change = ("accounts.password", "accounts.sign_out", "accounts.language")
    if found.must_change_password and request.endpoint not in allowed_before_change:
        return redirect(url_for("accounts.password"))
    if request.endpoint != "exams.save":
        _touch(found, now())
    return None


def _serves(found: Identity, permission: Permission) -> bool:
    """Whether the endpoint belongs to the one exam that a log-in with a ticket serves."""
    if permission is not Permission.SIT_EXAMS or found.registration_id is None:
        return False
    arguments = request.view_args or {}
    if "attempt_id" in arguments:
        return is_of_registration(arguments["attempt_id"], found.registration_id)
    return arguments.get("sitting_id") == found.sitting_id


def _back_to_the_exam(found: Identity) -> ResponseReturnValue:
    if request.is_json or request.accept_mimetypes.best == "application/json":
        raise Forbidden
    return redirect(url_for("exams.sitting", sitting_id=found.sitting_id))


def _touch(found: Identity, at: datetime) -> None:
    if at - found.last_seen_at > TOUCH_EVERY:
        sessions.touch(found.session_id, now=at)


def _ask_to_sign_in() -> ResponseReturnValue:
    if session.pop("_user_id", None):
        g.signed_out = True
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"code": "signed-out"}, 401
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index")
    return redirect(url_for("accounts.sign_in", next=target))
