"""New keys: what a form sends for each type, and how a key reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.domain.questions.kinds import QuestionType
from app.domain.scoring.rekeying import REKEYS
from app.web.results.forms import typed


def has_key_form(type_: QuestionType) -> bool:
    """Whether a question of this type can be given another key."""
    return type_ in REKEYS


def sent_key(type_: QuestionType) -> Any:
    """The key that the form says, as `domain/scoring/rekeying` takes it; None for none."""
    read = _READ.get(type_)
    return read() if read else None


def key_words(type_: QuestionType, key: Any) -> str:
    """A stored key in words."""
    words = _WORDS.get(type_)
    return words(key) if words and key is not None else ""


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


def _any_of(key: Any) -> str:
    return str(_(" or ")).join(letter.upper() for letter in key)


def _all_of(key: Any) -> str:
    return "".join(letter.upper() for letter in key)


def _right_or_wrong(key: Any) -> str:
    return str(_("True") if key else _("False"))


def _accepted(key: Any) -> str:
    return "; ".join(" / ".join([*blank["zh"], *blank["en"]]) for blank in key)


_WORDS: Mapping[QuestionType, Callable[[Any], str]] = {
    QuestionType.SINGLE: _any_of,
    QuestionType.MULTIPLE: _all_of,
    QuestionType.TRUE_FALSE: _right_or_wrong,
    QuestionType.FILL_IN: _accepted,
    QuestionType.NUMERIC: str,
}
