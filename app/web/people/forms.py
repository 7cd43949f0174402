"""Forms: a new account, the roles of one."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.mails import LONGEST_ADDRESS, AddressUnusable, checked_address
from app.domain.permissions import Role
from app.web.errors import sentence
from app.web.templating import role_name

_USERNAME = re.compile(r"[\w.@-]+")


class RolesField(SelectMultipleField):
    """Roles as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RolesForm(FlaskForm):
    """Which roles somebody has."""

    roles = RolesField(_l("Roles"))

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.roles.choices = [(role.value, role_name(role)) for role in Role]

    def validate_roles(self, field: Field) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(_l("Choose at least one role."))


class EmailForm(FlaskForm):
    """Where mails to somebody go."""

    email = EmailField(_l("E-mail address"), [Length(max=LONGEST_ADDRESS)])

    def validate_email(self, field: Field) -> None:
        """One that a mail can reach, or none."""
        try:
            field.data = checked_address(field.data or "")
        except AddressUnusable as error:
            raise ValidationError(sentence(error)) from None


class AccountForm(EmailForm, RolesForm):
    """A new account; its first password is made by the program."""

    username = StringField(
        _l("User name"), [InputRequired(_l("Enter a user name.")), Length(max=64)]
    )
    name = StringField(_l("Name"), [InputRequired(_l("Enter a name.")), Length(max=100)])
    department = StringField(_l("Department"), [Length(max=200)])

    def validate_username(self, field: Field) -> None:
        """Letters, digits and a few signs, so that it can be typed anywhere."""
        if not _USERNAME.fullmatch(field.data.strip()):
            raise ValidationError(_l("Use letters, digits, dots, hyphens and @ only."))

    def validate_name(self, field: Field) -> None:
        """Any script, no control characters, and not blanks alone."""
        if not field.data.strip():
            raise ValidationError(_l("Enter a name."))
        if any(ord(character) < 32 for character in field.data):
            raise ValidationError(_l("The name contains a character that cannot be shown."))

    def validate_department(self, field: Field) -> None:
        """No control characters."""
        if any(ord(character) < 32 for character in field.data or ""):
            raise ValidationError(_l("The department contains a character that cannot be shown."))
