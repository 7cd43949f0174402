"""All markings, and handing them out."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import DomainError
from app.domain.marking.roles import BY_MARKERS, MarkingRole, MarkingState
from app.domain.permissions import Permission
from app.queries.marking_lists import MOST_CHOSEN, marking_ids, markings
from app.queries.marking_people import markers
from app.queries.marking_work import exams_with_scripts
from app.services import marking_leads as writes
from app.web.access import actor, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.marking.forms import marking_filter


@requires(Permission.MANAGE_MARKING)
def work() -> ResponseReturnValue:
    """Every marking, filtered, sorted and paged."""
    return _work_page()


@requires(Permission.MANAGE_MARKING)
def hand_out() -> ResponseReturnValue:
    """Keep the chosen markings, or all that the list shows, for some people."""
    filters = marking_filter()
    try:
        count = writes.hand_out(
            marking_ids(filters)
            if request.form.get("scope") == "all"
            else request.form.getlist("marking", type=int),
            request.form.getlist("person", type=int),
            reason=typed("reason"),
            seed=secrets.randbits(31),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _work_page(problem=error)
    flash(_("Markings handed out: %(count)s.", count=count), "good")
    kept = {name: value for name, value in asdict(filters).items() if value not in ("", None)}
    return redirect(url_for("marking.work", **kept))


def _work_page(*, problem: DomainError | None = None) -> ResponseReturnValue:
    filters = marking_filter()
    return (
        render_template(
            "marking/work.html",
            page=markings(filters, page=request.args.get("page", 1, type=int)),
            filters=filters,
            kept={n: v for n, v in asdict(filters).items() if v not in ("", None)},
            exams=exams_with_scripts(),
            markers=markers(),
            roles=[role for role in MarkingRole if role in BY_MARKERS - {MarkingRole.CHECK}],
            states=list(MarkingState),
            most=MOST_CHOSEN,
            reason=typed("reason"),
            chosen=set(request.form.getlist("marking", type=int)),
            people=set(request.form.getlist("person", type=int)),
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )
