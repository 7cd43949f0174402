"""Whom HR wants on a roster, and what would become of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.roster_lines import Line, Unclear, lines_of, understand, words_of
from app.queries import rosters
from app.queries.rosters import Person
from app.queries.sitting_lists import head_counts
from app.queries.sittings import SittingView

LONGEST_TEXT = 200_000


class Source(StrEnum):
    """Where the people come from."""

    PASTE = "paste"
    DEPARTMENT = "department"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form says."""

    source: Source = Source.PASTE
    text: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen. free: places that are left, None without a limit."""

    fresh: tuple[Person, ...]
    placed: tuple[Person, ...]
    not_enrolled: tuple[Person, ...]
    disabled: tuple[Person, ...]
    unclear: tuple[tuple[Line, Unclear], ...]
    free: int | None

    @property
    def fits(self) -> bool:
        """Whether there are places enough."""
        return self.free is None or len(self.fresh) <= self.free


def read_choice(form: Mapping[str, str]) -> Choice:
    """The choice from a form; what is not one of its sources counts as pasted text."""
    source = form.get("source", "")
    return Choice(
        source=Source(source) if source in set(Source) else Source.PASTE,
        text=form.get("text", "")[:LONGEST_TEXT].replace("\x00", ""),
        department=form.get("department", "")[:200].replace("\x00", ""),
    )


def chosen_ids(form: Mapping[str, str]) -> list[int]:
    """The people whom the preview showed: their ids, in one field."""
    words = form.get("people", "").split(",")
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 10]


def preview_of(view: SittingView, choice: Choice) -> Preview:
    """Who would be new, who is there already, who is refused, which lines led to nobody."""
    unclear: tuple[tuple[Line, Unclear], ...] = ()
    if choice.source is Source.PASTE:
        lines = lines_of(choice.text)
        known = rosters.people_named(view.id, view.scheme_id, words=words_of(lines))
        understood = understand(lines, known)
        people, unclear = list(understood.people), understood.unclear
    elif choice.source is Source.DEPARTMENT:
        people = rosters.people_of_department(view.id, view.scheme_id, choice.department)
    else:
        people = rosters.enrolled_people(view.id, view.scheme_id)
    registered, _, _ = head_counts(view.id)
    able = [person for person in people if person.active and person.enrolled]
    return Preview(
        fresh=tuple(person for person in able if not person.placed),
        placed=tuple(person for person in able if person.placed),
        not_enrolled=tuple(p for p in people if p.active and not p.enrolled),
        disabled=tuple(person for person in people if not person.active),
        unclear=unclear,
        free=None if view.capacity is None else max(0, view.capacity - registered),
    )
