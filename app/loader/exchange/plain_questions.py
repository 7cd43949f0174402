"""The lines of one question of a pasted paper → a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.problems import Problem
from app.domain.questions.kinds import QuestionType
from app.domain.text import N_
from app.loader.exchange.contract import Draft
from app.loader.exchange.plain_lines import LETTERS, list_items, read_tag
from app.loader.exchange.sheet_bodies import SHEET_BODIES
from app.loader.exchange.sheet_cells import escape, gaps_in, is_chinese, letters, yes_or_no
from app.loader.exchange.sheet_columns import type_of
from app.loader.exchange.sheet_fields import head_fields
from app.loader.exchange.sheet_rows import Cells, Row

_ANSWER_INSIDE = re.compile(
    r"[（(]\s*([A-Ta-tＡ-Ｔ](?:[\s、,，]*[A-Ta-tＡ-Ｔ])*|对|错|正确|错误|√|×|✓|✗)\s*[)）]"
)
_HOLLOW = "（　）"
_CHOICES = frozenset({QuestionType.SINGLE, QuestionType.MULTIPLE})
_WITHOUT_OPTIONS = frozenset({QuestionType.FILL_IN, QuestionType.SHORT_ANSWER})
_WITH_MODEL_ANSWER = frozenset({QuestionType.SHORT_ANSWER, QuestionType.CASE})
_BETWEEN_GAPS = ("[；;\n]", "[、]", "[，,]", r"\s+")


@dataclass(slots=True)
class Block:
    """The lines of one question by field. inline: its first line, if options were found in it."""

    line: int
    section: QuestionType | None
    inline: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        """Whether anything but its stem and options is there."""
        return bool(self.fields.keys() - {"stem", "type"})

    def text(self, name: str) -> str:
        """All lines of a field."""
        return "\n".join(self.fields.get(name, ())).strip()

    def draft(self) -> Draft:
        """What the lines say, as far as it was understood."""
        place = f"line {self.line}"
        kind, stem, answer = self._decide(place)
        every = (*self.fields.values(), *self.options.values())
        language = "zh" if any(is_chinese(line) for lines in every for line in lines) else "en"
        cells = self._cells(kind, stem, answer, language)
        row = Row(place, {key: text for key, text in cells.items() if text}, self.notes)
        raw = head_fields(row) | {"type": kind.value}
        row.take("type")
        for name in ("stem", "explanation"):
            if pair := row.take_pair(name):
                raw[name] = pair
        if kind is QuestionType.CASE:
            row.note("type", N_("plain text cannot hold the tasks of a case: use the sheet"))
        raw |= SHEET_BODIES[kind].read(row, ())
        row.done()
        return Draft(place, raw, tuple(row.notes))

    def _decide(self, place: str) -> tuple[QuestionType, str, str]:
        """The type, the stem without tag and answer, and the answer."""
        tag, stem = read_tag(self.text("stem"))
        told = self.text("type")
        kind = type_of(told) or tag or self.section
        if told and type_of(told) is None:
            self._note(place, N_("“%(word)s” is not a type of question"), word=told)
        answer = self.text("answer")
        inside = self._inside(kind, stem)
        if inside:
            said = inside[1]
            if answer and not _same(answer, said):
                self._note(
                    place,
                    N_("the stem says %(inside)s, the answer says %(answer)s"),
                    inside=said,
                    answer=answer,
                )
            stem = stem[: inside.start()] + _HOLLOW + stem[inside.end() :]
            answer = answer or said
        return kind or self._guess(stem, answer), stem, answer

    def _inside(self, kind: QuestionType | None, stem: str) -> re.Match[str] | None:
        """The one pair of brackets of the stem with an answer in it: nobody may see it there."""
        found = [match for match in _ANSWER_INSIDE.finditer(stem) if self._fits(kind, match[1])]
        return found[0] if len(found) == 1 else None

    def _fits(self, kind: QuestionType | None, said: str) -> bool:
        if self.options and kind in (None, *_CHOICES):
            named = letters(said)
            return named is not None and {name.upper() for name in named} <= set(self.options)
        if self.options or kind not in (None, QuestionType.TRUE_FALSE):
            return False
        is_a_sign = not said.isascii() or not self.text("answer")  # (T) may be a temperature
        return yes_or_no(said) is not None and (kind is not None or is_a_sign)

    def _guess(self, stem: str, answer: str) -> QuestionType:
        """The type where neither a heading nor a tag tells it."""
        named = letters(answer) or []
        if self.options:
            return QuestionType.MULTIPLE if len(named) > 1 else QuestionType.SINGLE
        if answer and yes_or_no(answer) is not None:
            return QuestionType.TRUE_FALSE
        if answer and gaps_in(stem) and "\n" not in answer:
            return QuestionType.FILL_IN
        return QuestionType.SHORT_ANSWER

    def _cells(self, kind: QuestionType, stem: str, answer: str, language: str) -> Cells:
        """The same columns that a sheet has."""
        cells: Cells = {f"stem.{language}": stem, "answer": answer}
        for name in ("id", "pool", "points", "level", "difficulty", "source", "tolerance"):
            cells[name] = self.text(name)
        for name in ("explanation", "unit", "model_answer"):
            cells[f"{name}.{language}"] = self.text(name)
        if not answer and kind not in _WITH_MODEL_ANSWER:  # 参考答案 is what they call it
            cells["answer"] = cells.pop(f"model_answer.{language}")
        options = given = self._option_texts()
        if kind is QuestionType.FILL_IN:
            options = self._gaps(stem, cells)
        elif kind is QuestionType.SHORT_ANSWER:
            options = self._key_points(cells, language)
        elif kind is QuestionType.ORDERING:
            options = self._in_order(cells)
        if self.options and kind in _WITHOUT_OPTIONS:
            cells["options"] = " ".join(f"{name}. {text}" for name, text in given.items())
        for letter, text in options.items():
            cells[f"option.{letter.lower()}.{language}"] = text
        if kind is not QuestionType.SHORT_ANSWER and self.text("key_points"):
            cells["key_points"] = self.text("key_points")
        if self.text("score"):
            cells["score"] = self.text("score")
        return cells

    def _option_texts(self) -> dict[str, str]:
        return {letter: "\n".join(lines).strip() for letter, lines in self.options.items()}

    def _gaps(self, stem: str, cells: Cells) -> dict[str, str]:
        """The wordings of each gap, where the answer has as many parts as the stem has gaps."""
        answer = cells.pop("answer")
        items = list_items(answer)
        wanted = gaps_in(stem) or 1
        splits = [items, *(re.split(sign, answer) for sign in _BETWEEN_GAPS)]
        parts = next((split for split in splits if len(split) == wanted), [answer])
        return dict(zip(LETTERS, (part.strip() for part in parts), strict=False))

    def _key_points(self, cells: Cells, language: str) -> dict[str, str]:
        """What 采分点 lists, or what the answer lists."""
        model = cells.pop("answer")
        column = f"model_answer.{language}"
        cells[column] = "\n".join(filter(None, (model, cells[column])))
        told = self.text("key_points")
        if told:
            items = list_items(told) or [part for part in re.split(r"[；;\n]", told) if part]
        else:
            items = [escape(item) for item in list_items(cells[column])]
            items = items if len(items) > 1 else []
        return dict(zip(LETTERS, map(str.strip, items), strict=False))

    def _in_order(self, cells: Cells) -> dict[str, str]:
        """The options as the answer orders them; the right order where there is none."""
        texts = self._option_texts()
        said = [letter for letter in cells["answer"].upper() if letter.isalpha()]
        if sorted(said) != sorted(texts):
            return texts
        cells["answer"] = ""
        return dict(zip(LETTERS, (texts[letter] for letter in said), strict=False))

    def _note(self, place: str, sentence: str, **parameters: object) -> None:
        self.notes.append(Problem("", place, sentence, parameters))


def _same(one: str, other: str) -> bool:
    if letters(one) is not None and letters(one) == letters(other):
        return True
    return yes_or_no(one) is not None and yes_or_no(one) == yes_or_no(other)
