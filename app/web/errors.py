"""Errors → pages and JSON, in the reader's language. Nowhere else."""

from __future__ import annotations

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError, ErrorKind
from app.domain.problems import Problem

STATUS = {
    ErrorKind.INVALID: 400,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.MISSING: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.TOO_LARGE: 413,
}


def sentence(error: DomainError | Problem) -> str:
    """What the error says, in the reader's language."""
    translated: str = _(error.sentence)
    return translated % error.parameters if error.parameters else translated


def register(app: Flask) -> None:
    """Handle every error that leaves a view."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    return _answer(STATUS[error.kind], error.code, sentence(error))


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    return _answer(
        400,
        "form-expired",
        _("This page was open for too long. Go back, reload the page and send it again."),
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    messages = {
        400: _("The request could not be understood."),
        403: _("You do not have access to this page."),
        404: _("There is nothing at this address."),
        405: _("This address does not take such requests."),
        413: _("What was sent is too large."),
        415: _("What was sent is not of a kind that can be read here."),
        429: _("Too many requests. Wait a minute and try again."),
    }
    return _answer(status, f"http-{status}", messages.get(status, _("Something went wrong.")))


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.extensions["settings"].testing:
        raise error
    current_app.logger.exception("unexpected error at %s %s", request.method, request.path)
    g.has_failed = True
    return _answer(
        500,
        "unexpected",
        _("Something went wrong on our side. It has been noted. Try again in a moment."),
    )


def _answer(status: int, code: str, message: str) -> ResponseReturnValue:
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"code": code, "message": message}, status
    return render_template("errors/error.html", status=status, message=message), status
