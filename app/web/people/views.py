"""Accounts: list, create, roles, first passwords, log-ins, disabling."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission, Role
from app.queries import accounts
from app.services import accounts as writes
from app.services import sessions
from app.services.passwords import first_password
from app.web.access import actor, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import stripped
from app.web.people.forms import AccountForm, EmailForm, RolesForm


@requires(Permission.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """The list, filtered and paged."""
    args = request.args
    filters = {
        "search": args.get("search", "").strip()[:100],
        "role": args.get("role", ""),
        "active": args.get("active", ""),
        "sort": args.get("sort", "username"),
    }
    page = accounts.accounts(**filters, page=args.get("page", 1, type=int))
    return render_template("people/index.html", page=page, filters=filters, roles=list(Role))


@requires(Permission.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Create an account; its first password is shown once."""
    form = AccountForm()
    problem, status = None, 200
    if form.validate_on_submit():
        password = first_password(stripped(form.username))
        try:
            user_id = writes.create_account(
                writes.NewAccount(
                    username=stripped(form.username),
                    name=stripped(form.name),
                    department=stripped(form.department),
                    email=form.email.data or "",
                    roles=frozenset(map(Role, form.roles.data or [])),
                    password=password,
                ),
                actor=actor(),
                now=now(),
            )
        except DomainError as error:
            problem, status = sentence(error), STATUS[error.kind]
        else:
            return _first_password(user_id, password)
    elif form.errors:
        status = 400
    return render_template("people/new.html", form=form, problem=problem), status


@requires(Permission.MANAGE_ACCOUNTS)
def person(user_id: int) -> ResponseReturnValue:
    """One account, and its roles."""
    row = accounts.account(user_id)
    if row is None:
        raise NotFound
    form = RolesForm(data={"roles": [role.value for role in row.roles]})
    if form.validate_on_submit():
        writes.set_roles(
            user_id, roles=list(map(Role, form.roles.data or [])), actor=actor(), now=now()
        )
        flash(_("The roles are saved."), "good")
        return redirect(url_for("people.person", user_id=user_id))
    page = _person(row, form, EmailForm(formdata=None, data={"email": row.email}))
    return page, 400 if form.errors else 200


@requires(Permission.MANAGE_ACCOUNTS)
def email(user_id: int) -> ResponseReturnValue:
    """Set where mails to somebody go."""
    row = accounts.account(user_id)
    if row is None:
        raise NotFound
    form = EmailForm()
    if not form.validate_on_submit():
        roles = RolesForm(formdata=None, data={"roles": [role.value for role in row.roles]})
        return _person(row, roles, form), 400
    writes.set_email(user_id, email=form.email.data or "", actor=actor(), now=now())
    flash(_("The e-mail address is saved."), "good")
    return redirect(url_for("people.person", user_id=user_id))


@requires(Permission.MANAGE_ACCOUNTS)
def reset(user_id: int) -> ResponseReturnValue:
    """Give a new first password; it is shown once."""
    row = accounts.account(user_id)
    if row is None:
        raise NotFound
    password = first_password(row.username)
    writes.reset_password(user_id, new=password, actor=actor(), now=now())
    return _first_password(user_id, password)


@requires(Permission.MANAGE_ACCOUNTS)
def sign_out(user_id: int) -> ResponseReturnValue:
    """End every log-in of somebody."""
    if accounts.account(user_id) is None:
        raise NotFound
    sessions.end_all_sessions(user_id, actor=actor(), now=now())
    flash(_("This person has been logged out everywhere."), "good")
    return redirect(url_for("people.person", user_id=user_id))


@requires(Permission.MANAGE_ACCOUNTS)
def active(user_id: int) -> ResponseReturnValue:
    """Disable an account, or enable it again."""
    is_active = request.form.get("active") == "yes"
    writes.set_active(user_id, active=is_active, actor=actor(), now=now())
    flash(_("The account is enabled.") if is_active else _("The account is disabled."), "good")
    return redirect(url_for("people.person", user_id=user_id))


def _person(row: accounts.AccountRow, form: RolesForm, email_form: EmailForm) -> str:
    return render_template("people/person.html", row=row, form=form, email_form=email_form)


def _first_password(user_id: int, password: str) -> ResponseReturnValue:
    row = accounts.account(user_id)
    if row is None:
        raise NotFound
    return render_template("people/first_password.html", row=row, password=password)
