"""For lead markers: the live table, disputes, answers that are read again."""

from __future__ import annotations

from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.marking.agreement import LEAST_CHECKS, LEAST_MARKS, LEAST_PAIRS
from app.domain.marking.distribution import sample_bound
from app.domain.marking.rubric import Judgement
from app.domain.permissions import Permission
from app.queries.marking_lists import disputes as disputed
from app.queries.marking_lists import to_read_again
from app.queries.marking_people import markers
from app.queries.marking_scripts import MarkedScript, marked_script
from app.queries.marking_table import Table, marking_table
from app.queries.marking_work import exams_with_scripts
from app.services import marking_leads as writes
from app.services.certificates import Signer
from app.web.access import actor, requires, settings
from app.web.bank.rows import seen_stems
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.marking.forms import chosen_exam, read_judgement, script_filter
from app.web.marking.shown import told_evidence
from app.web.templating import moment

_MINIMA = {"pairs": LEAST_PAIRS, "checks": LEAST_CHECKS, "marks": LEAST_MARKS}


@requires(Permission.MANAGE_MARKING)
def table() -> ResponseReturnValue:
    """Progress, speed, mean, spread and agreement of one exam."""
    exams = exams_with_scripts()
    return render_template(
        "marking/table.html",
        table=_table(exams),
        exams=exams,
        minima=_MINIMA,
        at=moment(now())[-5:],
    )


@requires(Permission.MANAGE_MARKING)
def figures() -> ResponseReturnValue:
    """The same figures for the page that is open, a few times a minute."""
    found = _table(exams_with_scripts())
    return {
        "ok": True,
        "at": moment(now())[-5:],
        "scripts": found.scripts if found else 0,
        "settled": found.settled if found else 0,
        "disputes": found.disputes if found else 0,
        "html": render_template("marking/figures.html", table=found, minima=_MINIMA),
    }


@requires(Permission.MANAGE_MARKING)
def disputes() -> ResponseReturnValue:
    """Answers on which three markers cannot agree."""
    filters = script_filter()
    return render_template(
        "marking/scripts.html",
        kind="disputes",
        page=disputed(filters, page=request.args.get("page", 1, type=int)),
        filters=filters,
        exams=exams_with_scripts(),
        markers=markers(),
        share=None,
    )


@requires(Permission.MANAGE_MARKING)
def reading() -> ResponseReturnValue:
    """The sample of settled answers that is read again; of the newest exam where none is named."""
    exams, filters = exams_with_scripts(), script_filter()
    found = _table(exams)
    share = found.policy.back_reading if found else Fraction(0)
    return render_template(
        "marking/scripts.html",
        kind="reading",
        page=to_read_again(
            filters,
            exam_id=found.exam_id if found else 0,
            bound=sample_bound(share),
            page=request.args.get("page", 1, type=int),
        ),
        filters=filters,
        exam_id=found.exam_id if found else None,
        exams=exams,
        markers=markers(),
        share=float(share),
    )


@requires(Permission.MANAGE_MARKING)
def marks(script: str) -> ResponseReturnValue:
    """An answer with all its marks, and the form for a decision."""
    return _marks_page(_script(script))


@requires(Permission.MANAGE_MARKING)
def decide(script: str) -> ResponseReturnValue:
    """Decide what the answer gets."""
    shown, judgement = _script(script), read_judgement(request.form)
    try:
        writes.decide(
            script,
            judgement,
            reason=typed("reason"),
            signer=Signer.of(settings()),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _marks_page(shown, judgement=judgement, problem=error)
    flash(_("Your decision stands."), "good")
    return redirect(url_for("marking.marks", script=script))


@requires(Permission.MANAGE_MARKING)
def agree(script: str) -> ResponseReturnValue:
    """Read the answer again and let its points stand."""
    shown = _script(script)
    try:
        writes.agree(script, actor=actor(), now=now())
    except DomainError as error:
        return _marks_page(shown, problem=error)
    flash(_("Noted: you have read this answer again and agree."), "good")
    return redirect(url_for("marking.reading", exam=shown.exam_id))


def _table(exams: list[tuple[int, dict[str, str]]]) -> Table | None:
    """The table of the exam that is asked for, else of the newest one."""
    exam_id = chosen_exam()
    if exam_id is None and exams:
        exam_id = exams[0][0]
    return None if exam_id is None else marking_table(exam_id, now=now())


def _script(script: str) -> MarkedScript:
    found = marked_script(script)
    if found is None:
        raise NotFound
    return found


def _marks_page(
    shown: MarkedScript,
    *,
    judgement: Judgement | None = None,
    problem: DomainError | None = None,
) -> ResponseReturnValue:
    seen_stems([(shown.question.id, shown.question.pool.value)], where="marks of an answer")
    return (
        render_template(
            "marking/marks.html",
            script=shown,
            judged=judgement or Judgement({}),
            evidence=told_evidence(shown.question.body, shown.answer, maximum=shown.maximum),
            reason=typed("reason"),
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )
