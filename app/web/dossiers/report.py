"""The dossier as a document to read: what happened, in which time, and what came of it.

Blocks in the reader's language; `dossier.typ` sets them. What is long in the file (receipts,
fingerprints) is shortened here: the file itself is attached to the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from app.domain.dossiers.timeline import Step
from app.domain.dossiers.wording import Speech
from app.web.dossiers.blocks import Block, facts, heading, lines, paragraph, table
from app.web.dossiers.names import state_name, step_name
from app.web.dossiers.questions import overview, question_blocks
from app.web.dossiers.records import decisions, joined, logs, signals, who
from app.web.dossiers.speech import SHORT, exact
from app.web.exams.views import scoring_sentences
from app.web.reviews.names import duration
from app.web.templating import level_name, local, number, type_name

_: Callable[..., str] = gettext
Dossier = Mapping[str, Any]


def report(dossier: Dossier, speech: Speech) -> list[Block]:
    """The whole document. speech: the reader's."""
    return [
        *_introduction(dossier),
        *_facts(dossier),
        *_times(dossier),
        *_result(dossier),
        *decisions(dossier),
        *signals(dossier),
        heading(_("Questions and answers")),
        overview(dossier, speech),
        *question_blocks(dossier, speech),
        *logs(dossier),
    ]


def _introduction(dossier: Dossier) -> list[Block]:
    made = dossier["made"]
    return [
        paragraph(
            _(
                "Made on %(at)s by %(who)s. Reason: %(reason)s",
                at=exact(made["at"]),
                who=who(dossier, made["by"]),
                reason=made["reason"],
            )
        ),
        paragraph(
            _(
                "The whole record, signed, is attached to this document as dossier.json; whoever"
                " checks the dossier checks that file. All times are the server's, in the time"
                " zone %(zone)s. Receipts and fingerprints show their first %(count)s characters.",
                zone=dossier["time_zone"],
                count=SHORT,
            )
        ),
    ]


def _facts(dossier: Dossier) -> list[Block]:
    attempt, person = dossier["attempt"], dossier["person"]
    place, sitting = dossier["registration"], dossier["sitting"]
    exam, given = dossier["exam"], dossier["accommodations"]
    agreed = _("agreed %(at)s, text %(hash)s", at=exact(place["agreed_at"]), hash=_short(place))
    return [
        heading(_("Facts")),
        facts(
            [
                (_("Candidate"), f"{person['name']} ({person['username']})"),
                (_("Department"), person["department"] or "–"),
                (_("Admission number"), place["admission_number"]),
                (_("Which attempt"), _("attempt %(number)s", number=attempt["number"])),
                (_("Attempt ID"), str(attempt["id"])),
                (_("State"), state_name(attempt["state"])),
                (_("Began"), exact(attempt["started_at"])),
                (_("Ended"), exact(attempt["closed_at"])),
                (_("Deadline"), exact(attempt["deadline_at"])),
                (_("Sitting"), local(sitting["title"])),
                (
                    _("Sitting window"),
                    f"{exact(sitting['opens_at'])} – {exact(sitting['closes_at'])}",
                ),
                (_("Room"), sitting["room"] or "–"),
                (_("Agreement"), agreed if place["agreed_at"] else "–"),
                (_("Admitted at"), exact(place["admitted_at"])),
                (_("Ticket used at"), exact(place["ticket_used_at"])),
                (_("Time factor"), f"{attempt['time_factor']:g}"),
                (
                    _("Breaks used"),
                    f"{duration(attempt['break_used_seconds'])}"
                    f" / {duration(given['break_seconds'])}",
                ),
                (_("Larger text"), _("yes") if attempt["larger_text"] else _("no")),
            ]
        ),
        heading(_("Exam rules")),
        facts(
            [
                (_("Exam"), local(exam["title"])),
                (_("Scheme"), f"{local(exam['scheme']['title'])} ({exam['scheme']['id']})"),
                (_("Version of the scheme"), str(exam["scheme"]["version"])),
                (_("Time limit"), _("%(minutes)s minutes", minutes=exam["minutes"])),
                (_("Out of"), exam["total"]),
                (_("Pass mark"), exam["pass_mark"]),
                (_("Attempts allowed"), str(exam["attempts"])),
                (_("Paper"), f"{dossier['paper']['id']}, {exact(dossier['paper']['frozen_at'])}"),
            ]
        ),
        lines(_("How it is scored"), scoring_sentences(exam["scoring"])),
        table(
            ["1", "1", "1", "auto", "auto"],
            [_("Module"), _("Type"), _("Level"), _("Number of questions"), _("Points each")],
            [
                [
                    _module(dossier, cell["module"]),
                    type_name(cell["type"]),
                    level_name(cell["level"]) if "level" in cell else "–",
                    str(cell["count"]),
                    f"{cell['points']:g}",
                ]
                for cell in exam["plan"]
            ],
        ),
    ]


def _times(dossier: Dossier) -> list[Block]:
    return [
        heading(_("Time changes")),
        table(
            ["auto", "auto", "auto", "auto", "1"],
            [_("At"), _("What"), _("Length"), _("Deadline after it"), _("By, reason")],
            [
                [
                    exact(change["at"]),
                    step_name(change["step"]),
                    *_length_and_deadline(change),
                    joined(who(dossier, change["actor"]), change["reason"]),
                ]
                for change in dossier["time"]
            ],
        ),
    ]


def _length_and_deadline(change: Mapping[str, Any]) -> tuple[str, str]:
    """A pause has no length before it ends, and no deadline while the clock stands still."""
    if change["step"] == Step.PAUSE:
        return "–", _("stands still")
    return duration(change["seconds"]) if change["seconds"] else "–", exact(change["deadline_at"])


def _result(dossier: Dossier) -> list[Block]:
    blocks = [heading(_("Result"))]
    if not dossier["results"]:
        return [*blocks, paragraph(_("There is no result yet."))]
    blocks.append(
        table(
            ["auto", "auto", "auto", "auto", "1"],
            [_("Version"), _("Score"), _("Pass mark"), _("Outcome"), _("Released at")],
            [
                [
                    _holds(result),
                    f"{number(result['score'])} / {number(result['maximum'])}",
                    number(result["pass_mark"]),
                    _("Passed") if result["passed"] else _("Not passed"),
                    exact(result["released_at"]),
                ]
                for result in dossier["results"]
            ],
        )
    )
    blocks.append(
        table(
            ["1", "auto"],
            [_("Module"), _("Points")],
            [
                [
                    _module(dossier, module["module"]),
                    f"{number(module['points'])} / {number(module['maximum'])}",
                ]
                for module in dossier["results"][-1]["modules"]
            ],
        )
    )
    if dossier["certificates"]:
        blocks.append(lines(_("Certificates"), [row["number"] for row in dossier["certificates"]]))
    return blocks


def _holds(result: Mapping[str, Any]) -> str:
    version = str(result["version"])
    return _("%(version)s, holds", version=version) if result["current"] else version


def _module(dossier: Dossier, module_id: str) -> str:
    title = dossier["paper"]["modules"].get(module_id)
    return local(title) if title else module_id


def _short(place: Mapping[str, Any]) -> str:
    return str(place["agreement_hash"] or "")[:SHORT]
