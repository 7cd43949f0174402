"""GIFT → drafts, as Moodle reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.errors import DomainError
from app.domain.problems import Problem
from app.domain.questions.question import ID
from app.domain.text import N_
from app.loader.exchange.answers import (
    Choice,
    Wording,
    read_blanks,
    read_choices,
    read_number,
    read_wordings,
)
from app.loader.exchange.contract import MOST_QUESTIONS, Draft, Reading, Unreadable
from app.loader.exchange.gift_blocks import Block, Category, blocks, shown
from app.loader.exchange.tags import Tags, pool_of, read_tags
from app.loader.exchange.text_lines import lines_of
from app.loader.exchange.texts import Form, Notes, Texts, with_gap

_FORMS = {
    "[html]": Form.HTML,
    "[moodle]": Form.AUTO,
    "[plain]": Form.PLAIN,
    "[markdown]": Form.MARKDOWN,
}
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_MOST_DIGITS = 400
_ORDERING = re.compile(
    r"\s*(\d*)\s*(ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*"
    r"(HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)?\s*([A-Z_]*)\s*$"
)


def read(data: bytes) -> Reading:
    """Everything in the file. Raises Unreadable where it is no text."""
    drafts: list[Draft] = []
    refused: list[Problem] = []
    notes: list[Problem] = []
    categories: list[str] = []
    pool = ""
    for found in blocks(lines_of(data)):
        if isinstance(found, Category):
            pool = pool_of(found.name)
            categories += [] if pool else [found.name]
            continue
        place = Notes(f"line {found.line}")
        if len(drafts) + len(refused) >= MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        try:
            raw = _Question(found, place).read()
        except NotUnderstood as error:
            refused.append(
                Problem("", f"line {error.line}", error.sentence, dict(error.parameters))
            )
            continue
        if raw is None:
            notes.append(Problem("", place.place, N_("A description is no question."), {}))
            continue
        drafts.append(Draft(place.place, ({"pool": pool} if pool else {}) | raw, place.told()))
    if categories:
        names = ", ".join(dict.fromkeys(categories))
        notes.append(Problem("", "", N_("Categories are not kept: %(names)s"), {"names": names}))
    return Reading(tuple(drafts), tuple(refused), tuple(notes))


class NotUnderstood(DomainError):
    """What stands on a line makes no sense. line: its number."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__("gift", sentence)
        self.line = line


