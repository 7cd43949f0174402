"""Tickets: handing them out, and the page on which a candidate logs in with one."""

from __future__ import annotations

from datetime import timedelta

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries.accounts import identity
from app.services import sessions, tickets
from app.web.access import SignedIn, actor, public, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.sittings.rows import sitting_of_mine
from app.web.sittings.sheets import ticket_sheet


@requires(Permission.MANAGE_SITTINGS)
def issue(sitting_id: int) -> ResponseReturnValue:
    """New tickets for the chosen places or for everybody without one, as a sheet to print.

    The codes are in this one answer and nowhere else.
    """
    view = sitting_of_mine(sitting_id)
    chosen = [
        int(word)
        for word in request.form.getlist("place")
        if word.isascii() and word.isdecimal() and len(word) < 10
    ]
    issued = tickets.issue_tickets(
        sitting_id,
        registration_ids=None if request.form.get("whom") == "without" else chosen,
        actor=actor(),
        now=now(),
    )
    response = make_response(ticket_sheet(view, issued))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="tickets-{sitting_id}.pdf"'
    return response


@requires(Permission.SEE_SITTINGS)
def issue_one(sitting_id: int, registration_id: int) -> ResponseReturnValue:
    """A new ticket for one person, shown once: somebody at the door has lost theirs."""
    view = sitting_of_mine(sitting_id)
    (issued,) = tickets.issue_tickets(
        sitting_id, registration_ids=[registration_id], actor=actor(), now=now()
    )
    return render_template("sittings/ticket.html", view=view, ticket=issued)


@public
def enter() -> ResponseReturnValue:
    """Log in with admission number and ticket, for one exam and nothing else."""
    number = request.form.get("number", "").replace("\x00", "")[:40]
    code = request.form.get("ticket", "").replace("\x00", "")[:40]
    if request.method == "GET":
        return render_template("sittings/enter.html", number="", code="", problem=None)
    config = settings()
    try:
        entrance = tickets.redeem_ticket(
            number,
            code,
            actor=actor(),
            now=now(),
            account_failures=config.account_failures,
            address_failures=config.address_failures,
        )
    except DomainError as error:
        page = render_template(
            "sittings/enter.html", number=number, code=code, problem=sentence(error)
        )
        return page, STATUS[error.kind]
    found = identity(
        sessions.token_hash(entrance.token),
        now=now(),
        idle=timedelta(minutes=config.idle_minutes),
        lifetime=timedelta(hours=config.session_hours),
    )
    assert found is not None  # it was opened a moment ago
    session.clear()  # a new log-in takes nothing over from whoever was here before
    login_user(SignedIn(found, entrance.token))
    return redirect(url_for("exams.sitting", sitting_id=entrance.sitting_id))
