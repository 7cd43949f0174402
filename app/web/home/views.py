"""The first page: what this person most likely came for."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permissions import Permission
from app.queries.courses import course, schemes_of
from app.queries.exams import open_attempt, sittings_of, staff_sittings
from app.queries.questions import bank_count
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
    parts: dict[str, object] = {}
    if Permission.SIT_EXAMS in who.permissions:
        parts["schemes"] = schemes_of(who.user_id)
        parts["modules"] = course(who.user_id, language=language())
        parts["sittings"] = [s for s in sittings_of(who.user_id) if s.closes_at > now()][:3]
        parts["open_attempt"] = open_attempt(who.user_id)
    if Permission.SEE_QUESTIONS in who.permissions:
        parts["questions"] = bank_count()
    if Permission.SEE_SITTINGS in who.permissions:
        parts["staff_sittings"] = staff_sittings()[:5]
    return render_template("home/index.html", who=who, now=now(), **parts)