class _Question:
    """One question on its way to a draft."""

    def __init__(self, block: Block, notes: Notes) -> None:
        self.block = block
        self.notes = notes
        self.texts = Texts(notes)
        self.tags: Tags = read_tags(block.tags)
        self.form = Form.AUTO
        self.start = 0

    def read(self) -> dict[str, Any] | None:
        """The draft's fields; None for a description. Raises NotUnderstood."""
        text = self.block.text
        title, position = self._title(text)
        opening, closing = text.find("{", position), text.find("}", position)
        if opening < 0 and closing < 0:
            return None
        if opening < 0 or closing < opening:
            raise self._wrong(max(closing, opening), N_("A brace { or } has no partner."))
        if text.find("{", closing) >= 0 or text.find("}", closing + 1) >= 0:
            raise self._wrong(
                max(text.find("{", closing), text.find("}", closing + 1)),
                N_("There is a second answer part, or a { or } without a backslash before it."),
            )
        if "{" in text[opening + 1 : closing]:
            raise self._wrong(text.index("{", opening + 1), N_("A brace { or } has no partner."))
        after = text[closing + 1 :].strip()
        stem = text[position:opening].rstrip() if not after else text[position:opening]
        self.form, stem = self._formed(stem.lstrip(), Form.AUTO)
        raw = self._head(title)
        raw["stem"] = self._text(f"{stem}____{text[closing + 1 :]}" if after else stem)
        self.start = opening + 1
        return raw | self._body(text[opening + 1 : closing], raw["stem"])

    def _title(self, text: str) -> tuple[str, int]:
        if not text.startswith("::"):
            return "", 0
        end = text.find("::", 2)
        if end < 0:
            raise self._wrong(0, N_("The title has no :: at its end."))
        return shown(text[2:end]), end + 2

    def _head(self, title: str) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        id_ = self.block.id
        if ID.fullmatch(id_):
            raw["id"] = id_
        elif id_:
            self.notes.add(N_("The ID number %(id)s is not one of ours and is not kept."), id=id_)
        raw |= self.tags.raw
        if "source" not in raw and title and not (id_ and title.startswith(id_)):
            raw["source"] = title[:200]
        if self.tags.unknown:
            names = ", ".join(self.tags.unknown)
            self.notes.add(N_("Tags that are not ours: %(tags)s"), tags=names)
        return raw

    def _body(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        answers, found, feedback = _parted_last(answers)
        raw: dict[str, Any] = {}
        if found and feedback.strip():
            raw["explanation"] = self._formed_text(feedback)
        return raw | self._kind(answers)(answers, stem)

    def _kind(self, answers: str) -> Callable[[str, dict[str, str]], dict[str, Any]]:
        stripped = answers.strip()
        first = stripped.partition("#")[0].strip().upper()
        if not stripped:
            return self._essay
        if stripped.startswith("#"):
            return self._numeric
        if stripped.startswith(">"):
            return self._ordering
        if "~" in stripped:
            return self._choice
        if "blanks" not in self.tags.extra and "=" in stripped and "->" in stripped:
            return self._matching
        return self._true_false if first in _TRUE + _FALSE else self._short

    def _essay(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        return {"type": "short_answer"}

    def _true_false(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        value, *feedback = answers.split("#")
        for told in filter(None, map(shown, feedback)):
            self.notes.add(N_("Feedback on an answer is not kept: %(text)s"), text=told)
        return {"type": "true_false", "answer": value.strip().upper() in _TRUE}

    def _choice(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        single = "=" in answers
        choices = []
        for sign, text, position in self._signed(answers):
            share, rest = self._weighed(text, position, usual=100.0 if sign == "=" else 0.0)
            words, feedback = _with_feedback(rest)
            told = self._formed_text(feedback) if feedback.strip() else None
            choices.append(Choice(self._formed_text(words), share, told))
        return read_choices(
            choices, single=single, keep_order=False, tags=self.tags, notes=self.notes
        )

    def _short(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        wordings = []
        for _, text, position in self._signed(answers, bare=True):
            share, rest = self._weighed(text, position, usual=100.0)
            words, feedback = _with_feedback(rest)
            self._note_feedback(feedback)
            wordings.append(Wording(shown(words), share))
        gapped = with_gap(stem)
        gap = read_wordings(wordings, notes=self.notes)
        return {"stem": gapped, **read_blanks([gap], stem=gapped, tags=self.tags)}

    def _numeric(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        right, _, wrong = answers.replace("#", " ", 1).partition("~")
        self._note_feedback(_with_feedback(wrong)[1])
        wordings = []
        for _, text, position in self._signed(right, bare=True):
            share, rest = self._weighed(text, position, usual=100.0)
            words, feedback = _with_feedback(rest)
            self._note_feedback(feedback)
            try:
                wordings.append(_number(shown(words), share))
            except InvalidOperation as error:
                raise self._wrong(
                    self.start + position, N_("This is no number, range or number with tolerance.")
                ) from error
        return {"type": "numeric", **read_number(wordings, tags=self.tags, notes=self.notes)}

    def _matching(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        pairs, distractors = [], []
        for _, text, position in self._signed(answers):
            left, arrow, right = text.partition("->")
            if not arrow:
                raise self._wrong(self.start + position, N_("A pair has no -> in it."))
            markdown = "markdown" in self.tags.flags
            partner = self.texts.plain(shown(right), markdown=markdown)
            if shown(left):
                pairs.append({"left": self._formed_text(left), "right": partner})
            else:
                distractors.append(partner)
        raw: dict[str, Any] = {"type": "matching", "pairs": pairs}
        return raw | ({"distractors": distractors} if distractors else {})

    def _ordering(self, answers: str, stem: dict[str, str]) -> dict[str, Any]:
        head, *items = answers.strip().removeprefix(">").split("\n")
        settings = _ORDERING.match(head)
        if settings is None:
            raise self._wrong(self.start, N_("The settings of this ordering are not understood."))
        if settings[2] not in (None, "ALL", "EXACT"):
            self.notes.add(N_("Moodle showed only some of the entries; here all are shown."))
        texts = [self._formed_text(item) for item in items if item.strip()]
        return {"type": "ordering", "items": texts}

    def _signed(self, answers: str, *, bare: bool = False) -> list[tuple[str, str, int]]:
        """Answers with their sign and place. bare: the first may stand without one."""
        pieces = re.split(r"([~=])", answers)
        found = []
        if pieces[0].strip():
            if not bare:
                raise self._wrong(self.start, N_("An answer has no = or ~ before it."))
            found.append(("=", pieces[0], 0))
        position = len(pieces[0])
        for sign, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if text.strip() or sign == "~":
                found.append((sign, text, position))
            position += len(text) + 1
        return found

    def _weighed(self, text: str, position: int, *, usual: float) -> tuple[float, str]:
        stripped = text.lstrip()
        match = _WEIGHT.match(stripped)
        if match is None and re.match(r"%[-\d.\s]*%", stripped):
            raise self._wrong(self.start + position, N_("The weight of an answer is no number."))
        return (usual, text) if match is None else (float(match[1]), stripped[match.end() :])

    def _note_feedback(self, feedback: str) -> None:
        if shown(feedback):
            self.notes.add(N_("Feedback on an answer is not kept: %(text)s"), text=shown(feedback))

    def _formed(self, text: str, usual: Form) -> tuple[Form, str]:
        for prefix, form in _FORMS.items():
            if text.startswith(prefix):
                return form, text[len(prefix) :]
        return usual, text

    def _formed_text(self, text: str) -> dict[str, str]:
        form, rest = self._formed(text.strip(), self.form)
        return self.texts.read(shown(rest), form)

    def _text(self, text: str) -> dict[str, str]:
        return self.texts.read(shown(text), self.form)

    def _wrong(self, position: int, sentence: str) -> NotUnderstood:
        return NotUnderstood(self.block.line_of(position), sentence)


def _parted_last(answers: str) -> tuple[str, str, str]:
    before, found, feedback = answers.rpartition("####")
    return (before, found, feedback) if found else (answers, "", "")


def _with_feedback(text: str) -> tuple[str, str]:
    words, _, feedback = text.partition("#")
    return words, feedback


def _number(text: str, share: float) -> Wording:
    """A number, a number:tolerance or a least..most. Raises InvalidOperation."""
    if text == "*":
        return Wording("*", share)
    if ".." in text:
        least, most = map(_decimal, text.split("..", 1))
        return Wording(f"{(least + most) / 2:f}", share, float(abs(most - least) / 2))
    number, _, tolerance = text.partition(":")
    _decimal(number)
    return Wording(number.strip(), share, float(_decimal(tolerance.strip() or "0")))


def _decimal(text: str) -> Decimal:
    number = Decimal(text.strip())
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise InvalidOperation
    return number
