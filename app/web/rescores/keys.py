"""New keys: what a form sends for each type, and how a key reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.domain.questions.choice import LETTERS
from app.domain.questions.kinds import QuestionType
from app.domain.questions.question import Question
from app.domain.scoring.rekeying import REKEYS
from app.web.results.forms import typed
from app.web.templating import local


def has_key_form(type_: QuestionType) -> bool:
    """Whether a question of this type can be given another key."""
    return type_ in REKEYS


def sent_key(type_: QuestionType) -> Any:
    """The key that the form says, as `domain/scoring/rekeying` takes it; None for none."""
    read = _READ.get(type_)
    return read() if read else None


def key_words(question: Question, key: Any) -> str:
    """A stored key in words; options by their text, as each candidate saw another order."""
    words = _WORDS.get(question.type)
    return words(question, key) if words and key is not None else ""


def _letters() -> Any:
    return request.form.getlist("right") or None


def _statement() -> Any:
    return {"yes": True, "no": False}.get(request.form.get("right", ""))


def _blanks() -> Any:
    zh, en = request.form.getlist("blank_zh"), request.form.getlist("blank_en")
    return [
        {"zh": _lines(one), "en": _lines(other)} for one, other in zip(zh, en, strict=False)
    ] or None


def _formula() -> Any:
    return typed("formula").strip() or None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


_READ: Mapping[QuestionType, Callable[[], Any]] = {
    QuestionType.SINGLE: _letters,
    QuestionType.MULTIPLE: _letters,
    QuestionType.TRUE_FALSE: _statement,
    QuestionType.FILL_IN: _blanks,
    QuestionType.NUMERIC: _formula,
}


def _any_of(question: Question, key: Any) -> str:
    return str(_(" or ")).join(_options(question, key))


def _all_of(question: Question, key: Any) -> str:
    return " + ".join(_options(question, key))


def _options(question: Question, key: Any) -> list[str]:
    options: Any = question.dump()["options"]
    return [
        local(option) for letter, option in zip(LETTERS, options, strict=False) if letter in key
    ]


def _right_or_wrong(_question: Question, key: Any) -> str:
    return str(_("True") if key else _("False"))


def _accepted(_question: Question, key: Any) -> str:
    return "; ".join(" / ".join([*blank["zh"], *blank["en"]]) for blank in key)


def _as_written(_question: Question, key: Any) -> str:
    return str(key)


_WORDS: Mapping[QuestionType, Callable[[Question, Any], str]] = {
    QuestionType.SINGLE: _any_of,
    QuestionType.MULTIPLE: _all_of,
    QuestionType.TRUE_FALSE: _right_or_wrong,
    QuestionType.FILL_IN: _accepted,
    QuestionType.NUMERIC: _as_written,
}
