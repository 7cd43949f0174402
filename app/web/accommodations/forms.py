"""Form: approving an accommodation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from app.domain.accommodations import LARGEST_FACTOR, LONGEST_BREAK_MINUTES, Accommodation
from app.services.remedies import LONGEST_TEXT


class FactorField(DecimalField):
    """A time factor."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError for what is no number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a number such as 1.25.")) from None
        if self.data is not None and not Decimal(self.data).is_finite():
            self.data = None
            raise ValueError(_l("Enter a number such as 1.25."))


class MinutesField(IntegerField):
    """A number of minutes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError for what is no whole number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number of minutes.")) from None


class DayField(DateField):
    """A day of the organisation's calendar."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError for what is no day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a day.")) from None


class ApprovalForm(FlaskForm):
    """What somebody gets, why, and for how long."""

    person = StringField(
        _l("For whom"), [InputRequired(_l("Enter a user name or a name.")), Length(max=100)]
    )
    time_factor = FactorField(
        _l("Time factor"),
        [InputRequired(_l("Enter a number such as 1.25."))],
        places=None,
        default=Decimal("1.0"),
        render_kw={"min": "1", "max": str(LARGEST_FACTOR), "step": "0.05", "inputmode": "decimal"},
    )
    break_minutes = MinutesField(
        _l("Break minutes"),
        [InputRequired(_l("Enter a whole number of minutes."))],
        default=0,
        render_kw={"min": "0", "max": str(LONGEST_BREAK_MINUTES)},
    )
    larger_text = BooleanField(_l("Larger text"))
    separate_room = BooleanField(_l("Separate room"))
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Give a reason.")), Length(max=LONGEST_TEXT)],
        render_kw={"rows": "3", "maxlength": str(LONGEST_TEXT)},
    )
    valid_from = DayField(_l("First day"), [InputRequired(_l("Enter a day."))])
    valid_until = DayField(_l("Last day"), [Optional()])

    def validate_reason(self, field: Field) -> None:
        """Not blanks alone, and nothing that cannot be shown."""
        if not field.data.strip():
            raise ValidationError(_l("Give a reason."))
        if any(ord(character) < 32 and character not in "\t\r\n" for character in field.data):
            raise ValidationError(_l("This contains a character that cannot be shown."))

    def accommodation(self) -> Accommodation:
        """What was entered, once it is a form that validates."""
        assert self.time_factor.data is not None
        assert self.break_minutes.data is not None
        assert self.valid_from.data is not None
        return Accommodation(
            time_factor=float(self.time_factor.data),
            break_minutes=self.break_minutes.data,
            larger_text=self.larger_text.data,
            separate_room=self.separate_room.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
        )
