"""Uploading questions: a file or pasted text, the template, and one's imports so far."""

from __future__ import annotations

import uuid
from hashlib import sha256

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.import_reading import LONGEST_SOURCE, ImportOptions
from app.domain.text import Language, Text
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.sheet_template import template as workbook
from app.queries.import_runs import import_runs
from app.queries.points import syllabus_points
from app.services import import_work, question_imports
from app.services.question_imports import Upload
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.exchange.forms import ImportForm
from app.web.exchange.wording import said
from app.web.exchange.worker import has_worker, wake_worker
from app.web.templating import local

_FRAME = 4 * 1024 * 1024
"""Bytes of a request beside the file in it: pasted text for the most part."""


@requires(Permission.EDIT_QUESTIONS)
def import_questions() -> ResponseReturnValue:
    """Take a file or a text; what is in it is told on the next page, before anything is made."""
    request.max_content_length = LARGEST_IMPORT + _FRAME
    request.max_form_memory_size = _FRAME
    points = [(row.id, f"{row.id} {local(row.title)}") for row in syllabus_points()]
    try:
        form = ImportForm(points)
        is_good = form.validate_on_submit()
    except RequestEntityTooLarge:
        return _too_large()
    if is_good:
        return _take(form)
    if "csrf_token" in form.errors:
        raise CSRFError
    return _page(form, status=400 if form.errors else 200)


@requires(Permission.EDIT_QUESTIONS)
def template() -> ResponseReturnValue:
    """The workbook to fill in, with headings in the reader's language or in the asked one."""
    language = Language.EN if request.args.get("language") == Language.EN else Language.ZH
    points = [(row.id, Text(row.title["zh"], row.title["en"])) for row in syllabus_points()]
    response = make_response(workbook(points, language))
    response.headers["Content-Type"] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="questions-{language.value}.xlsx"'
    )
    return response


def _take(form: ImportForm) -> ResponseReturnValue:
    upload = form.upload()
    if upload is None:
        return _page(form, problem=_("Choose a file, or paste text."), status=400)
    options = form.options(source=_("Imported from %(file)s", file=upload.name)[:LONGEST_SOURCE])
    run_id = _run_id(form, upload, options)
    try:
        run_id = question_imports.start(
            run_id,
            upload,
            options=options,
            actor=actor(),
            now=now(),
            instance=settings().instance,
        )
        _begin(run_id, upload)
    except Unreadable as error:
        return _page(form, problem=said(error.problem), status=400)
    except DomainError as error:
        return _page(form, problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exchange.run", run_id=run_id))


def _run_id(form: ImportForm, upload: Upload, options: ImportOptions) -> str:
    """The same for the same form with the same content, so that sending it twice does it once."""
    try:
        key = uuid.UUID(form.key.data or "")
    except ValueError:
        return str(uuid.uuid4())
    sent = sha256(upload.data + repr((upload.format, options)).encode()).hexdigest()
    return str(uuid.uuid5(key, sent))


def _begin(run_id: str, upload: Upload) -> None:
    """Few questions are read at once, many by the worker."""
    may_be_few = len(upload.data) <= import_work.SMALL or not has_worker()
    if may_be_few and import_work.dry_run(
        run_id, instance=settings().instance, now=now(), most=import_work.FEW
    ):
        return
    wake_worker()


def _too_large() -> ResponseReturnValue:
    return render_template("exchange/too_large.html", most=LARGEST_IMPORT // 1024**2), 413


def _page(
    form: ImportForm, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "exchange/import.html",
        form=form,
        problem=problem,
        runs=import_runs(me().user_id, page=request.args.get("page", 1, type=int)),
        has_worker=has_worker(),
        few=import_work.FEW,
        most=LARGEST_IMPORT // 1024**2,
        largest=LARGEST_IMPORT,
    )
    return page, status
