"""A question rendered in both languages: as a candidate sees it, and with its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import g, render_template
from flask_babel import force_locale
from markupsafe import Markup

from app.domain.questions.question import Question
from app.domain.questions.samples import sample_layout
from app.domain.text import Language
from app.web.languages import LOCALES


@dataclass(frozen=True, slots=True)
class Shown:
    """A question in one language. prompt: what a candidate sees; key: what is right, and why."""

    language: Language
    html_language: str
    prompt: Markup
    key: Markup


def in_both_languages(content: Question) -> list[Shown]:
    """The question in Chinese and in English, in one order of its options."""
    layout = sample_layout(content.body)
    prompt = content.body.prompt(layout)
    found = []
    for one in (Language.ZH, Language.EN):
        with _speaking(one):
            parts = [
                render_template(
                    f"bank/shown_{part}.html",
                    content=content,
                    layout=layout,
                    prompt=prompt,
                    without_answer=True,
                    name=f"shown-{one.value}",
                )
                for part in ("prompt", "key")
            ]
        html_language = "zh-CN" if one is Language.ZH else "en"
        found.append(Shown(one, html_language, *map(Markup, parts)))
    return found


@contextmanager
def _speaking(chosen: Language) -> Iterator[None]:
    """Texts of questions and sentences of the interface are in this language inside."""
    kept = {name: g.pop(name) for name in ("language", "catalogue") if name in g}
    g.language = chosen
    try:
        with force_locale(LOCALES[chosen]):
            yield
    finally:
        g.pop("catalogue", None)
        g.pop("language", None)
        for name, value in kept.items():
            setattr(g, name, value)
