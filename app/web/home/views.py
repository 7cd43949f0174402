"""The first page: what this person most likely came for."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permissions import Permission
from app.queries.bank import bank_count
from app.queries.courses import course, schemes_of
from app.queries.exams import open_attempt
from app.queries.marking_work import count_waiting
from app.queries.own_sittings import next_sittings
from app.queries.sitting_lists import latest_sittings
from app.web.access import me, public
from app.web.clock import now
from app.web.languages import language


@public
def index() -> ResponseReturnValue:
    """The first page; whoever is not logged in is asked to."""
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in"))
    who = me()
    if who.must_change_password:
        return redirect(url_for("accounts.password"))
    if who.registration_id is not None:  # logged in with a ticket, for one exam
        return redirect(url_for("exams.sitting", sitting_id=who.sitting_id))
    parts: dict[str, object] = {}
    if Permission.SIT_EXAMS in who.permissions:
        parts["schemes"] = schemes_of(who.user_id)
        parts["modules"] = course(who.user_id, language=language())
        parts["sittings"] = next_sittings(who.user_id, now=now())
        parts["open_attempt"] = open_attempt(who.user_id)
    if Permission.SEE_QUESTIONS in who.permissions:
        parts["questions"] = bank_count()
    if Permission.SEE_SITTINGS in who.permissions:
        parts["staff_sittings"] = latest_sittings(
            user_id=who.user_id, manages=Permission.MANAGE_SITTINGS in who.permissions
        )
    if Permission.MARK in who.permissions:
        parts["to_mark"] = count_waiting(who.user_id)
    return render_template("home/index.html", who=who, now=now(), **parts)
