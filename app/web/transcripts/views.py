"""The transcript (成绩单) as a page and as a PDF: one's own, and only what the policy shows."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.queries import transcripts
from app.queries.transcripts import Transcript
from app.web.access import me, requires
from app.web.results import names
from app.web.transcripts.answers import shown_questions
from app.web.transcripts.document import transcript_pdf


@requires(Permission.SIT_EXAMS)
def transcript(attempt_id: int) -> ResponseReturnValue:
    """The page."""
    found = _own(attempt_id)
    return render_template(
        "transcripts/transcript.html",
        names=names,
        sheet=found,
        questions=shown_questions(found),
    )


@requires(Permission.SIT_EXAMS)
def pdf(attempt_id: int) -> ResponseReturnValue:
    """The same as a PDF, without the questions."""
    found = _own(attempt_id)
    response = make_response(transcript_pdf(found))
    name = f"transcript-{found.admission_number}-{attempt_id}.pdf"
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _own(attempt_id: int) -> Transcript:
    found = transcripts.transcript(attempt_id, user_id=me().user_id)
    if found is None:
        raise NotFound
    return found
