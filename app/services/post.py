"""Where mails go: into a folder (the embedded default), or to a mail server."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from app.config import MailServer, Settings

TIMEOUT = 10.0
"""Seconds that a mail server may take for one step."""

CHECK_TIMEOUT = 5.0
"""As TIMEOUT, where somebody waits for the answer."""

LONGEST_PROBLEM = 300


class PostClosed(Exception):
    """Nothing can be sent now: the folder or the server cannot be used. No secret is in it."""


class MailRefused(Exception):
    """This mail cannot be sent; others may. No secret is in it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail as it goes out. id: of its row, the same at every try."""

    id: int
    address: str
    subject: str
    body: str
    created_at: datetime


class Box(Protocol):
    """An open way out."""

    def deliver(self, parcel: Parcel) -> None:
        """Send it; raises MailRefused, PostClosed."""


class Post(Protocol):
    """A way out for mails."""

    def open(self) -> AbstractContextManager[Box]:
        """A box for several mails; raises PostClosed."""

    def check(self) -> None:
        """Whether mails would go out now, without sending one; raises PostClosed."""


def post_of(settings: Settings) -> Post:
    """The way out of this installation."""
    if settings.mail_server is None:
        return FolderPost(settings.instance / "mails", settings.mail_from)
    return ServerPost(settings.mail_server, settings.mail_from)


@dataclass(frozen=True, slots=True)
class FolderPost:
    """Writes every mail as a file, to be looked at or picked up by another program."""

    folder: Path
    sender: str

    @contextmanager
    def open(self) -> Iterator[Box]:
        """See `Post`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PostClosed(_reason(error)) from None
        yield self

    def deliver(self, parcel: Parcel) -> None:
        """Write `000042.eml`, for its owner alone; again overwrites."""
        message = _message(parcel, self.sender).as_bytes(policy=SMTP)
        try:
            _write(self.folder / f"{parcel.id:06d}.eml", message)
        except OSError as error:
            raise PostClosed(_reason(error)) from None

    def check(self) -> None:
        """See `Post`."""
        with self.open():
            trial = self.folder / f".trial.{os.getpid()}"
            try:
                _write(trial, b"")
                trial.unlink()
            except OSError as error:
                raise PostClosed(_reason(error)) from None


@dataclass(frozen=True, slots=True)
class ServerPost:
    """Hands mails to an SMTP server. A password only ever travels inside TLS."""

    server: MailServer
    sender: str

    @contextmanager
    def open(self) -> Iterator[Box]:
        """See `Post`."""
        with self._connected(TIMEOUT) as connection:
            yield _ServerBox(connection, self.sender)

    def check(self) -> None:
        """See `Post`."""
        with self._connected(CHECK_TIMEOUT) as connection:
            try:
                code, _ = connection.noop()
            except OSError as error:
                raise PostClosed(_reason(error)) from None
            if code != 250:
                raise PostClosed(f"NOOP: {code}")

    @contextmanager
    def _connected(self, timeout: float) -> Iterator[smtplib.SMTP]:
        try:
            connection = self._greet(timeout)
        except OSError as error:  # smtplib's errors are among these
            raise PostClosed(_reason(error)) from None
        with _hanging_up(connection):
            yield connection

    def _greet(self, timeout: float) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.tls_from_start:
            connection = smtplib.SMTP_SSL(
                server.host, server.port, timeout=timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
        try:
            _secure(connection, server, context)
        except OSError:
            connection.close()
            raise
        return connection


@dataclass(frozen=True, slots=True)
class _ServerBox:
    connection: smtplib.SMTP
    sender: str

    def deliver(self, parcel: Parcel) -> None:
        """See `Box`."""
        try:
            self.connection.send_message(_message(parcel, self.sender))
        except smtplib.SMTPServerDisconnected as error:
            raise PostClosed(_reason(error)) from None
        except smtplib.SMTPException as error:
            raise MailRefused(_reason(error)) from None
        except OSError as error:
            raise PostClosed(_reason(error)) from None


def _secure(connection: smtplib.SMTP, server: MailServer, context: ssl.SSLContext) -> None:
    """Turn TLS on where the server has it, then log in where a user name is set."""
    connection.ehlo_or_helo_if_needed()
    if not server.tls_from_start:
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif server.user:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS for the password")
    if server.user:
        connection.login(server.user, server.password)


@contextmanager
def _hanging_up(connection: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
        with suppress(OSError):
            connection.quit()
    finally:
        connection.close()


def _message(parcel: Parcel, sender: str) -> EmailMessage:
    """The mail as RFC 5322 has it; its Message-ID is the same at every try."""
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=parcel.address)
    message["Subject"] = parcel.subject
    message["Date"] = format_datetime(parcel.created_at)
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{parcel.id}.{parcel.created_at:%Y%m%d%H%M%S}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.body, cte="quoted-printable" if parcel.body.isascii() else "base64")
    return message


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on disk before it counts as sent."""
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _reason(error: OSError) -> str:
    """What went wrong, in one line: what the server said, but nothing about a log-in."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        text = f"{error.smtp_code} log-in refused"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        text = f"{code} {_decoded(said)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        text = f"{error.smtp_code} {_decoded(error.smtp_error)}"
    else:
        text = error.strerror or str(error) or type(error).__name__
    return " ".join(text.split())[:LONGEST_PROBLEM]


def _decoded(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
