"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import current_app, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.queries.health import is_migrated
from app.web.access import public


@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@public
def readyz() -> ResponseReturnValue:
    """The database answers and has the newest tables."""
    try:
        migrated = is_migrated()
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return {"status": "no database"}, 503
    return ({"status": "ok"}, 200) if migrated else ({"status": "not migrated"}, 503)


@public
def favicon() -> ResponseReturnValue:
    """Browsers ask for it by this name."""
    return redirect(url_for("static", filename="img/favicon.svg"))


@public
def offline_worker() -> ResponseReturnValue:
    """The service worker of the exam page: it sees the whole site only from the root."""
    response = make_response(current_app.send_static_file("js/exam/offline_worker.js"))
    response.headers["Cache-Control"] = "no-cache"
    return response
