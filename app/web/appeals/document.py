"""The letter that answers an appeal, as a PDF in the reader's language."""

from __future__ import annotations

from app.queries.appeals import AppealView
from app.web.access import settings
from app.web.dossiers.blocks import facts, paragraph
from app.web.dossiers.document import blocks_pdf
from app.web.languages import language
from app.web.languages import translated as _
from app.web.results import names
from app.web.templating import local, moment


def letter_document(appeal: AppealView) -> bytes:
    """The PDF."""
    config = settings()
    issuer = config.organisation if language() == "zh" else config.organisation_en
    decided = moment(appeal.decided_at) if appeal.decided_at else "–"
    return blocks_pdf(
        title=_("Answer to your appeal or complaint"),
        author=issuer,
        person=f"{appeal.name} · {local(appeal.exam_title)}",
        number=appeal.admission_number,
        running=issuer,
        blocks=[
            facts(
                [
                    (_("Number"), str(appeal.id)),
                    (_("What it is"), names.appeal_kind(appeal.kind)),
                    (_("Filed"), moment(appeal.filed_at)),
                    (_("Decided"), decided),
                    (_("Sitting"), local(appeal.sitting_title)),
                    (_("How it ended"), names.appeal_outcome(appeal.outcome)),
                ]
            ),
            paragraph(local(appeal.letter)),
            facts(
                [
                    (names.look_name(look), str(note))
                    for look, note in appeal.checked.get("notes", {}).items()
                ]
            ),
            paragraph(issuer),
        ],
    )
