"""Forms: a sitting, and a reason."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.db import AnyRow
from app.domain.entrance import CODE_ALPHABET
from app.domain.errors import DomainError
from app.domain.sittings import access_code_of, config_keys_of, networks_of
from app.domain.text import Text
from app.queries.sittings import Proctor, SittingView
from app.services.sittings import SittingRules
from app.web.access import settings
from app.web.errors import sentence
from app.web.forms import stripped
from app.web.templating import local

CODE_LENGTH = 6
MOST_PLACES = 100_000
_MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class MomentField(DateTimeLocalField):
    """A day and a time of the organisation's time zone; its data is aware."""

    def process_data(self, value: datetime | None) -> None:
        """Into the organisation's zone, as the browser's field wants it."""
        zone = ZoneInfo(settings().time_zone)
        self.data: datetime | None = value.astimezone(zone).replace(tzinfo=None) if value else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError for what is no moment."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a day and a time.")) from None

    def moment(self) -> datetime:
        """The moment in UTC."""
        assert self.data is not None  # it is required
        return self.data.replace(tzinfo=ZoneInfo(settings().time_zone)).astimezone(UTC)


class PlacesField(IntegerField):
    """A number of places."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError for what is no number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Enter a whole number, or leave it empty.")) from None


class PeopleField(SelectMultipleField):
    """People as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _plain(form: FlaskForm, field: Field) -> None:
    """No control character but line breaks and tabs."""
    if any(ord(character) < 32 and character not in "\t\r\n" for character in field.data or ""):
        raise ValidationError(_l("This contains a character that cannot be shown."))


class SittingForm(FlaskForm):
    """Everything that can be said about a sitting."""

    exam = SelectField(_l("Exam"), coerce=int)
    title_zh = StringField(
        _l("Title in Chinese"), [InputRequired(_l("Enter a title.")), Length(max=200), _plain]
    )
    title_en = StringField(
        _l("Title in English"), [InputRequired(_l("Enter a title.")), Length(max=200), _plain]
    )
    opens_at = MomentField(
        _l("Opens"), [InputRequired(_l("Enter a day and a time."))], format=_MOMENT
    )
    closes_at = MomentField(
        _l("Closes"), [InputRequired(_l("Enter a day and a time."))], format=_MOMENT
    )
    room = StringField(_l("Room"), [Length(max=100), _plain])
    capacity = PlacesField(
        _l("Places"),
        [Optional(), NumberRange(1, MOST_PLACES, _l("Enter at least one place, or none at all."))],
    )
    access = RadioField(
        _l("Who may take part"),
        choices=[
            ("enrolled", _l("Everybody who is enrolled may take a place")),
            ("roster", _l("Only those on the roster")),
        ],
        default="enrolled",
    )
    access_code = StringField(_l("Access code"), [Length(max=40), _plain])
    new_code = BooleanField(_l("Make up a new code"))
    needs_admission = BooleanField(_l("A proctor sees who it is before anybody starts"))
    needs_ticket = BooleanField(_l("Log-in with a one-time ticket"))
    networks = TextAreaField(_l("Networks"), [Length(max=5000), _plain])
    seb_keys = TextAreaField(_l("Config Keys of Safe Exam Browser"), [Length(max=5000), _plain])
    proctors = PeopleField(_l("Proctors"), coerce=int)

    def offer(self, exams: Sequence[AnyRow], proctors: Sequence[Proctor]) -> None:
        """What can be chosen."""
        self.exam.choices = [
            (row.id, f"{local(row.scheme_title)} · {local(row.title)}") for row in exams
        ]
        self.proctors.choices = [
            (person.user_id, f"{person.name} ({person.username})") for person in proctors
        ]

    def offer_older(self, view: SittingView) -> None:
        """The exam that the sitting has, where its scheme has a newer version of it."""
        title = f"{local(view.scheme_title)} · {local(view.exam_title)}"
        self.exam.choices = [(view.exam_id, title), *(self.exam.choices or [])]

    def validate_access_code(self, field: Field) -> None:
        """As `domain/sittings` has it; one that is made up replaces what was typed."""
        if self.new_code.data:
            field.data = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            self.new_code.data = False
        field.data = _checked(access_code_of, field.data or "")

    def validate_networks(self, field: Field) -> None:
        """One per line."""
        _checked(networks_of, field.data or "")

    def validate_seb_keys(self, field: Field) -> None:
        """One per line."""
        _checked(config_keys_of, field.data or "")

    def title(self) -> Text:
        """The title in both languages."""
        return Text(stripped(self.title_zh), stripped(self.title_en))

    def rules(self) -> SittingRules:
        """What `services/sittings` takes."""
        return SittingRules(
            room=stripped(self.room),
            capacity=self.capacity.data,
            open_to_enrolled=self.access.data == "enrolled",
            access_code=self.access_code.data or "",
            networks=networks_of(self.networks.data or ""),
            seb_keys=config_keys_of(self.seb_keys.data or ""),
            needs_admission=self.needs_admission.data,
            needs_ticket=self.needs_ticket.data,
            proctors=frozenset(self.proctors.data or ()),
        )


def fields_of(view: SittingView) -> dict[str, object]:
    """A sitting as the form's fields have it."""
    return {
        "exam": view.exam_id,
        "title_zh": view.title["zh"],
        "title_en": view.title["en"],
        "opens_at": view.opens_at,
        "closes_at": view.closes_at,
        "room": view.room,
        "capacity": view.capacity,
        "access": "enrolled" if view.open_to_enrolled else "roster",
        "access_code": view.access_code,
        "needs_admission": view.needs_admission,
        "needs_ticket": view.needs_ticket,
        "networks": "\n".join(view.networks),
        "seb_keys": "\n".join(view.seb_keys),
        "proctors": [person.user_id for person in view.proctors],
    }


def _checked(rule: Any, text: str) -> Any:
    try:
        return rule(text)
    except DomainError as error:
        raise ValidationError(sentence(error)) from None
