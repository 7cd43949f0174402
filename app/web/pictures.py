"""How pictures of questions are sent, and where the texts on a page find them."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.exceptions import NotFound

from app.domain.media import Medium

POLICY_OF_PICTURES = "default-src 'none'; sandbox"
"""A picture that is opened by itself can do nothing."""
YEAR = 365 * 24 * 3600
HOURS_OF_AN_EXAM = 4 * 3600
"""So long a browser may keep an exam's picture: a reload needs it, a shared machine does not."""

_ANY = "0" * 64 + ".png"


def picture_response(picture: Medium | None, *, seconds: int = YEAR) -> Response:
    """The picture with headers that let it be nothing else; raises NotFound without one.

    Its name is made from its bytes, so a browser may keep it, for so many seconds; a proxy may
    not.
    """
    if picture is None:
        raise NotFound
    response = Response(picture.data, mimetype=picture.kind.mime)
    response.headers["Content-Disposition"] = f'inline; filename="{picture.name}"'
    response.headers["Content-Security-Policy"] = POLICY_OF_PICTURES
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = f"private, max-age={seconds}, immutable"
    return response


def picture_addresses() -> str:
    """What stands before the name of a picture on this page: in an exam, the attempt's own."""
    if request.endpoint == "exams.page":
        attempt_id = (request.view_args or {})["attempt_id"]
        found = url_for("exams.medium", attempt_id=attempt_id, name=_ANY)
    else:
        found = url_for("editor.medium", name=_ANY)
    return found.removesuffix(_ANY)
