"""Putting an exam on offer, changing the sitting, cancelling it."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries import sittings as reads
from app.queries.sittings import SittingView
from app.services.mails import Letterhead
from app.services.sitting_changes import cancel_sitting, change_sitting
from app.services.sittings import open_sitting
from app.web.access import actor, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.sittings.forms import SittingForm, fields_of
from app.web.sittings.rows import sitting_of_mine


@requires(Permission.MANAGE_SITTINGS)
def new() -> ResponseReturnValue:
    """Put an exam on offer; its papers are assembled and frozen with it."""
    form = SittingForm()
    form.offer(reads.exams_to_offer(), reads.possible_proctors())
    if not form.validate_on_submit():
        return _shown(form)
    try:
        sitting_id = open_sitting(
            form.exam.data,
            title=form.title(),
            opens_at=form.opens_at.moment(),
            closes_at=form.closes_at.moment(),
            seed=secrets.randbits(31),
            actor=actor(),
            now=now(),
            rules=form.rules(),
        )
    except DomainError as error:
        return _shown(form, error=error)
    flash(_("The sitting is on offer, and its papers are assembled."), "good")
    return redirect(url_for("sittings.sitting", sitting_id=sitting_id))


@requires(Permission.MANAGE_SITTINGS)
def edit(sitting_id: int) -> ResponseReturnValue:
    """Change a sitting, as far as what has happened in it allows."""
    view = sitting_of_mine(sitting_id)
    form = SittingForm(data=fields_of(view))
    has_started = reads.has_started(sitting_id)
    _offer(form, view, has_started=has_started)
    if not form.validate_on_submit():
        return _shown(form, view=view, has_started=has_started)
    try:
        gained = change_sitting(
            sitting_id,
            exam_id=form.exam.data,
            title=form.title(),
            opens_at=form.opens_at.moment(),
            closes_at=form.closes_at.moment(),
            rules=form.rules(),
            seed=secrets.randbits(31),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _shown(form, error=error, view=view, has_started=has_started)
    flash(_("The sitting is saved."), "good")
    if gained:
        flash(
            _(
                "Candidates who are working and have more time now: %(count)s. They see it.",
                count=gained,
            ),
            "good",
        )
    return redirect(url_for("sittings.sitting", sitting_id=sitting_id))


@requires(Permission.MANAGE_SITTINGS)
def cancel(sitting_id: int) -> ResponseReturnValue:
    """Cancel a sitting that nobody has started, with a reason."""
    sitting_of_mine(sitting_id)
    cancel_sitting(
        sitting_id,
        reason=request.form.get("reason", ""),
        actor=actor(),
        now=now(),
        letterhead=Letterhead.of(settings()),
    )
    flash(_("The sitting is cancelled."), "good")
    return redirect(url_for("sittings.sitting", sitting_id=sitting_id))


def _offer(form: SittingForm, view: SittingView, *, has_started: bool) -> None:
    """What can be chosen: an older version of the exam, and past proctors, stay choices."""
    exams = [row for row in reads.exams_to_offer() if not has_started or row.id == view.exam_id]
    proctors = {person.user_id: person for person in (*reads.possible_proctors(), *view.proctors)}
    form.offer(exams, list(proctors.values()))
    if all(row.id != view.exam_id for row in exams):
        form.offer_older(view)


def _shown(
    form: SittingForm,
    *,
    error: DomainError | None = None,
    view: SittingView | None = None,
    has_started: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "sittings/edit.html",
        form=form,
        view=view,
        has_started=has_started,
        problem=sentence(error) if error else None,
        time_zone=settings().time_zone,
    )
    if error is not None:
        return page, STATUS[error.kind]
    return page, 400 if form.errors else 200
