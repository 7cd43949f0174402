"""What every template may use: texts in the reader's language, dates, states, navigation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import format_date, format_datetime
from flask_login import current_user
from joserfc.jwk import ECKey
from markupsafe import Markup

from app.domain.permissions import Permission, Role
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.text import Text
from app.loader.rendering import PICTURE, render_text, with_pictures
from app.queries.review_queue import queue_counts
from app.web.access import settings
from app.web.errors import sentence
from app.web.languages import html_language, language
from app.web.languages import translated as _
from app.web.pictures import picture_addresses


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation. count: of what waits there, None where nothing does."""

    endpoint: str
    label: str
    count: int | None = None

    @property
    def is_current(self) -> bool:
        """Whether the page belongs to it; an entry of its own comes before its area's."""
        here = request.endpoint or ""
        area = here.split(".")[0]
        if here in _OWN_ENTRIES or self.endpoint in _OWN_ENTRIES:
            return here == self.endpoint
        return self.endpoint.split(".")[0] in (area, _AREAS.get(area, area))


_AREAS = {
    "proctoring": "sittings",
    "reviews": "sittings",
    "preflight": "sittings",
    "editor": "bank",
    "exchange": "bank",
    "releases": "results",
    "rescores": "results",
    "appeals": "results",
    "certification": "results",
    "trainers": "results",
    "transcripts": "exams",
}
"""Area → the one that stands for it in the navigation."""
_OWN_ENTRIES = frozenset({"bank.review"})
_STAFF_AREAS = frozenset(
    {
        *("home", "bank", "editor", "exchange", "sittings", "proctoring", "reviews"),
        *("papers", "results", "people", "accommodations", "dossiers", "audit"),
        *("releases", "rescores", "appeals", "certification", "trainers"),
    }
)
"""Areas whose pages tell a reviewer how much waits: nobody is reminded while studying."""


def local(value: Text | Mapping[str, str]) -> str:
    """A text, or a {zh, en} mapping, in the reader's language."""
    if isinstance(value, Text):
        return value.to(language())
    return value.get(language().value) or value.get("zh", "")


def rich(value: Text | Mapping[str, str] | str) -> Markup:
    """Markdown of a question, rendered and sanitised, in the reader's language."""
    source = value if isinstance(value, str) else local(value)
    html = render_text(source)
    if PICTURE in html:
        html = with_pictures(html, picture_addresses())
    return Markup(html)  # noqa: S704 (sanitised by nh3)


def with_values(value: Text, values: Mapping[str, float]) -> Markup:
    """A numeric question's stem with its drawn values in the {name} places."""
    source = local(value)
    for name, number in values.items():
        source = source.replace("{" + name + "}", f"{number:g}")
    return rich(source)


def number(value: float) -> str:
    """Points without a needless decimal: 4, 3.5."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def day(value: date | datetime) -> str:
    """A day in the reader's language."""
    return str(format_date(value, "long" if language() == "zh" else "d MMM y"))


