"""Text that exists in both languages of the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Language(StrEnum):
    """A language the product speaks; the value is the suffix used in files."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text in Chinese and in English."""

    zh: str
    en: str

    def to(self, language: Language | str) -> str:
        """The text in `language`."""
        return self.en if language == Language.EN else self.zh

    def dump(self) -> dict[str, str]:
        """The form that files and the database keep."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its parameters, in no language yet: what stands inside another one."""

    sentence: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def N_(sentence: str) -> str:  # noqa: N802 (the name that catalogue tools know)
    """Mark a sentence for the translation catalogue without translating it here.

    The domain speaks no language: it hands the English sentence and its parameters
    to the edge, which translates.
    """
    return sentence
