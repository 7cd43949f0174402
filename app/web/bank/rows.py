"""Questions that an address names, links to other areas, and what was typed into a form."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.domain.questions.kinds import Pool
from app.queries import questions
from app.queries.questions import QuestionPage
from app.services import question_views
from app.services.questions import note_viewed
from app.web.access import Forbidden, actor, me
from app.web.addresses import LARGEST_NUMBER
from app.web.clock import now


def page_or_404(question_id: str, version: int | None = None) -> QuestionPage:
    """A question in its newest version, or in the asked one."""
    if version is not None and not 0 < version <= LARGEST_NUMBER:
        raise NotFound
    found = questions.question_page(question_id, version=version)
    if found is None:
        raise NotFound
    return found


def seen(page: QuestionPage) -> QuestionPage:
    """The same page, and the look at an exam-pool question is on record."""
    if page.content.pool is Pool.EXAM:
        note_viewed(page.content.id, actor=actor(), now=now())
    return page


def seen_stems(shown: list[tuple[str, str]], *, where: str) -> None:
    """Put on record whose stems a page shows. shown: (id, pool) of each; where: which page."""
    exam = [question_id for question_id, pool in shown if pool == Pool.EXAM.value]
    if exam:
        question_views.note_seen(exam, where=where, actor=actor(), now=now())


def check_may(permission: Permission) -> None:
    """Whether this person has one more permission; raises Forbidden."""
    if permission not in me().permissions:
        raise Forbidden
