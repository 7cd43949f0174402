"""The translation catalogues: compiled from .po files, and spoken where there is no request.

The web speaks through Flask-Babel, in the language of its request. Mails and commands speak
the language of whoever reads them: they have a `Voice`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from app.domain.text import Language, Text

FOLDER = Path(__file__).resolve().parent / "translations"


class Sayable(Protocol):
    """An English sentence with %(name)s places and what fills them."""

    @property
    def sentence(self) -> str:
        """The sentence, marked with `N_` where it is written."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """Values, texts, times, or sentences again."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language, and tells times in one time zone."""

    language: Language
    time_zone: str

    def say(self, sentence: str, parameters: Mapping[str, object] | None = None) -> str:
        """The sentence in this language; one that no catalogue has stays English."""
        translated: str = _catalogue(self.language.value).gettext(sentence)
        if not parameters:
            return translated
        return translated % {name: self.show(value) for name, value in parameters.items()}

    def show(self, value: object) -> object:
        """A parameter as it is read: texts and sentences translated, times in the zone."""
        if isinstance(value, Text):
            return value.to(self.language)
        if isinstance(value, datetime):
            local = value.astimezone(ZoneInfo(self.time_zone))
            return format_datetime(local, "yyyy-MM-dd HH:mm", locale=self.language.value)
        if isinstance(value, date):
            pattern = "long" if self.language is Language.ZH else "d MMM y"
            return format_date(value, pattern, locale=self.language.value)
        if hasattr(value, "sentence") and hasattr(value, "parameters"):
            return self.say(value.sentence, value.parameters)
        return value


def compile_catalogues(folder: Path) -> None:
    """Write every .mo that was not made from its .po; safe when several start at once."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        written = source.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns == written:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        os.utime(draft, ns=(written, written))  # equal times mean: made from this very .po
        draft.replace(target)


@lru_cache(maxsize=len(Language))
def _catalogue(language: str) -> Any:
    return Translations.load(FOLDER, [language])
