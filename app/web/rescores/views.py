"""Re-scores: the list, choosing a question, proposing with a preview, deciding."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError, ErrorKind
from app.domain.permissions import Permission
from app.domain.questions.choice import LETTERS
from app.domain.questions.kinds import Pool
from app.domain.questions.question import Question
from app.domain.rescores import Act, Remedy, RescoreState
from app.domain.text import N_
from app.queries import rescores
from app.queries.exams import open_attempt
from app.queries.paging import PAGE_SIZE, Page
from app.queries.rescore_previews import Preview, preview
from app.queries.results import result_schemes
from app.queries.versions import question_of
from app.services import rescores as writes
from app.services.certificates import Signer
from app.services.mails import Letterhead
from app.services.questions import note_viewed
from app.web.access import actor, me, requires, settings
from app.web.bank.shown import in_both_languages
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.rescores.keys import has_key_form, key_words, sent_key
from app.web.results import names
from app.web.results.forms import approves, chosen, page_number, typed


@requires(Permission.SEE_RESCORES)
def index() -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    args = request.args
    filters = rescores.RescoreFilter(
        search=args.get("search", "").strip()[:40],
        state=args.get("state", ""),
        exam=args.get("exam", ""),
        sort=args.get("sort", "newest"),
    )
    return render_template(
        "rescores/index.html",
        names=names,
        filters=filters,
        states=list(RescoreState),
        schemes=result_schemes(),
        page=rescores.rescores(filters, page=page_number()),
        may_propose=Permission.PROPOSE_RESCORES in me().permissions,
    )


@requires(Permission.PROPOSE_RESCORES)
def choose() -> ResponseReturnValue:
    """Questions that graded exams have; only their ids are shown."""
    search = request.args.get("search", "").strip()[:40]
    page = rescores.questions_of_exams(search, page=page_number())
    return render_template("rescores/choose.html", names=names, search=search, page=page)


@requires(Permission.PROPOSE_RESCORES)
def new(exam_id: int, version_id: int) -> ResponseReturnValue:
    """The question with its key, and what can be done about it."""
    return _form_page(exam_id, version_id)


@requires(Permission.PROPOSE_RESCORES)
def propose(exam_id: int, version_id: int) -> ResponseReturnValue:
    """Show what would happen, or put the proposal on record."""
    what = chosen("what", ("preview", "propose"))
    found = rescores.question_in_exam(exam_id, version_id)
    if found is None:
        raise NotFound
    exam, row = found
    question = question_of(row.content_hash, row.content)
    try:
        act = _act()
        key = sent_key(question.type) if act is Act.REKEY else None
        if what == "preview":
            foreseen = preview(exam, version_id, Remedy.of(act, key, question))
            return _form_page(exam_id, version_id, foreseen=foreseen)
        rescore_id = writes.propose(
            exam_id,
            version_id,
            act=act,
            key=key,
            reason=typed("reason"),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _form_page(exam_id, version_id, problem=error)
    flash(_("The re-score is proposed. Somebody else decides on it."), "good")
    return redirect(url_for("rescores.rescore", rescore_id=rescore_id))


@requires(Permission.SEE_RESCORES)
def rescore(rescore_id: int) -> ResponseReturnValue:
    """One re-score: the question, whom it concerns, the decision, how far it is."""
    return _rescore_page(rescore_id)


@requires(Permission.DECIDE_RESCORES)
def decide(rescore_id: int) -> ResponseReturnValue:
    """Approve just what was shown, or reject; the first batch is done at once."""
    approve = approves()
    try:
        writes.decide(
            rescore_id,
            approve=approve,
            reason=typed("reason"),
            digest=typed("digest"),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _rescore_page(rescore_id, problem=error)
    if not approve:
        flash(_("The re-score is rejected; nothing has changed for anybody."), "good")
        return redirect(url_for("rescores.rescore", rescore_id=rescore_id))
    left = writes.apply(
        rescore_id,
        signer=Signer.of(settings()),
        letterhead=Letterhead.of(settings()),
        now=now(),
    )
    if left:
        flash(_("Approved. %(count)s exams are still being graded again.", count=left), "good")
    else:
        flash(_("Approved and applied to every exam."), "good")
    return redirect(url_for("rescores.rescore", rescore_id=rescore_id))


def _act() -> Act:
    value = request.form.get("act", "")
    if value not in set(Act):
        raise DomainError("act-missing", N_("Choose what is to be done."))
    return Act(value)


def _form_page(
    exam_id: int,
    version_id: int,
    *,
    foreseen: Preview | None = None,
    problem: DomainError | None = None,
) -> ResponseReturnValue:
    found = rescores.question_in_exam(exam_id, version_id)
    if found is None:
        raise NotFound
    exam, row = found
    question = question_of(row.content_hash, row.content)
    _note(question)
    page = render_template(
        "rescores/new.html",
        names=names,
        exam=exam,
        version=row,
        version_id=version_id,
        question=question,
        raw=question.dump(),
        letters=LETTERS,
        has_key_form=has_key_form(question.type),
        shown=in_both_languages(question),
        open_rescore=rescores.open_rescore(exam_id, version_id),
        act=request.form.get("act", ""),
        ticked=request.form.getlist("right"),
        blanks=list(
            zip(request.form.getlist("blank_zh"), request.form.getlist("blank_en"), strict=False)
        ),
        formula=typed("formula"),
        reason=typed("reason"),
        foreseen=foreseen,
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _rescore_page(rescore_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    found = rescores.rescore(rescore_id)
    if found is None:
        raise NotFound
    is_open = found.state is RescoreState.PROPOSED
    foreseen = None
    if is_open:
        pair = rescores.question_in_exam(found.exam_id, found.version_id)
        if pair is None:
            raise NotFound
        remedy = Remedy.of(found.act, found.key, found.question)
        foreseen = preview(pair[0], found.version_id, remedy)
    _note(found.question)
    page = render_template(
        "rescores/rescore.html",
        names=names,
        rescore=found,
        key=key_words(found.question, found.key),
        shown=in_both_languages(found.question),
        counts=foreseen.counts if foreseen else found.counts,
        foreseen=foreseen,
        changes=_changes(foreseen) if foreseen else None,
        done=None if is_open else rescores.done_attempts(rescore_id, page=page_number()),
        sees_names=Permission.SEE_RESULTS in me().permissions,
        may_decide=is_open and Permission.DECIDE_RESCORES in me().permissions,
        is_own=found.proposed_by == me().user_id,
        reason=typed("reason"),
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _changes(foreseen: Preview) -> Page[object]:
    total = len(foreseen.changes)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(page_number(), 1), last)
    begin = (number - 1) * PAGE_SIZE
    return Page(foreseen.changes[begin : begin + PAGE_SIZE], number, total)


def _note(question: Question) -> None:
    """Nobody looks a key up during an exam of their own; other looks are on record."""
    if open_attempt(me().user_id) is not None:
        raise DomainError(
            "own-interest",
            N_("You are in an exam yourself. Look at this after it."),
            kind=ErrorKind.FORBIDDEN,
        )
    if question.pool is Pool.EXAM:
        note_viewed(question.id, actor=actor(), now=now())
