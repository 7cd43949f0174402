"""Pictures of questions: taken in from the editor, and shown.

Whoever writes or reviews questions sees every picture. Everybody else sees here those that some
version of a practice question shows, and no other: the pictures of an exam have an address
inside the attempt (`exams.medium`), which answers as long as the attempt shows them. So nobody
finds out by a picture what an exam asks, nor keeps it open afterwards.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge

from app.domain.media import LARGEST_PICTURE, NAME, Medium, PictureRefused
from app.domain.permissions import Permission
from app.domain.text import N_
from app.extensions import limiter
from app.queries.media import is_in_practice, read_pictures
from app.services.media import store_pictures
from app.web.access import actor, me, requires
from app.web.clock import now
from app.web.pictures import picture_response


@requires(Permission.EDIT_QUESTIONS)
@limiter.limit("60/minute")
def upload() -> ResponseReturnValue:
    """Keep a picture; the request's body is the file. Answers with how a text refers to it."""
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise PictureRefused(
            "picture-too-large",
            N_("A picture has at most %(most)s MB."),
            most=LARGEST_PICTURE // 1024**2,
        ) from None
    if not data:
        raise BadRequest
    picture = Medium.of(data)
    store_pictures([picture], instance=_instance(), actor=actor(), now=now())
    return {"ok": True, "name": picture.name, "said": _("The picture was inserted.")}


@requires(Permission.SEE_OWN_ACCOUNT)
def medium(name: str) -> Response:
    """A picture, to those whom this module's rule allows it."""
    if not NAME.fullmatch(name):
        raise NotFound
    if Permission.SEE_QUESTIONS not in me().permissions and not is_in_practice(name):
        raise NotFound
    return picture_response(read_pictures([name], instance=_instance()).get(name))


def _instance() -> Path:
    return Path(current_app.instance_path)
