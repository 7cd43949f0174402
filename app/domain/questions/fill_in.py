"""Fill-in questions: gaps in a sentence, each with the wordings it accepts."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from app.domain.questions.body import LONGEST_ANSWER, Answer, InvalidAnswer, Layout, read_line
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from app.domain.text import N_, Text

GAP = re.compile(r"_{4,}")
"""A gap in a stem: four or more underscores."""


@dataclass(frozen=True, slots=True)
class Blank:
    """What one gap accepts, by language; the first wording of each is the one shown as right."""

    zh: tuple[str, ...]
    en: tuple[str, ...]

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every accepted wording: a candidate may answer in either language."""
        return self.zh + self.en

    @property
    def shown(self) -> Text:
        """The wording shown as the right one."""
        return Text(self.zh[0], self.en[0])


@dataclass(frozen=True, slots=True)
class FillIn:
    """A sentence with gaps. interchangeable: the gaps' answers may come in any order."""

    blanks: tuple[Blank, ...]
    interchangeable: bool = False

    TYPE: ClassVar[QuestionType] = QuestionType.FILL_IN
    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {
        "blanks": [{"zh": [], "en": []}],
        "interchangeable": False,
    }

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`; the number of gaps in the stem is checked by the caller's stem."""
        blanks = []
        for item in reader.items("blanks", least=1, most=8):
            blank = Blank(zh=item.strings("zh"), en=item.strings("en"))
            if blank.zh and blank.en:
                blanks.append(blank)
            else:
                item.note("", N_("accepts nothing: give at least one wording in each language"))
            item.done()
        interchangeable = reader.boolean("interchangeable", default=False)
        _check_gaps(reader, len(blanks))
        return cls(tuple(blanks), interchangeable)

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(blank.shown.zh for blank in self.blanks)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        raw: dict[str, object] = {
            "blanks": [{"zh": list(blank.zh), "en": list(blank.en)} for blank in self.blanks]
        }
        if self.interchangeable:
            raw["interchangeable"] = True
        return raw

    def arrange(self, draw: random.Random) -> Layout:
        """Gaps stand where the sentence has them."""
        return Layout()

    def prompt(self, layout: Layout) -> int:
        """How many gaps there are."""
        return len(self.blanks)

    def read_answer(self, raw: object) -> Answer | None:
        """A text for each gap, "" where it was left empty."""
        if raw in (None, []):
            return None
        if not isinstance(raw, list) or len(raw) != len(self.blanks):
            raise InvalidAnswer
        lines = [read_line(item) for item in raw]
        if sum(map(len, lines)) > LONGEST_ANSWER:
            raise InvalidAnswer
        return lines if any(lines) else None


def _check_gaps(reader: Reader, blanks: int) -> None:
    stem = reader.raw.get("stem")
    if not isinstance(stem, dict):
        return
    for language in ("zh", "en"):
        gaps = len(GAP.findall(str(stem.get(language) or "")))
        if gaps != blanks:
            reader.note(
                f"stem › {language}",
                N_("has %(gaps)s gaps (____) but there are %(blanks)s blanks"),
                gaps=gaps,
                blanks=blanks,
            )
