"""Questions as plain text in the usual Chinese layout: 题干, A. B. C. D., 答案, 解析.

Each line is a heading, the beginning of a question, options, a label with its text, or goes on
with what stands above it. A line that is none of these is refused with its number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.problems import Problem
from app.domain.questions.kinds import QuestionType
from app.domain.text import N_, Text
from app.loader.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    Format,
    Reading,
    Unreadable,
    refuse_large,
)
from app.loader.exchange.csv_tables import decoded
from app.loader.exchange.plain_lines import (
    LETTERS,
    cut_labels,
    is_item,
    is_numbered,
    read_heading,
    read_labels,
    read_options,
    read_start,
)
from app.loader.exchange.plain_questions import Block

_LISTS = frozenset({"answer", "model_answer", "key_points", "explanation"})
_GOES_ON = frozenset({*_LISTS, "stem"})


def read(data: bytes) -> Reading:
    """The questions of a text in UTF-8 or GBK. Raises Unreadable."""
    refuse_large(data)
    return read_text(decoded(data))


def read_text(text: str) -> Reading:
    """The questions of a pasted text."""
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines()]
    paper = _Paper(numbered=is_numbered(lines))
    for number, line in enumerate(lines, start=1):
        paper.take(number, line)
    return paper.finish()


@dataclass(slots=True)
class _Paper:
    """Everything so far. open: the field or the option letter to which a line may be added."""

    numbered: bool
    section: QuestionType | None = None
    style: str = ""
    block: Block | None = None
    open: str = ""
    gap: bool = False
    listed: int = 0
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """One more line."""
        if not line:
            self.gap = True
            self.listed = 0
            return
        if not (
            self._is_list_item(line)
            or self._heading(number, line)
            or self._start(number, line)
            or self._labels(line)
            or self._options(line)
            or self._unnumbered(number, line)
        ):
            self._go_on(number, line)
        self.gap = False

    def finish(self) -> Reading:
        """The last question too."""
        self._close()
        return Reading(tuple(self.drafts), tuple(self.refused), tuple(self.notes))

    def _close(self) -> None:
        if self.block is None:
            return
        if len(self.drafts) == MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        self.drafts.append(self.block.draft())
        self.block, self.open, self.listed = None, "", 0

    def _is_list_item(self, line: str) -> bool:
        """A numbered line right below 答案： belongs to the answer, and those that follow it."""
        if self.block is None or self.open not in _LISTS or self.gap:
            return False
        told = is_item(line)
        begins = told == 1 and not self.block.text(self.open)
        if told is None or not (begins or (self.listed and told == self.listed + 1)):
            return False
        self.listed = told
        self.block.fields[self.open].append(line)
        return True

    def _heading(self, number: int, line: str) -> bool:
        heading = read_heading(line)
        if heading is None:
            return False
        self._close()
        self.section = heading.type
        place = f"line {number}"
        if not heading.known:
            self._refuse(number, N_("this heading names no type of question that we know"))
        elif heading.remark:
            self.notes.append(
                Problem(
                    "",
                    place,
                    N_("the remark “%(text)s” of this heading is not kept"),
                    {"text": heading.remark},
                )
            )
        return True

    def _start(self, number: int, line: str) -> bool:
        start = read_start(line)
        if start is None or start.style not in (self.style or start.style, "said"):
            return False
        self._close()
        self.style = self.style or start.style
        self._begin(number, start.text)
        return True

    def _begin(self, number: int, text: str) -> None:
        self.block = Block(number, self.section)
        text, labels = cut_labels(text)
        before, options = read_options(text, LETTERS[0])
        if len(options) > 1:
            self.block.inline = text
            self._add_stem(before)
            self._add_options(options)
        else:
            self._add_stem(text)
        self._add_labels(labels)

    def _add_stem(self, text: str) -> None:
        assert self.block is not None
        self.block.fields["stem"] = [text] if text else []
        self.open = "stem"

    def _add_options(self, options: list[tuple[str, str]]) -> None:
        assert self.block is not None
        for letter, text in options:
            self.block.options[letter] = [text]
        self.open = options[-1][0]

    def _labels(self, line: str) -> bool:
        labels = read_labels(line)
        if not labels or self.block is None:
            return False
        self._add_labels(labels)
        return True

    def _add_labels(self, labels: list[tuple[str, str]]) -> None:
        assert self.block is not None
        for name, text in labels:
            lines = self.block.fields.setdefault(name, [])
            if text:
                lines.append(text)
            self.open, self.listed = name, 0

    def _options(self, line: str) -> bool:
        block = self.block
        if block is None or block.is_answered or len(block.options) == len(LETTERS):
            return False
        line, labels = cut_labels(line)
        before, options = read_options(line, LETTERS[0])
        if block.inline and options and not before:  # (A) and (B) in the stem were none
            block.options.clear()
            self._add_stem(block.inline)
        before, options = read_options(line, LETTERS[len(block.options)])
        if not options or before:
            return False
        block.inline = ""
        self._add_options(options)
        self._add_labels(labels)
        return True

    def _unnumbered(self, number: int, line: str) -> bool:
        """In a text without numbers, a question begins after an empty line."""
        if self.numbered or (self.block and not (self.gap and self.block.is_answered)):
            return False
        self._close()
        self._begin(number, line)
        return True

    def _go_on(self, number: int, line: str) -> None:
        block = self.block
        if block is None:
            self._refuse(number, N_("stands before the first question: not read"))
        elif self._is_over(block):
            self._refuse(number, N_("belongs to no question: not read"))
        elif self.open in block.options:
            block.options[self.open].append(line)
            block.inline = ""
        elif self.open in _GOES_ON:
            block.fields[self.open].extend(["", line] if self.gap else [line])
        else:
            self._refuse(number, N_("belongs to no question: not read"))

    def _is_over(self, block: Block) -> bool:
        """Whether nothing can follow: after an empty line, and after the letter of an answer."""
        if self.gap:
            return self.open != "stem"
        return self.open == "answer" and bool(block.options and block.text("answer"))

    def _refuse(self, number: int, sentence: str) -> None:
        self.refused.append(Problem("", f"line {number}", sentence))


FORMAT = Format(
    code="text",
    name=Text("纯文本", "Plain text"),
    ending="txt",
    mime="text/plain",
    read=read,
)
