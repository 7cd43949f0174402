"""The transcript as a PDF in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from app.queries.transcripts import Transcript
from app.web.access import settings
from app.web.dossiers.blocks import Block, facts, heading, paragraph, table
from app.web.dossiers.document import blocks_pdf
from app.web.languages import language
from app.web.results import names
from app.web.templating import local, moment, number

_: Callable[..., str] = gettext


def transcript_pdf(sheet: Transcript) -> bytes:
    """The PDF: what the page tells, without the questions."""
    config = settings()
    issuer = config.organisation if language() == "zh" else config.organisation_en
    return blocks_pdf(
        title=_("Transcript"),
        author=issuer,
        person=f"{sheet.name} · {local(sheet.exam_title)}",
        number=sheet.admission_number,
        running=issuer,
        blocks=[*_head(sheet), *_profile(sheet), *_papers(sheet), *_versions(sheet)],
    )


def _head(sheet: Transcript) -> list[Block]:
    rows = [
        (_("Certification"), local(sheet.scheme_title)),
        (_("Sitting"), local(sheet.sitting_title)),
        (_("Which attempt"), _("attempt %(number)s", number=sheet.number)),
        (_("Finished at"), moment(sheet.closed_at) if sheet.closed_at else "–"),
        (_("Released"), moment(sheet.released_at)),
        (_("Outcome"), _("Passed") if sheet.passed else _("Not passed")),
    ]
    if sheet.score is not None and sheet.maximum is not None:
        raw = f"{number(sheet.score)} / {number(sheet.maximum)}"
        rows += [
            (_("Score"), raw),
            (_("Pass mark"), number(sheet.pass_mark)),
        ]
    if sheet.scaled is not None:
        rows.append((_("Scaled score (pass mark 60)"), number(sheet.scaled)))
    if sheet.certificate:
        rows.append((_("Certificate number"), sheet.certificate))
    return [facts(rows)]


def _profile(sheet: Transcript) -> list[Block]:
    if sheet.modules:
        return [
            heading(_("By module")),
            table(
                ["1", "auto"],
                [_("Module"), _("Points")],
                [
                    [local(one.title), f"{number(one.points)} / {number(one.maximum)}"]
                    for one in sheet.modules
                ],
            ),
        ]
    if sheet.is_profile_withheld:
        return [paragraph(names.profile_withheld())]
    return []


def _papers(sheet: Transcript) -> list[Block]:
    standing = sheet.standing
    return [
        heading(_("What the certificate takes")),
        table(
            ["1", "auto"],
            [_("Exam"), _("Outcome")],
            [
                [local(title), _("Passed") if exam in standing.passed else _("Still missing")]
                for exam, title in standing.exams.items()
            ],
        ),
    ]


def _versions(sheet: Transcript) -> list[Block]:
    if len(sheet.versions) < 2:
        return []
    shows = sheet.score is not None
    return [
        heading(_("Versions of this result")),
        table(
            ["auto", "auto", "auto", "1"],
            [_("Version"), _("Score"), _("Outcome"), _("Released")],
            [
                [
                    str(one.version),
                    number(one.score) if shows else "–",
                    _("Passed") if one.passed else _("Not passed"),
                    moment(one.released_at),
                ]
                for one in sheet.versions
            ],
        ),
        *(paragraph(f"{names.act_title(act)}: {reason}") for act, reason in sheet.reasons),
    ]
