"""A dossier beside the database as it is now: what is missing, what was added, what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.dossiers.findings import Finding, Subject, good, moved
from app.domain.text import N_

EXPORTED = "dossier.exported"
"""Entries about exports are no change of what they export."""

_ROWS: dict[str, str] = {
    "registration.events": "id",
    "accommodations.approvals": "id",
    "paper.places": "position",
    "saves": "id",
    "events": "id",
    "marks": "position",
    "markings": "id",
    "results": "version",
    "certificates": "number",
    "incidents": "id",
    "audit": "id",
}
"""Lists of rows, each with what names a row."""

_FACTS = (
    "attempt",
    "person",
    "registration",
    "sitting",
    "exam",
    "accommodations",
    "paper",
    "layout",
)
"""Objects whose values are compared one by one, lists of rows inside them aside."""

_LISTS = {"events", "approvals", "places"}


def compare(dossier: Mapping[str, Any], database: Mapping[str, Any] | None) -> list[Finding]:
    """What the database says otherwise. database: the dossier it would make now, None for none.

    Only for a dossier whose signature is right: nothing else has this form for certain.
    """
    if database is None:
        return [moved(N_("The database does not have this attempt."))]
    findings = [*_differing_rows(dossier, database), *_differing_facts(dossier, database)]
    return findings or [
        good(Subject.DATABASE, N_("The database says the same now as when the dossier was made."))
    ]


def _differing_rows(dossier: Mapping[str, Any], database: Mapping[str, Any]) -> Iterator[Finding]:
    for path, key in _ROWS.items():
        then, now = _by_key(dossier, path, key), _by_key(database, path, key)
        missing = len(then.keys() - now.keys())
        added = len(now.keys() - then.keys())
        changed = sum(then[name] != now[name] for name in then.keys() & now.keys())
        if missing:
            yield moved(
                N_("%(part)s: the database no longer has %(count)s rows of this dossier."),
                part=path,
                count=missing,
            )
        if added:
            yield moved(
                N_("%(part)s: %(count)s rows have been added since."), part=path, count=added
            )
        if changed:
            yield moved(
                N_("%(part)s: %(count)s rows differ in the database."), part=path, count=changed
            )


def _differing_facts(dossier: Mapping[str, Any], database: Mapping[str, Any]) -> Iterator[Finding]:
    for name in _FACTS:
        then, now = dossier[name], database[name]
        differing = sorted(
            key for key in (then.keys() | now.keys()) - _LISTS if then.get(key) != now.get(key)
        )
        if differing:
            yield moved(
                N_("%(part)s: the database says otherwise of %(fields)s."),
                part=name,
                fields=", ".join(differing),
            )


def _by_key(dossier: Mapping[str, Any], path: str, key: str) -> dict[Any, Any]:
    rows: Any = dossier
    for step in path.split("."):
        rows = rows.get(step, [])  # what an older program did not put into a dossier
    return {row[key]: row for row in rows if row.get("action") != EXPORTED}
