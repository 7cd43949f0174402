"""What people decided and what the logs tell: the records in a dossier's document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from app.web.audit.views import act_name
from app.web.dossiers.blocks import Block, heading, paragraph, table
from app.web.dossiers.speech import SHORT, exact
from app.web.proctoring.event_wording import event_sentence, event_words
from app.web.proctoring.wording import incident_state_name, outcome_name, remedy_name
from app.web.results.names import (
    act_title,
    appeal_kind,
    appeal_outcome,
    appeal_state,
    decision_state,
)
from app.web.templating import local

_: Callable[..., str] = gettext
Dossier = Mapping[str, Any]


def decisions(dossier: Dossier) -> list[Block]:
    """Incidents, answers that came late, re-scores, the release, appeals: what was decided."""
    rows = [
        [
            _("Incident %(id)s", id=row["id"]),
            f"{row['description']}\n{remedy_name(row['remedy'], row['minutes'])}",
            joined(incident_state_name(row["state"]), outcome_name(row["outcome"])),
            joined(who(dossier, row["decided_by"]), row["reason"])
            if row["decided_at"]
            else who(dossier, row["proposed_by"]),
        ]
        for row in dossier["incidents"]
    ]
    for save in dossier["saves"]:
        decision = save["decision"]
        if decision is None:
            continue
        rows.append(
            [
                _("Held answer"),
                _("Question %(number)s", number=save["position"]),
                _("Accepted") if decision["accepted"] else _("Refused"),
                joined(who(dossier, decision["by"]), decision["reason"]),
            ]
        )
    rows += [*_rescores(dossier), *_releases(dossier), *_appeals(dossier)]
    if not rows:
        return [heading(_("Decisions")), paragraph(_("Nothing had to be decided."))]
    head = [_("What about"), _("Description"), _("Decision"), _("By, reason")]
    return [heading(_("Decisions")), table(["auto", "2", "auto", "2"], head, rows)]


def _rescores(dossier: Dossier) -> list[list[str]]:
    return [
        [
            _("Re-score %(id)s", id=row["id"]),
            joined(act_title(row["act"]), row["reason"]),
            _("Approved"),
            joined(who(dossier, row["decided_by"]), row["decision_reason"]),
        ]
        for row in dossier.get("rescores", [])
    ]


def _releases(dossier: Dossier) -> list[list[str]]:
    return [
        [
            _("Release %(id)s", id=row["id"]),
            _("Proposed by %(who)s", who=who(dossier, row["proposed_by"])),
            decision_state(row["state"]),
            joined(who(dossier, row["decided_by"]), row["reason"]) if row["decided_at"] else "–",
        ]
        for row in dossier.get("releases", [])
    ]


def _appeals(dossier: Dossier) -> list[list[str]]:
    return [
        [
            f"{appeal_kind(row['kind'])} {row['id']}",
            row["text"],
            joined(appeal_state(row["state"]), appeal_outcome(row["outcome"])),
            joined(
                who(dossier, row["handler"]) if row["handler"] else "",
                local(row["letter"]) if row["letter"] else "",
            ),
        ]
        for row in dossier.get("appeals", [])
    ]


def signals(dossier: Dossier) -> list[Block]:
    """Integrity signals with the candidate's statements and the reviews."""
    wanted = {
        id_ for kind in ("signals", "statements", "reviews") for id_ in dossier["signals"][kind]
    }
    blocks = [
        heading(_("Signals, statement and review")),
        paragraph(_("Signals change no score. They are kept for a person to look at.")),
    ]
    events = [event for event in dossier["events"] if event["id"] in wanted]
    if not events:
        return [*blocks, paragraph(_("There are none."))]
    return [*blocks, _event_table(dossier, events)]


def logs(dossier: Dossier) -> list[Block]:
    """Devices, the whole event log, and the audit log."""
    events = [*dossier["registration"]["events"], *dossier["events"]]
    audit = [
        [
            str(entry["id"]),
            exact(entry["at"]),
            act_name(entry["action"]),
            who(dossier, entry["actor"]),
            entry["hash"][:SHORT],
        ]
        for entry in dossier["audit"]
    ]
    return [
        heading(_("Devices")),
        _devices(events),
        heading(_("Event log")),
        _event_table(dossier, events),
        heading(_("Audit log")),
        table(
            ["auto", "auto", "1", "auto", "auto"],
            [_("Number"), _("At"), _("Act"), _("By"), _("Fingerprint")],
            audit,
        ),
    ]


def who(dossier: Dossier, user_id: int | None) -> str:
    """The name of somebody who did something."""
    if user_id is None:
        return _("the system")
    person = next(person for person in dossier["people"] if person["id"] == user_id)
    return str(person["name"])


def joined(*parts: str) -> str:
    """What there is, one under the other."""
    return "\n".join(part for part in parts if part)


def _event_table(dossier: Dossier, events: list[dict[str, Any]]) -> Block:
    return table(
        ["auto", "1", "auto", "auto"],
        [_("At"), _("What"), _("By"), _("Address")],
        [
            [
                exact(event["at"]),
                joined(
                    event_sentence(event["kind"], event["detail"]),
                    event_words(event["kind"], event["detail"]),
                ),
                who(dossier, event["actor"]),
                event["address"] or "–",
            ]
            for event in events
        ],
    )


def _devices(events: list[dict[str, Any]]) -> Block:
    """Every address and browser that acts came from, with the first and the last of them."""
    seen: dict[tuple[str, str], list[str]] = {}
    for event in events:
        if event["address"] or event["browser"]:
            seen.setdefault((event["address"], event["browser"]), []).append(event["at"])
    return table(
        ["auto", "1", "auto", "auto"],
        [_("Address"), _("Browser"), _("First"), _("Last")],
        [
            [address or "–", browser or "–", exact(min(times)), exact(max(times))]
            for (address, browser), times in seen.items()
        ],
    )
