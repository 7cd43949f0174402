"""Noting who trained whom: a trainer neither marks nor decides on own trainees."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.text import N_
from app.queries.accounts import user_id_of
from app.queries.results import result_schemes
from app.queries.trainers import TrainerFilter, trainings
from app.services import trainers as writes
from app.web.access import actor, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.results.forms import page_number, typed


@requires(Permission.NAME_TRAINERS)
def index() -> ResponseReturnValue:
    """The list, filtered, sorted and paged, and the form."""
    return _page()


@requires(Permission.NAME_TRAINERS)
def name() -> ResponseReturnValue:
    """Note that one trained the others: one user name per line."""
    try:
        trainer_id = _person(typed("trainer").strip())
        trainees = [_person(line) for line in typed("trainees").split()]
        scheme_id = typed("scheme")
        if scheme_id not in {row.id for row in result_schemes()}:
            raise DomainError("scheme-missing", N_("Choose a certification."))
        if not trainees:
            raise DomainError("trainees-missing", N_("Name at least one person who was trained."))
        for user_id in trainees:
            writes.name_trainer(
                trainer_id, user_id=user_id, scheme_id=scheme_id, actor=actor(), now=now()
            )
    except DomainError as error:
        return _page(problem=error)
    flash(_("It is on record who trained them."), "good")
    return redirect(url_for("trainers.index"))


@requires(Permission.NAME_TRAINERS)
def remove() -> ResponseReturnValue:
    """Take a note back that was a mistake."""
    ids = [request.form.get(field, "") for field in ("trainer_id", "user_id")]
    if not all(id_.isdecimal() for id_ in ids):
        raise BadRequest
    writes.remove_trainer(
        int(ids[0][:9]),
        user_id=int(ids[1][:9]),
        scheme_id=typed("scheme"),
        actor=actor(),
        now=now(),
    )
    flash(_("The note is taken back; the audit log keeps both acts."), "good")
    return redirect(url_for("trainers.index"))


def _person(username: str) -> int:
    user_id = user_id_of(username) if username else None
    if user_id is None:
        raise DomainError(
            "person-unknown", N_("There is nobody with the user name “%(name)s”."), name=username
        )
    return user_id


def _page(*, problem: DomainError | None = None) -> ResponseReturnValue:
    args = request.args
    filters = TrainerFilter(
        search=args.get("search", "").strip()[:100],
        scheme=args.get("scheme", ""),
        sort=args.get("sort", "trainer"),
    )
    page = render_template(
        "trainers/index.html",
        filters=filters,
        schemes=result_schemes(),
        page=trainings(filters, page=page_number()),
        trainer=typed("trainer"),
        trainees=typed("trainees"),
        scheme=typed("scheme"),
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200
