"""What a marking form sends, and what lists are asked to show."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from app.domain.marking.rubric import LONGEST_COMMENT, Judgement
from app.queries.marking_lists import MarkingFilter, ScriptFilter
from app.queries.marking_work import WorkFilter
from app.web.addresses import LARGEST_NUMBER

_LONGEST = 40
_MOST_SECONDS = 24 * 3600


def read_judgement(form: MultiDict[str, str]) -> Judgement:
    """Levels as `level.1.2`, key points as `ticked.3`, `none` of them, `own` points, `comment`.

    A comment is cut just past what the service allows, so that it can say so.
    """
    levels, ticked = {}, set()
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        if kind == "level" and len(rest) < 8 and value.isascii() and value.isdecimal():
            levels[rest] = int(value[:3])
        elif kind == "ticked" and rest.isascii() and rest.isdecimal():
            ticked.add(int(rest[:3]))
    return Judgement(
        levels=levels,
        ticked=frozenset(ticked),
        has_decided=bool(ticked) or form.get("none") == "yes",
        own=_line(form.get("own", "")),
        comment=form.get("comment", "")
        .replace("\r\n", "\n")
        .replace("\x00", "")
        .strip()[: LONGEST_COMMENT + 1],
    )


def read_number(form: MultiDict[str, str], name: str, *, most: int) -> int:
    """A whole number of a form, 0 where there is none."""
    value = form.get(name, "")
    return min(int(value[:18]), most) if value.isascii() and value.isdecimal() else 0


def read_seconds(form: MultiDict[str, str]) -> int:
    """Seconds that the page has counted."""
    return read_number(form, "seconds", most=_MOST_SECONDS)


def work_filter(*, is_lead: bool) -> WorkFilter:
    """What the marker's own list shows; leads see everything unless they ask for less."""
    return WorkFilter(
        exam_id=_id("exam"),
        all=request.args.get("show", "all" if is_lead else "open") == "all",
        sort=_line(request.args.get("sort", "most")),
    )


def marking_filter() -> MarkingFilter:
    """What the list of markings shows; a form that acts on it says the same."""
    return MarkingFilter(
        exam=_id("exam"),
        question=_line(request.values.get("question", "")),
        marker=_id("marker"),
        role=_line(request.values.get("role", "")),
        state=_line(request.values.get("state", "to_do")),
        search=_line(request.values.get("search", "")),
        sort=_line(request.values.get("sort", "oldest")),
    )


def script_filter() -> ScriptFilter:
    """What a list of answers shows."""
    return ScriptFilter(
        exam=_id("exam"),
        question=_line(request.args.get("question", "")),
        marker=_id("marker"),
        state=_line(request.args.get("state", "waiting")),
        sort=_line(request.args.get("sort", "oldest")),
    )


def chosen_exam() -> int | None:
    """The exam that the address names."""
    return _id("exam")


def _id(name: str) -> int | None:
    value = request.values.get(name, "")
    if not (value.isascii() and value.isdecimal()) or len(value) > 18:
        return None
    return min(int(value), LARGEST_NUMBER)


def _line(value: str) -> str:
    return value.replace("\x00", "").strip()[:_LONGEST]
