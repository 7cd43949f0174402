"""What the pages of import and export call things."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.problems import Problem
from app.domain.questions.import_plan import Outcome
from app.domain.questions.import_runs import ImportState
from app.domain.questions.kinds import Pool, QuestionType
from app.loader.exchange.formats import READABLE, WRITABLE
from app.web.bank.names import place_name
from app.web.errors import sentence
from app.web.languages import translated as _
from app.web.templating import local, pool_name, type_name

_COUNTED = re.compile(r"(?P<word>[a-z]+) (?P<number>[\dA-Z]+)")
_STEP = " › "


def known() -> dict[str, Any]:
    """For the templates of this area."""
    return {
        "format_name": format_name,
        "outcome_name": outcome_name,
        "outcome_lead": outcome_lead,
        "place_words": place_words,
        "run_state_name": run_state_name,
        "said": said,
        "stage_name": stage_name,
        "type_or_word": type_or_word,
        "pool_or_word": pool_or_word,
        "outcome_looks": OUTCOME_LOOKS,
        "run_looks": RUN_LOOKS,
    }


OUTCOME_LOOKS = {
    Outcome.NEW: ("good", "plus-circle"),
    Outcome.VERSION: ("info", "pencil"),
    Outcome.UNCHANGED: ("quiet", "dash-circle"),
    Outcome.UNFINISHED: ("warn", "hourglass-split"),
    Outcome.REFUSED: ("bad", "x-circle"),
}
RUN_LOOKS = {
    ImportState.WAITING: ("quiet", "hourglass-split"),
    ImportState.PLANNED: ("warn", "clipboard-check"),
    ImportState.UNREADABLE: ("bad", "x-circle"),
    ImportState.CONFIRMED: ("info", "hourglass-split"),
    ImportState.DONE: ("good", "check-circle"),
    ImportState.FAILED: ("bad", "exclamation-octagon"),
    ImportState.CANCELLED: ("quiet", "slash-circle"),
}


def outcome_name(value: str) -> str:
    """The name of an outcome."""
    names: dict[str, str] = {
        Outcome.NEW: _("New"),
        Outcome.VERSION: _("New version"),
        Outcome.UNCHANGED: _("Unchanged"),
        Outcome.UNFINISHED: _("Unfinished"),
        Outcome.REFUSED: _("Refused"),
    }
    return names[Outcome(value)]


def outcome_lead(value: str) -> str:
    """What an outcome means."""
    names: dict[str, str] = {
        Outcome.NEW: _("Becomes a new question, as a draft of yours."),
        Outcome.VERSION: _("The bank has it otherwise: a new version, which is a draft of yours."),
        Outcome.UNCHANGED: _("The bank has it as it is."),
        Outcome.UNFINISHED: _(
            "Only a translation or a detail is missing: kept among your unsaved drafts."
        ),
        Outcome.REFUSED: _("Is not taken; the reasons stand beside it."),
    }
    return names[Outcome(value)]


def run_state_name(value: str) -> str:
    """The name of a state of an import."""
    names: dict[str, str] = {
        ImportState.WAITING: _("Is being read"),
        ImportState.PLANNED: _("Dry run: nothing was changed"),
        ImportState.UNREADABLE: _("Could not be read"),
        ImportState.CONFIRMED: _("Is being written"),
        ImportState.DONE: _("Import finished"),
        ImportState.FAILED: _("Failed: nothing was written"),
        ImportState.CANCELLED: _("Cancelled"),
    }
    return names[ImportState(value)]


def stage_name(value: str) -> str:
    """What the worker is doing."""
    names = {
        "": _("Waiting for the worker"),
        "reading": _("Reading the file"),
        "checking": _("Checking the questions"),
        "writing": _("Writing the questions"),
    }
    return names.get(value, value)


def format_name(code: str) -> str:
    """The name of a format."""
    found = READABLE.get(code) or WRITABLE.get(code)
    return local(found.name) if found else code


def type_or_word(value: str) -> str:
    """The name of a type, or what the file says instead."""
    return type_name(value) if value in set(QuestionType) else value


def pool_or_word(value: str) -> str:
    """The name of a pool, or what the file says instead."""
    return pool_name(value) if value in set(Pool) else value


def place_words(place: str) -> str:
    """A place such as "row 5 › options 2 › en" in words."""
    first, step, rest = place.partition(_STEP)
    words = ", ".join(_COUNTED.sub(_counted, part) for part in first.split(", "))
    return f"{words}{step}{place_name(rest)}" if step else words


def said(problem: Problem, *, place: str = "") -> str:
    """What a problem says, with its place in front. place: what everybody can see already."""
    told = sentence(_with_words(problem))
    shown = problem.place.removeprefix(place).removeprefix(_STEP)
    if not shown:
        return told
    if shown != problem.place:
        return f"{place_name(shown)}: {told}"
    return f"{place_words(shown)}: {told}"


def _with_words(problem: Problem) -> Problem:
    """The problem, naming another place of the file in words where it does."""
    other = problem.parameters.get("place")
    if not isinstance(other, str):
        return problem
    return replace(problem, parameters={**problem.parameters, "place": place_words(other)})


def _counted(match: re.Match[str]) -> str:
    number = match["number"]
    words: dict[str, Callable[[], str]] = {
        "row": lambda: _("row %(number)s", number=number),
        "line": lambda: _("line %(number)s", number=number),
        "column": lambda: _("column %(number)s", number=number),
        "question": lambda: _("question %(number)s", number=number),
        "item": lambda: _("item %(number)s", number=number),
    }
    word = words.get(match["word"])
    return word() if word else match[0]
