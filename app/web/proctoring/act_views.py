"""The forms of the desk's acts: a page of their own, or the content of a dialog."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.events import Irregularity
from app.domain.permissions import Permission
from app.domain.presence import IN_THE_EXAM
from app.queries import desk
from app.queries.desk_targets import Target, targets
from app.queries.sittings import SittingView
from app.web.access import requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.proctoring.acts import (
    ABOUT_PLACES,
    TO_EVERYBODY,
    Act,
    ActForm,
    do,
    done_sentence,
    new_key,
    sent_form,
)
from app.web.proctoring.rows import back_to, ids, sitting_to_run


@requires(Permission.RUN_SITTINGS)
def act(sitting_id: int, act: str) -> ResponseReturnValue:
    """The form for those who were ticked, for one, or for everybody in the exam."""
    sitting = sitting_to_run(sitting_id)
    args = request.args
    wanted = _act(act)
    only = args.get("only")
    chosen = [only] if only else args.getlist("chosen")
    everybody = args.get("scope") == "all" and not only and wanted in TO_EVERYBODY
    people = (
        []
        if everybody
        else targets(
            sitting_id,
            registration_ids=ids(chosen),
            attempt_ids=[] if only else ids(args.getlist("attempt")),
        )
    )
    form = _new_form(wanted, people, everybody=everybody)
    return _page(sitting, form, people, back=args.get("back", ""))


@requires(Permission.RUN_SITTINGS)
def do_act(sitting_id: int, act: str) -> ResponseReturnValue:
    """Do it; a form that is refused comes back as it was filled in, with the sentence."""
    sitting = sitting_to_run(sitting_id)
    form = sent_form(_act(act))
    back = request.form.get("back", "")
    try:
        count = do(sitting_id, form)
    except DomainError as error:
        people = targets(
            sitting_id, registration_ids=form.registration_ids, attempt_ids=form.attempt_ids
        )
        page = _page(sitting, form, people, back=back, problem=sentence(error))
        return page[0], STATUS[error.kind]
    said = done_sentence(form, count)
    if _is_dialog():
        return {"message": said}
    flash(said, "good")
    return redirect(back_to(sitting_id, back))


def _act(value: str) -> Act:
    if value not in set(Act):
        raise NotFound
    return Act(value)


def _new_form(act: Act, people: list[Target], *, everybody: bool) -> ActForm:
    """Admitting is about places; an irregularity about the exam, or the place before it."""
    attempts = tuple(p.attempt_id for p in people if p.attempt_id is not None)
    not_started = tuple(p.registration_id for p in people if p.attempt_id is None)
    form = ActForm(act, everybody, attempts, not_started, key=new_key())
    if act in ABOUT_PLACES:
        places = tuple(p.registration_id for p in people)
        return replace(form, attempt_ids=(), registration_ids=places)
    if act is Act.IRREGULARITY:
        return form
    return replace(form, registration_ids=())


def _page(
    sitting: SittingView,
    form: ActForm,
    people: list[Target],
    *,
    back: str,
    problem: str | None = None,
) -> tuple[str, int]:
    concerned = [
        p
        for p in people
        if p.attempt_id in form.attempt_ids or p.registration_id in form.registration_ids
    ]
    status = 200
    if not form.everybody and not concerned:
        problem, status = problem or _("Choose at least one candidate."), 400
    totals = desk.totals(sitting.id, now=now()) if form.everybody else {}
    page = render_template(
        "proctoring/act_form.html" if _is_dialog() else "proctoring/act.html",
        sitting=sitting,
        form=form,
        people=concerned,
        left_out=[p for p in people if p not in concerned],
        in_the_exam=sum(totals.get(presence, 0) for presence in IN_THE_EXAM),
        kinds=list(Irregularity),
        back=back_to(sitting.id, back),
        problem=problem,
    )
    return page, status


def _is_dialog() -> bool:
    return request.args.get("fragment") == "form"
