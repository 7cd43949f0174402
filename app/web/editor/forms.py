"""The editor's form: the same raw question as in a file, read from what a browser sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.problems import Problem
from app.domain.questions.kinds import Pool, QuestionType
from app.domain.questions.types import BODIES
from app.services.questions import LONGEST_VERSION_NOTE
from app.web.addresses import LARGEST_NUMBER
from app.web.editor.structure import field_of, filled, read_field, read_fields

TEXT = {"zh": "", "en": ""}
OWN = {"points": [{"id": ""}], "stem": TEXT, "explanation": TEXT}
"""The fields of every type that are more than one line."""
PLAIN = frozenset({"level", "difficulty", "source", "pool", "note", "type", "id", *OWN})
_LARGEST_SEQ = 2**53


@dataclass(frozen=True, slots=True)
class Opened:
    """Which question a form is about. id: "" for one that does not exist yet."""

    type: QuestionType
    pool: Pool
    id: str = ""

    @property
    def blank(self) -> dict[str, Any]:
        """An empty example of the fields that the type has of its own."""
        return BODIES[self.type].BLANK


def read_raw(form: Mapping[str, str], opened: Opened) -> dict[str, Any]:
    """What was filled in, in the form of a file; id, type and pool are those of `opened`."""
    difficulty = form.get("difficulty", "")
    raw: dict[str, Any] = {
        "id": opened.id,
        "type": opened.type.value,
        "pool": opened.pool.value,
        "points": [row["id"] for row in read_field(OWN["points"], form, name="points")],
        "level": form.get("level", ""),
        "difficulty": int(difficulty) if difficulty in "12345" and difficulty else difficulty,
        "stem": _text(form, "stem"),
        **read_fields(opened.blank, form, prefix="body"),
        "explanation": _text(form, "explanation"),
        "source": form.get("source", "").strip(),
    }
    if not opened.id:
        raw.pop("id")
    return raw


def read_note(form: Mapping[str, str]) -> str:
    """What was written for the history."""
    return form.get("note", "").strip()[:LONGEST_VERSION_NOTE]


def field_at(problem: Problem, opened: Opened, form: Mapping[str, str]) -> str:
    """The field, or the group of fields, that a problem is about; "" for the whole question."""
    place = problem.place
    if opened.id:
        place = place.removeprefix(opened.id).removeprefix(" › ")
    if not place:
        return ""
    first = place.partition(" › ")[0].rstrip("0123456789 ")
    if first in PLAIN:
        return field_of(place, OWN, form, prefix="")
    return field_of(place, opened.blank, form, prefix="body")


def shown(raw: Mapping[str, Any], opened: Opened, *, is_new: bool) -> dict[str, Any]:
    """The raw question with every field that the form has."""
    points = raw.get("points")
    listed = points if isinstance(points, list) else [points] if points else []
    given = {**raw, "points": [{"id": str(point)} for point in listed]}
    return {
        **filled(OWN, given, is_new=True),  # every question has a main point
        "level": raw.get("level", ""),
        "difficulty": raw.get("difficulty", ""),
        "source": raw.get("source", ""),
        "body": filled(opened.blank, raw, is_new=is_new),
    }


def read_seq(form: Mapping[str, str]) -> int:
    """How far the editor has counted its changes."""
    return _counted(form.get("seq", ""), most=_LARGEST_SEQ)


def read_version(form: Mapping[str, str], name: str = "from_version") -> int:
    """The version that the editor had opened; 0 where the form says none."""
    return _counted(form.get(name, ""), most=LARGEST_NUMBER)


def _counted(typed: str, *, most: int) -> int:
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 16:
        return 0
    return min(int(typed), most)


def _text(form: Mapping[str, str], name: str) -> dict[str, str]:
    read = read_field(TEXT, form, name=name)
    return {language: read.get(language) or "" for language in TEXT}
