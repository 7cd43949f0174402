"""What the checks look at: the dossier's JSON as typed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from app.domain.attempts import AttemptState
from app.domain.audit import Entry
from app.domain.dossiers.parts import Part, Unreadable
from app.domain.problems import Problems
from app.domain.questions.body import Layout
from app.domain.questions.question import Question
from app.domain.rescores import Act, Remedies, Remedy
from app.domain.saves import SaveState, StoredSave
from app.domain.scoring.rekeying import KeyRefused
from app.domain.scoring.rules import ScoringRules, load_rules

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """The attempt's row. granted_seconds and late_seconds: with all that was given since."""

    id: int
    state: AttemptState
    started_at: datetime
    deadline_at: datetime
    closed_at: datetime | None
    limit_seconds: int
    time_factor: float
    granted_seconds: int
    late_seconds: int
    break_seconds: int
    break_used_seconds: int


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One place of the paper. question: None where the content is no question.

    is_pilot: it counts neither in the score nor in its maximum.
    """

    position: int
    section: int
    module: str
    points: Fraction
    version_id: int
    content: Mapping[str, Any]
    content_hash: str
    question: Question | None
    layout: Layout
    is_pilot: bool = False

    @property
    def module_id(self) -> str:
        """The module, by the name that papers have for it."""
        return self.module


@dataclass(frozen=True, slots=True)
class SaveFacts:
    """One stored answer, when it arrived, and its receipt."""

    id: int
    received_at: datetime
    receipt: str
    stored: StoredSave


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One entry of an event log."""

    id: int
    at: datetime
    kind: str
    actor_id: int | None
    detail: Part


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """The points of one question."""

    position: int
    version_id: int
    points: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One version of the result."""

    version: int
    current: bool
    score: float
    maximum: float
    pass_mark: float
    passed: bool


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One entry of the audit log with its place in the chain."""

    id: int
    entry: Entry
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that can be worked out again. answers and times: what the dossier says of them."""

    attempt: AttemptFacts
    window_end: datetime
    made_at: datetime
    registration_state: AttemptState
    registration_events: tuple[EventFacts, ...]
    pass_mark: Fraction
    rules: ScoringRules
    places: tuple[PlaceFacts, ...]
    saves: tuple[SaveFacts, ...]
    events: tuple[EventFacts, ...]
    marks: tuple[MarkFacts, ...]
    results: tuple[ResultFacts, ...]
    remedies: Remedies
    audit: tuple[AuditFacts, ...]
    answers: Mapping[str, Any]
    times: tuple[Mapping[str, Any], ...]


def read_evidence(dossier: Mapping[str, Any]) -> Evidence:
    """The facts of a dossier; raises Unreadable, naming the first part that is not as it must be.

    What is derived (answers, time) may be missing, as it is while a dossier is being made.
    """
    root = Part(dossier)
    layout = root.part("layout")
    places = tuple(_place(item, layout) for item in root.part("paper").parts("places"))
    registration = root.part("registration")
    return Evidence(
        attempt=_attempt(root.part("attempt")),
        window_end=root.part("sitting").moment("closes_at"),
        made_at=root.part("made").moment("at"),
        registration_state=_member(registration, "state", AttemptState),
        registration_events=tuple(map(_event, registration.parts("events"))),
        pass_mark=root.part("exam").points("pass_mark"),
        rules=_rules(root.part("exam").mapping("scoring")),
        places=places,
        saves=tuple(map(_save, root.parts("saves"))),
        events=tuple(map(_event, root.parts("events"))),
        marks=tuple(map(_mark, root.parts("marks"))),
        results=tuple(map(_result, root.parts("results"))),
        remedies=_remedies(root, places) if "rescores" in dossier else {},
        audit=tuple(map(_audit, root.parts("audit"))),
        answers=root.mapping("answers") if "answers" in dossier else {},
        times=tuple(item.raw for item in root.parts("time")) if "time" in dossier else (),
    )


def _attempt(part: Part) -> AttemptFacts:
    return AttemptFacts(
        id=part.whole("id"),
        state=_member(part, "state", AttemptState),
        started_at=part.moment("started_at"),
        deadline_at=part.moment("deadline_at"),
        closed_at=part.moment_or_none("closed_at"),
        limit_seconds=part.whole("limit_seconds"),
        time_factor=part.number("time_factor"),
        granted_seconds=part.whole("granted_seconds"),
        late_seconds=part.whole("late_seconds"),
        break_seconds=part.whole("break_seconds"),
        break_used_seconds=part.whole("break_used_seconds"),
    )


def _place(part: Part, layout: Part) -> PlaceFacts:
    position = part.whole("position")
    content = part.mapping("content")
    return PlaceFacts(
        position=position,
        section=part.whole("section"),
        module=part.text("module"),
        points=part.points("points"),
        version_id=part.whole("version_id"),
        content=content,
        content_hash=part.text("content_hash"),
        question=Question.read(content, problems=Problems()),
        layout=_layout(layout.part(str(position))),
        is_pilot="pilot" in part.raw and part.flag("pilot"),
    )


def _layout(part: Part) -> Layout:
    order = part.raw.get("order", [])
    if not isinstance(order, list) or not all(isinstance(id_, str) for id_ in order):
        raise Unreadable(part.at("order"))
    values = Part.of(part.raw.get("values", {}), part.at("values"))
    return Layout(tuple(order), {name: values.number(name) for name in values.raw})


def _save(part: Part) -> SaveFacts:
    decision = None if part.any("decision") is None else part.part("decision")
    return SaveFacts(
        id=part.whole("id"),
        received_at=part.moment("received_at"),
        receipt=part.text("receipt"),
        stored=StoredSave(
            position=part.whole("position"),
            epoch=part.whole("epoch"),
            seq=part.whole("seq"),
            answer=part.any("answer"),
            flagged=part.flag("flagged"),
            spent_ms=part.whole("spent_ms"),
            state=_member(part, "state", SaveState),
            decided=decision.flag("accepted") if decision else None,
        ),
    )


def _event(part: Part) -> EventFacts:
    return EventFacts(
        id=part.whole("id"),
        at=part.moment("at"),
        kind=part.text("kind"),
        actor_id=part.whole_or_none("actor"),
        detail=part.part("detail"),
    )


def _mark(part: Part) -> MarkFacts:
    maximum = part.points("maximum")
    if maximum <= 0:
        raise Unreadable(part.at("maximum"))
    return MarkFacts(
        position=part.whole("position"),
        version_id=part.whole("version_id"),
        points=part.points("points"),
        maximum=maximum,
    )


def _result(part: Part) -> ResultFacts:
    return ResultFacts(
        version=part.whole("version"),
        current=part.flag("current"),
        score=part.number("score"),
        maximum=part.number("maximum"),
        pass_mark=part.number("pass_mark"),
        passed=part.flag("passed"),
    )


def _audit(part: Part) -> AuditFacts:
    return AuditFacts(
        id=part.whole("id"),
        entry=Entry(
            at=part.moment("at"),
            actor_id=part.whole_or_none("actor"),
            action=part.text("action"),
            subject=part.text("subject"),
            detail=part.mapping("detail"),
            address=part.text("address"),
        ),
        previous_hash=part.text("previous_hash"),
        hash=part.text("hash"),
    )


def _remedies(root: Part, places: tuple[PlaceFacts, ...]) -> Remedies:
    """What re-scores say about the questions of the paper; the last of each holds."""
    questions, found = {place.version_id: place.question for place in places}, {}
    for part in root.parts("rescores"):
        version_id, act = part.whole("version_id"), _member(part, "act", Act)
        if (question := questions.get(version_id)) is None:
            raise Unreadable(part.at("version_id"))
        try:
            found[version_id] = Remedy.of(act, part.any("key"), question)
        except KeyRefused:
            raise Unreadable(part.at("key")) from None
    return found


def _rules(raw: dict[str, Any]) -> ScoringRules:
    try:
        return load_rules(raw)
    except ValueError:
        raise Unreadable("exam.scoring") from None


def _member(part: Part, key: str, kind: type[E]) -> E:
    try:
        return kind(part.text(key))
    except ValueError:
        raise Unreadable(part.at(key)) from None
