"""Forms: logging in, changing the password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length


class SignInForm(FlaskForm):
    """User name and password."""

    username = StringField(
        _l("User name"), [InputRequired(_l("Enter your user name.")), Length(max=64)]
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password.")), Length(max=200)]
    )


class PasswordForm(FlaskForm):
    """The current password and a new one, twice."""

    current = PasswordField(
        _l("Current password"), [InputRequired(_l("Enter your current password."))]
    )
    new = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password."))])
    again = PasswordField(
        _l("New password again"),
        [EqualTo("new", _l("The two new passwords differ. Type the same one twice."))],
    )
