"""Typed settings. The only reader of the environment and of instance/secrets.json."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from joserfc.jwk import ECKey, OKPKey

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class MailServer:
    """An SMTP server. tls_from_start: smtps, not STARTTLS. user "": it asks for no log-in."""

    host: str
    port: int
    tls_from_start: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations.

    secret_key signs cookies and forms; receipt_key signs receipts (bytes of hex); the
    certificate_key is a private Ed25519 JWK; answer_file_key a private P-256 JWK, which opens
    what candidates encrypt for it. idle_minutes and session_hours end a log-in. mail_server
    None: mails are written into the folder mails of the instance.
    """

    database_url: str
    instance: Path
    secret_key: str = field(repr=False)
    receipt_key: str = field(repr=False)
    certificate_key: Mapping[str, str] = field(repr=False)
    answer_file_key: Mapping[str, str] = field(repr=False)
    base_url: str = ""
    organisation: str = "七诀客户服务学院"
    organisation_en: str = "Qijue Academy of Customer Service"
    default_language: str = "zh"
    time_zone: str = "Asia/Shanghai"
    secure_cookies: bool = False
    proxies: int = 0
    idle_minutes: int = 30
    session_hours: int = 12
    account_failures: int = 5
    address_failures: int = 5
    content: Path = ROOT / "content"
    questions: Path = ROOT / "questions"
    limiter_storage: str = "memory://"
    mail_server: MailServer | None = None
    mail_from: str = "qijue@localhost"
    testing: bool = False


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, with secrets from instance/secrets.json where not given.

    Raises SettingsError for a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("QIJUE_INSTANCE", str(ROOT / "instance"))).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    kept = _secrets(instance)
    return Settings(
        database_url=_database_url(env.get("DATABASE_URL", ""), instance),
        instance=instance,
        secret_key=env.get("QIJUE_SECRET_KEY") or kept["secret_key"],
        receipt_key=env.get("QIJUE_RECEIPT_KEY") or kept["receipt_key"],
        certificate_key=json.loads(env.get("QIJUE_CERTIFICATE_KEY", "null"))
        or kept["certificate_key"],
        answer_file_key=json.loads(env.get("QIJUE_ANSWER_FILE_KEY", "null"))
        or kept["answer_file_key"],
        base_url=env.get("QIJUE_BASE_URL", "").rstrip("/"),
        organisation=env.get("QIJUE_ORGANISATION", Settings.organisation),
        organisation_en=env.get("QIJUE_ORGANISATION_EN", Settings.organisation_en),
        default_language=_one_of(env, "QIJUE_LANGUAGE", ("zh", "en"), Settings.default_language),
        time_zone=env.get("QIJUE_TIME_ZONE", Settings.time_zone),
        secure_cookies=_flag(env, "QIJUE_SECURE_COOKIES"),
        proxies=_whole(env, "QIJUE_PROXIES", 0),
        idle_minutes=_whole(env, "QIJUE_IDLE_MINUTES", Settings.idle_minutes),
        session_hours=_whole(env, "QIJUE_SESSION_HOURS", Settings.session_hours),
        account_failures=_whole(env, "QIJUE_ACCOUNT_FAILURES", Settings.account_failures),
        address_failures=_whole(env, "QIJUE_ADDRESS_FAILURES", Settings.address_failures),
        content=Path(env.get("QIJUE_CONTENT", str(ROOT / "content"))),
        questions=Path(env.get("QIJUE_QUESTIONS", str(ROOT / "questions"))),
        limiter_storage=env.get("QIJUE_LIMITER_STORAGE", Settings.limiter_storage),
        mail_server=_mail_server(env.get("QIJUE_SMTP", "")),
        mail_from=_mail_from(env),
    )


def new_secrets() -> dict[str, object]:
    """Fresh keys for one installation."""
    return {
        "secret_key": secrets.token_hex(32),
        "receipt_key": secrets.token_hex(32),
        "certificate_key": OKPKey.generate_key("Ed25519", private=True).as_dict(private=True),
        "answer_file_key": ECKey.generate_key("P-256", private=True).as_dict(private=True),
    }


def _secrets(instance: Path) -> dict[str, Any]:
    path = instance / "secrets.json"
    if not path.exists():
        _write_once(path, json.dumps(new_secrets(), indent=2))
    kept = _read(path)
    fresh = {name: key for name, key in new_secrets().items() if name not in kept}
    return _completed(path, fresh) if fresh else kept


def _completed(path: Path, fresh: Mapping[str, object]) -> dict[str, Any]:
    """Add the keys that an earlier release did not know; the ones that are there stay.

    When two start at once, both take the additions of whoever wrote theirs down first: they
    stay beside the file until it has them.
    """
    beside = path.with_name(f"secrets-added-{'-'.join(sorted(fresh))}.json")
    _write_once(beside, json.dumps(fresh, indent=2))
    try:
        added = _read(beside)
    except FileNotFoundError:  # the other one has just put them into the file
        added = {}
    kept = {**fresh, **added, **_read(path)}
    _draft(path, json.dumps(kept, indent=2)).replace(path)
    beside.unlink(missing_ok=True)
    return kept


def _read(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _write_once(path: Path, text: str) -> None:
    """Create the file for its owner alone; when two start at once, the first one wins."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    """The text, on disk and for its owner alone, in a file beside `path`."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _database_url(given: str, instance: Path) -> str:
    if not given:
        return f"sqlite:///{(instance / 'qijue.sqlite3').as_posix()}"
    for scheme in ("postgres://", "postgresql://"):
        if given.startswith(scheme):
            return "postgresql+psycopg://" + given[len(scheme) :]
    return given


def _mail_server(given: str) -> MailServer | None:
    """smtp://user:password@host:587 or smtps://…; the address itself is never repeated."""
    if not given:
        return None
    wrong = SettingsError(
        "QIJUE_SMTP must look like smtp://user:password@host:587 or smtps://host"
        " (special characters of the password as %40 and the like)"
    )
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise wrong from None
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not is_bare:
        raise wrong
    from_start = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=port or (465 if from_start else 587),
        tls_from_start=from_start,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _mail_from(env: Mapping[str, str]) -> str:
    """The sender's address; a mail server needs a real one."""
    sender = env.get("QIJUE_MAIL_FROM", "")
    if not sender and not env.get("QIJUE_SMTP"):
        return Settings.mail_from
    try:
        return Address(addr_spec=sender).addr_spec
    except (ValueError, IndexError):
        raise SettingsError(
            "QIJUE_MAIL_FROM must be an address such as exams@example.org"
        ) from None


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, default)
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "0")
    if value not in ("0", "1"):
        raise SettingsError(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {value!r}")
    return int(value)
