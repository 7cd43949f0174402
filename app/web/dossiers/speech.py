"""How dossiers speak to the reader of this request: words of questions, exact times."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_datetime
from flask_babel import gettext as _

from app.domain.dossiers.wording import Speech
from app.web.languages import language

SHORT = 16
"""Characters of a receipt or a fingerprint that a document shows."""


def speech() -> Speech:
    """The reader's language, and its words for a statement that is right or wrong."""
    return Speech(language().value, right=_("True"), wrong=_("False"))


def exact(value: datetime | str | None) -> str:
    """A time to the second in the organisation's time zone; – for none."""
    if value is None:
        return "–"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(format_datetime(moment, "yyyy-MM-dd HH:mm:ss"))
