"""Forms: a file or a text to import, and what its questions get that say nothing about it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.domain.questions.import_reading import LONGEST_SOURCE, ImportOptions
from app.domain.questions.kinds import Level, Pool
from app.loader.exchange.formats import READABLE
from app.services.question_imports import Upload
from app.web.languages import translated as _
from app.web.templating import level_name, local, pool_name

LONGEST_TEXT = 1_000_000
"""Characters of a pasted text."""


class ImportForm(FlaskForm):
    """key: of this form, so that sending it twice is one import.

    A choice that means nothing leaves open what it is about; see `ImportOptions.read`.
    """

    key = HiddenField()
    file = FileField(_l("File"))
    text = TextAreaField(_l("Or paste text"), [Length(max=LONGEST_TEXT)])
    format = SelectField(_l("Format"), validate_choice=False)
    pool = SelectField(_l("Pool"), validate_choice=False)
    point = SelectField(_l("Point"), validate_choice=False)
    level = SelectField(_l("Level"), validate_choice=False)
    difficulty = SelectField(_l("Difficulty"), validate_choice=False)
    source = StringField(_l("Source"), [Length(max=LONGEST_SOURCE)])

    def __init__(self, points: list[tuple[str, str]]) -> None:
        super().__init__()
        self.format.choices = [
            ("", _("Found out from the content")),
            *((code, local(format_.name)) for code, format_ in READABLE.items()),
        ]
        nothing = ("", _("As the file says"))
        self.pool.choices = [(pool.value, pool_name(pool)) for pool in Pool]
        self.point.choices = [nothing, *points]
        self.level.choices = [nothing, *((level.value, level_name(level)) for level in Level)]
        self.difficulty.choices = [nothing, *((str(n), str(n)) for n in range(1, 6))]
        if not self.key.data:
            self.key.data = str(uuid.uuid4())

    def upload(self) -> Upload | None:
        """What was sent; None where nothing was."""
        sent: Any = self.file.data
        code = str(self.format.data or "")
        if sent and sent.filename:
            return Upload(sent.read(), sent.filename, code)
        typed = str(self.text.data or "").strip()
        if typed:
            return Upload(typed.encode(), _("Pasted text"), code)
        return None

    def options(self, *, source: str) -> ImportOptions:
        """What was chosen. source: what stands for one that nobody gave."""
        return ImportOptions.read(
            {
                "pool": self.pool.data,
                "point": self.point.data,
                "level": self.level.data,
                "difficulty": self.difficulty.data,
                "source": (request.form.get("source") or "").strip() or source,
            }
        )
