"""The course page, and the page of a lesson."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.queries import courses
from app.services import learning
from app.web.access import me, requires
from app.web.clock import now
from app.web.languages import language


@requires(Permission.STUDY)
def course() -> ResponseReturnValue:
    """All modules and lessons with one's progress."""
    return render_template(
        "courses/course.html",
        modules=courses.course(me().user_id, language=language()),
        schemes=courses.schemes_of(me().user_id),
    )


@requires(Permission.STUDY)
def lesson(lesson_id: str) -> ResponseReturnValue:
    """One lesson; opening it counts as begun."""
    page = courses.lesson_page(lesson_id, user_id=me().user_id, language=language())
    if page is None:
        raise NotFound
    return render_template("courses/lesson.html", lesson=page)


@requires(Permission.STUDY)
def done(lesson_id: str) -> ResponseReturnValue:
    """Mark a lesson as done, or as not."""
    is_done = request.form.get("done") == "yes"
    learning.mark_lesson(lesson_id, user_id=me().user_id, done=is_done, now=now())
    flash(_("Marked as done.") if is_done else _("Marked as not done."), "good")
    return redirect(url_for("courses.lesson", lesson_id=lesson_id))


@requires(Permission.STUDY)
def time(lesson_id: str) -> ResponseReturnValue:
    """Note that the page is open, and for how many seconds it was in view."""
    seconds = request.form.get("seconds", "0")
    learning.add_lesson_time(
        lesson_id,
        user_id=me().user_id,
        seconds=int(seconds) if seconds.isdecimal() and len(seconds) < 7 else 0,
        now=now(),
    )
    return "", 204
