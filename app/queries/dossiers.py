"""Dossiers: one attempt with everything, the list of attempts, and whose a receipt is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.dossiers import form
from app.domain.dossiers.making import derived
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent, Save, SaveDecision
from app.models.schemes import Exam, Scheme, SchemeVersion
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.queries import dossier_facts as facts
from app.queries import dossier_results as came_to
from app.queries import dossier_rows as rows
from app.queries.dossier_facts import Json
from app.queries.paging import Page, contains, paged

_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AttemptFilter:
    """What the list shows; "" and None leave a filter open.

    search: name, user name, admission number or id of an attempt. since, until: moments
    between which the attempt began, `until` excluded.
    """

    search: str = ""
    exam: str = ""
    sitting: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "newest"


_SORTS = {
    "newest": (Attempt.started_at.desc(), Attempt.id.desc()),
    "oldest": (Attempt.started_at, Attempt.id),
    "name": (User.name, User.username, Attempt.id),
    "admission": (Registration.admission_number, Attempt.id),
}


def dossier_of(attempt_id: int, *, made: Json, time_zone: str) -> Json | None:
    """The dossier, unsigned; None where there is no such attempt. Eighteen statements.

    made: when, by whom and why (`at` as ISO time, `by` as user id or None, `reason`).
    time_zone: the organisation's, by which accommodations count their days. Raises Unreadable
    where the rows contradict each other so much that nothing can be derived from them.
    """
    head = facts.head(attempt_id)
    if head is None:
        return None
    attempt = head.Attempt
    log = rows.events(RegistrationEvent, RegistrationEvent.registration_id, attempt.registration_id)
    dossier: Json = {
        "form": form.FORM,
        "made": made,
        "time_zone": time_zone,
        "attempt": facts.attempt(attempt),
        "person": facts.person(head.User),
        "registration": {**facts.registration(head.Registration), "events": log},
        "sitting": facts.sitting(head.Sitting),
        "exam": facts.exam(head.Exam, head.SchemeVersion),
        "accommodations": facts.accommodations(attempt, ZoneInfo(time_zone)),
        "paper": facts.paper(head.Paper),
        "layout": attempt.layout,
        "saves": rows.saves(attempt_id),
        "events": rows.events(AttemptEvent, AttemptEvent.attempt_id, attempt_id),
        "marks": came_to.marks(attempt_id),
        "markings": came_to.markings(attempt_id),
        "results": came_to.results(attempt_id),
        "certificates": came_to.certificates(attempt.user_id, head.Exam.scheme_version_id),
        "incidents": rows.incidents(attempt_id),
        "rescores": came_to.rescores(attempt_id),
        "releases": came_to.releases(attempt_id),
        "appeals": came_to.appeals(attempt_id),
        "audit": rows.audit(attempt_id, attempt.sitting_id),
    }
    dossier.update(derived(dossier))
    dossier["people"] = rows.people(_named_in(dossier))
    return dossier


def _named_in(dossier: Json) -> set[int]:
    """Everybody whom the dossier names by id."""
    logs = dossier["events"] + dossier["audit"] + dossier["registration"]["events"]
    named = {entry["actor"] for entry in logs}
    named |= {save["decision"]["by"] for save in dossier["saves"] if save["decision"]}
    named |= {row["approved_by"] for row in dossier["accommodations"]["approvals"]}
    for marking in dossier["markings"]:
        named |= {marking["marker"], *(event["actor"] for event in marking["events"])}
    for incident in dossier["incidents"]:
        named |= {incident["proposed_by"], incident["decided_by"]}
    for proposal in dossier["rescores"] + dossier["releases"]:
        named |= {proposal["proposed_by"], proposal["decided_by"]}
    named |= {release["statistics_seen_by"] for release in dossier["releases"]}
    named |= {appeal["handler"] for appeal in dossier["appeals"]}
    named |= {dossier["made"]["by"], dossier["person"]["id"], *dossier["sitting"]["proctors"]}
    return named - {None}


def attempts(filters: AttemptFilter, *, page: int) -> Page[AnyRow]:
    """Attempts that meet the filter: two statements."""
    statement = _listed()
    if filters.search:
        pattern = contains(filters.search)
        found: list[ColumnElement[bool]] = [
            User.name.ilike(pattern, escape="\\"),
            User.username.ilike(pattern, escape="\\"),
            Registration.admission_number.ilike(pattern, escape="\\"),
        ]
        if _is_id(filters.search):
            found.append(Attempt.id == int(filters.search))
        statement = statement.where(or_(*found))
    if _is_id(filters.exam):
        statement = statement.where(Attempt.exam_id == int(filters.exam))
    if _is_id(filters.sitting):
        statement = statement.where(Attempt.sitting_id == int(filters.sitting))
    if filters.state:
        statement = statement.where(Attempt.state == filters.state)
    if filters.since:
        statement = statement.where(Attempt.started_at >= filters.since)
    if filters.until:
        statement = statement.where(Attempt.started_at < filters.until)
    return paged(statement.order_by(*_SORTS.get(filters.sort, _SORTS["newest"])), number=page)


def attempt_line(attempt_id: int) -> AnyRow | None:
    """One attempt as the list shows it."""
    return db.session.execute(_listed().where(Attempt.id == attempt_id)).one_or_none()


def _listed() -> AnySelect:
    return (
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.closed_at,
            User.name,
            User.username,
            Registration.admission_number,
            Sitting.title.label("sitting_title"),
            Exam.title.label("exam_title"),
            Scheme.title.label("scheme_title"),
        )
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
    )


def exam_choices() -> list[AnyRow]:
    """(id, title, scheme's title, scheme version) of every exam, the newest version first."""
    return list(
        db.session.execute(
            select(
                Exam.id,
                Exam.title,
                Scheme.title.label("scheme_title"),
                SchemeVersion.number.label("version"),
            )
            .join(Scheme, Scheme.id == Exam.scheme_id)
            .join(SchemeVersion, SchemeVersion.id == Exam.scheme_version_id)
            .order_by(Exam.scheme_id, SchemeVersion.number.desc(), Exam.id)
        )
    )


def sitting_choices() -> list[AnyRow]:
    """(id, title) of the latest sittings."""
    return list(
        db.session.execute(
            select(Sitting.id, Sitting.title)
            .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
            .limit(200)
        )
    )


@dataclass(frozen=True, slots=True)
class OwnReceipts:
    """What a candidate's list of receipts says; receipts in the order in which they came."""

    exam_title: Json
    sitting_title: Json
    admission_number: str
    receipts: tuple[AnyRow, ...]


def own_receipts(attempt_id: int, *, user_id: int) -> OwnReceipts | None:
    """The receipts of one's own attempt: two statements."""
    head = db.session.execute(
        select(Exam.title, Sitting.title.label("sitting_title"), Registration.admission_number)
        .select_from(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .where(Attempt.id == attempt_id, Attempt.user_id == user_id)
    ).one_or_none()
    if head is None:
        return None
    receipts = db.session.execute(
        select(Save.position, Save.epoch, Save.seq, Save.received_at, Save.state, Save.receipt)
        .where(Save.attempt_id == attempt_id)
        .order_by(Save.id)
    )
    return OwnReceipts(head.title, head.sitting_title, head.admission_number, tuple(receipts))


def save_with(receipt: str, *, attempt_id: int | None = None) -> AnyRow | None:
    """The stored answer that a receipt stands for, and what was decided about it.

    Without an attempt every save is looked at: no index keeps receipts, as that would slow
    the path that everybody saves on.
    """
    statement = (
        select(
            Save.id,
            Save.attempt_id,
            Save.position,
            Save.epoch,
            Save.seq,
            Save.answer,
            Save.state,
            Save.received_at,
            Save.receipt,
            SaveDecision.accepted,
            Attempt.paper_id,
            Attempt.layout,
        )
        .join(Attempt, Attempt.id == Save.attempt_id)
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.receipt == receipt)
        .limit(1)
    )
    if attempt_id is not None:
        statement = statement.where(Save.attempt_id == attempt_id)
    return db.session.execute(statement).one_or_none()


def attempt_ids_of(text: str) -> list[int]:
    """Attempts that an attempt's id or an admission number names."""
    named = Registration.admission_number == text
    if _is_id(text):
        named = or_(named, Attempt.id == int(text))
    return list(
        db.session.scalars(
            select(Attempt.id)
            .join(Registration, Registration.id == Attempt.registration_id)
            .where(named)
            .order_by(Attempt.id)
        )
    )


def _is_id(text: str) -> bool:
    return text.isdecimal() and text.isascii() and int(text[:10]) <= _LARGEST_ID and len(text) <= 10
