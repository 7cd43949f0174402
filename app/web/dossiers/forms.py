"""Forms: the reason of an export, the file to check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.services.remedies import LONGEST_TEXT


class ExportForm(FlaskForm):
    """Why a dossier goes out; the button tells in which form."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Give a reason.")),
            Length(max=LONGEST_TEXT, message=_l("The reason has at most %(max)d characters.")),
        ],
    )


class VerifyForm(FlaskForm):
    """The file of a dossier."""

    file = FileField(_l("File of the dossier"), [FileRequired(_l("Choose a file."))])
