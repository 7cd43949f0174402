"""The pictures of an exam: there while the attempt shows them, and gone with it."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app
from werkzeug.exceptions import NotFound

from app.domain.attempts import AttemptState
from app.domain.permissions import Permission
from app.domain.timing import is_over
from app.queries.exams import attempt_of
from app.queries.media import pictures_of_paper, read_pictures
from app.web.access import me, requires
from app.web.clock import now
from app.web.pictures import HOURS_OF_AN_EXAM, picture_response


@requires(Permission.SIT_EXAMS)
def medium(attempt_id: int, name: str) -> Response:
    """A picture of the open part of one's own running attempt, of its stems and choices alone.

    Explanations, remarks and model answers may show others; those never leave the server here.
    """
    attempt = attempt_of(attempt_id, user_id=me().user_id)
    if attempt is None or attempt.state != AttemptState.IN_PROGRESS:
        raise NotFound
    if is_over(attempt.deadline_at, now=now()):
        raise NotFound
    if name not in pictures_of_paper(attempt.paper_id, section=attempt.section):
        raise NotFound
    found = read_pictures([name], instance=Path(current_app.instance_path))
    return picture_response(found.get(name), seconds=HOURS_OF_AN_EXAM)