def moment(value: datetime) -> str:
    """A day and time of the organisation's time zone."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm"))


def navigation() -> list[NavItem]:
    """The entries that this person may use; a log-in with a ticket serves one exam alone."""
    if not current_user.is_authenticated or current_user.identity.registration_id is not None:
        return []
    entries = [
        (Permission.STUDY, NavItem("courses.course", _("Course"))),
        (Permission.STUDY, NavItem("practice.index", _("Practice"))),
        (Permission.SIT_EXAMS, NavItem("exams.index", _("Exams"))),
        (Permission.SIT_EXAMS, NavItem("certificates.mine", _("Certificates"))),
        (Permission.SEE_QUESTIONS, NavItem("bank.index", _("Question bank"))),
        (
            Permission.REVIEW_QUESTIONS,
            NavItem("bank.review", _("Question review"), count=_waiting_for_review()),
        ),
        (Permission.SEE_PLANS, NavItem("papers.plans", _("Exam papers"))),
        (Permission.SEE_SITTINGS, NavItem("sittings.index", _("Sittings"))),
        (
            Permission.MANAGE_ACCOMMODATIONS,
            NavItem("accommodations.index", _("Accommodations")),
        ),
        (Permission.MARK, NavItem("marking.index", _("Marking"))),
        (Permission.SEE_RESULTS, NavItem("results.index", _("Results"))),
        *(
            []
            if current_user.may(Permission.SEE_RESULTS)
            else [(Permission.SEE_RESCORES, NavItem("rescores.index", _("Re-scores")))]
        ),
        (Permission.MANAGE_ACCOUNTS, NavItem("people.index", _("Accounts"))),
        (Permission.EXPORT_DOSSIERS, NavItem("dossiers.index", _("Dossiers"))),
        (Permission.SEE_AUDIT, NavItem("audit.index", _("Audit log"))),
    ]
    return [item for permission, item in entries if current_user.may(permission)]


def _waiting_for_review() -> int | None:
    """How many questions wait for this reviewer: one statement, on pages of the staff alone."""
    if not current_user.may(Permission.REVIEW_QUESTIONS):
        return None
    if (request.endpoint or "").split(".")[0] not in _STAFF_AREAS:
        return None
    if g.get("has_failed"):  # perhaps it was the database: what says so must not need it
        return None
    return sum(queue_counts(current_user.identity.user_id).values()) or None


def type_name(value: str) -> str:
    """The name of a question type."""
    names: dict[str, str] = {
        QuestionType.SINGLE: _("Single choice"),
        QuestionType.MULTIPLE: _("Multiple choice"),
        QuestionType.TRUE_FALSE: _("True or false"),
        QuestionType.FILL_IN: _("Fill in"),
        QuestionType.NUMERIC: _("Calculation"),
        QuestionType.MATCHING: _("Matching"),
        QuestionType.ORDERING: _("Ordering"),
        QuestionType.SHORT_ANSWER: _("Short answer"),
        QuestionType.CASE: _("Case"),
    }
    return names[QuestionType(value)]


def level_name(value: str) -> str:
    """The name of a cognitive level."""
    names: dict[str, str] = {
        Level.REMEMBER: _("Remember"),
        Level.APPLY: _("Apply"),
        Level.ANALYSE: _("Analyse"),
    }
    return names[Level(value)]


def pool_name(value: str) -> str:
    """The name of a pool."""
    names: dict[str, str] = {Pool.PRACTICE: _("Practice pool"), Pool.EXAM: _("Exam pool")}
    return names[Pool(value)]


def role_name(value: str) -> str:
    """The name of a role."""
    names: dict[str, str] = {
        Role.TRAINEE: _("Trainee"),
        Role.INSTRUCTOR: _("Instructor"),
        Role.BANK_KEEPER: _("Question bank keeper"),
        Role.MARKER: _("Marker"),
        Role.LEAD_MARKER: _("Lead marker"),
        Role.PROCTOR: _("Proctor"),
        Role.HR: _("HR"),
        Role.ADMIN: _("Administrator"),
        Role.AUDITOR: _("Auditor"),
        Role.CERTIFIER: _("Certifier"),
    }
    return names[Role(value)]


def page_url(**changes: object) -> str:
    """The address of this list with some of its filters changed."""
    arguments: dict[str, object] = {
        **(request.view_args or {}),
        **request.args.to_dict(),
        **changes,
    }
    kept: dict[str, Any] = {
        name: value for name, value in arguments.items() if value not in ("", None)
    }
    return url_for(request.endpoint or "home.index", **kept)


def answer_file_public_key() -> str:
    """What an exam page encrypts an answer file for: the public JWK (P-256), as JSON."""
    public = ECKey.import_key(dict(settings().answer_file_key)).as_dict(private=False)
    return json.dumps(public, sort_keys=True)


def register(app: Flask) -> None:
    """Make these known to Jinja."""
    app.jinja_env.filters.update(
        local=local, rich=rich, number=number, day=day, moment=moment, sentence=sentence
    )
    app.jinja_env.globals.update(
        with_values=with_values,
        navigation=navigation,
        type_name=type_name,
        level_name=level_name,
        pool_name=pool_name,
        role_name=role_name,
        page_url=page_url,
        html_language=html_language,
        language=language,
        settings=settings,
        answer_file_public_key=answer_file_public_key,
        theme=lambda: (
            request.cookies.get("theme", "auto")
            if request.cookies.get("theme") in ("light", "dark")
            else "auto"
        ),
        zip=zip,
        _=_,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
