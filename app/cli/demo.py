"""flask demo …: a demonstration organisation to try the product with."""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from flask.cli import AppGroup

from app.cli.output import plain_errors
from app.config import Settings
from app.domain.permissions import Role
from app.domain.text import Text
from app.queries.accounts import has_accounts, user_id_of
from app.queries.exams import current_exam_id, has_sittings
from app.services.accounts import NewAccount, create_account, enrol
from app.services.passwords import first_password
from app.services.sittings import SittingRules, open_sitting
from app.services.trail import SYSTEM

SCHEME = "service-planning"
PEOPLE: tuple[tuple[Role, str, str, str], ...] = (
    (Role.TRAINEE, "trainee1", "学员甲", "客户服务部/一组"),
    (Role.TRAINEE, "trainee2", "学员乙", "客户服务部/二组"),
    (Role.INSTRUCTOR, "instructor", "讲师甲", "培训中心"),
    (Role.INSTRUCTOR, "instructor2", "讲师乙", "培训中心"),
    (Role.BANK_KEEPER, "keeper", "题库管理员", "培训中心"),
    (Role.MARKER, "marker", "阅卷员甲", "培训中心"),
    (Role.MARKER, "marker2", "阅卷员乙", "培训中心"),
    (Role.MARKER, "marker3", "阅卷员丙", "培训中心"),
    (Role.LEAD_MARKER, "leadmarker", "阅卷组长甲", "培训中心"),
    (Role.LEAD_MARKER, "leadmarker2", "阅卷组长乙", "培训中心"),
    (Role.PROCTOR, "proctor", "监考员", "培训中心"),
    (Role.HR, "hr", "人事专员", "人力资源部"),
    (Role.ADMIN, "admin", "系统管理员", "信息部"),
    (Role.AUDITOR, "auditor", "审计员", "审计部"),
    (Role.CERTIFIER, "certifier", "认证评定人", "认证中心"),
)
"""Three of them work on questions: one writes, two others review. Three mark, and two leads see to
it: one makes a check script, the other approves it."""

demo = AppGroup("demo", help="A demonstration organisation.")


@demo.command("create")
def create() -> None:
    """Create it, where there is nobody yet."""
    with plain_errors():
        create_demo(current_app.extensions["settings"], now=datetime.now(UTC))


def create_demo(settings: Settings, *, now: datetime) -> None:
    """People with generated passwords, enrolments and an open exam; again changes nothing.

    The log-ins are written down before the first account is made, so that a start that was cut
    short can be finished by the next one.
    """
    path = settings.instance / "demo-logins.json"
    if not path.exists():
        if has_accounts():
            return
        _write_private(path, _new_logins())
    for login in json.loads(path.read_text(encoding="utf-8")):
        if user_id_of(login["username"]) is None:
            _create_person(login, now=now)
    if not has_sittings():
        exam_id = current_exam_id(SCHEME, "theory")
        if exam_id is not None:
            open_sitting(
                exam_id,
                title=Text(
                    "服务策划单元考试（体验场次）", "Service planning unit exam (demonstration)"
                ),
                opens_at=now,
                closes_at=now + timedelta(days=365),
                seed=secrets.randbits(31),
                actor=SYSTEM,
                now=now,
                rules=SittingRules(proctors=_proctors()),
            )


def _proctors() -> frozenset[int]:
    """The demonstration's proctors, where they are there."""
    ids = [user_id_of(username) for role, username, _, _ in PEOPLE if role is Role.PROCTOR]
    return frozenset(user_id for user_id in ids if user_id is not None)


def _new_logins() -> list[dict[str, str]]:
    return [
        {"role": role.value, "username": username, "password": first_password(username)}
        for role, username, _, _ in PEOPLE
    ]


def _create_person(login: dict[str, str], *, now: datetime) -> None:
    name, department = next((n, d) for _, u, n, d in PEOPLE if u == login["username"])
    user_id = create_account(
        NewAccount(
            username=login["username"],
            name=name,
            department=department,
            roles=frozenset({Role(login["role"])}),
            password=login["password"],
            must_change_password=False,
        ),
        actor=SYSTEM,
        now=now,
    )
    if login["role"] == Role.TRAINEE:
        enrol(
            user_id,
            scheme_id=SCHEME,
            due_at=now + timedelta(days=90),
            actor=SYSTEM,
            now=now,
        )


def _write_private(path: Path, logins: list[dict[str, str]]) -> None:
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(logins, file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(path)
