"""Settings of mails: what is understood, and that a mistake never repeats the password."""

from __future__ import annotations

import pytest

from app.config import MailServer, SettingsError, load_settings

SENDER = {"QIJUE_MAIL_FROM": "exams@example.org"}


def loaded(folder, **environ):
    return load_settings({"QIJUE_INSTANCE": str(folder), **environ})


def test_without_a_server_mails_go_into_the_folder(tmp_path):
    assert loaded(tmp_path).mail_server is None


@pytest.mark.parametrize(
    ("given", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587)),
        ("smtp://10.0.0.1:25/", MailServer("10.0.0.1", 25)),
        ("smtps://mail.example.org", MailServer("mail.example.org", 465, tls_from_start=True)),
        (
            "smtp://exams%40example.org:p%40ss%2F%3A@mail.example.org:2525",
            MailServer("mail.example.org", 2525, False, "exams@example.org", "p@ss/:"),
        ),
    ],
)
def test_a_server_is_read_from_its_address(tmp_path, given, server):
    settings = loaded(tmp_path, QIJUE_SMTP=given, **SENDER)

    assert settings.mail_server == server
    assert settings.mail_from == "exams@example.org"


@pytest.mark.parametrize(
    "given",
    [
        "mail.example.org:25",
        "http://mail.example.org",
        "smtp://",
        "smtp://user:secret@mail.example.org:many",
        "smtp://user:secret@mail.example.org:99999",
        "smtp://user:se/cret@mail.example.org",
        "smtp://user:secret@mail.example.org/path",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path, given):
    with pytest.raises(SettingsError, match="QIJUE_SMTP") as refused:
        loaded(tmp_path, QIJUE_SMTP=given, **SENDER)

    assert "secret" not in str(refused.value)
    assert "cret@" not in str(refused.value)


@pytest.mark.parametrize("sender", ["", "nobody", "a@", "a@b\nc", "a@b, c@d"])
def test_a_server_needs_a_sender(tmp_path, sender):
    with pytest.raises(SettingsError, match="QIJUE_MAIL_FROM"):
        loaded(tmp_path, QIJUE_SMTP="smtp://mail.example.org", QIJUE_MAIL_FROM=sender)


def test_the_password_is_in_no_text_about_the_settings(tmp_path):
    settings = loaded(tmp_path, QIJUE_SMTP="smtp://user:secret@mail.example.org", **SENDER)

    assert "secret" not in repr(settings)
