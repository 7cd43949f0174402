"""Questions → GIFT. What GIFT has no sign for is named, and what it has no type for left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from app.domain.media import Medium
from app.domain.problems import Problem
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching
from app.domain.questions.question import Question
from app.domain.text import N_, Language, Text
from app.loader.exchange.contract import Written
from app.loader.exchange.gift_blocks import written, written_tag
from app.loader.exchange.graders import case_text
from app.loader.exchange.languages import joined
from app.loader.exchange.moodle_numbers import (
    as_number,
    as_share,
    heading,
    number_without_variables,
)
from app.loader.exchange.tags import category_of, tags_of

_PICTURE = re.compile(r"!\[([^\[\]]*)\]\(medium:[^()]*\)")


def write(questions: Sequence[Question], media: Mapping[str, Medium]) -> Written:
    """All questions in one file, each pool under a category of its own."""
    parts: list[str] = []
    losses: list[Problem] = []
    pool = None
    for question in questions:
        writer = _Writer(question)
        text = writer.write()
        losses += writer.losses
        if text and question.pool != pool:
            pool = question.pool
            parts.append(f"$CATEGORY: {category_of(pool)}\n")
        parts += [text] if text else []
    return Written("\n".join(parts).encode(), tuple(losses))


class _Writer:
    """Writes one question and gathers what is lost."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.losses: list[Problem] = []
        self.plain: list[Text] = []
        self.stem = question.stem

    def write(self) -> str:
        """The question with its comments; "" where GIFT has no such question."""
        question = self.question
        if question.type not in _TYPES:
            self.lose(N_("GIFT has no questions of this type: it is left out."))
            return ""
        answers = _TYPES[question.type](self)
        if answers is None:
            return ""
        stem = self.text(self.stem)
        feedback = self.text(question.explanation)
        tags = tags_of(question, plain=self.plain)
        if any("\n" in tag for tag in tags):
            self.lose(N_("New lines in tags are not kept."))
        comment = " ".join(
            [f"// [id:{question.id}]", *(f"[tag:{written_tag(tag)}]" for tag in tags)]
        )
        name = written(f"{question.id} {heading(question)}")
        inner = "".join(f"\t{answer}\n" for answer in answers)
        begin = "\n" if inner else ""
        return f"{comment}\n::{name}::[markdown]{stem}{{{begin}{inner}\t####{feedback}\n}}\n"

    def lose(self, sentence: str, **parameters: object) -> None:
        """Note once what is lost."""
        problem = Problem("", self.question.id, sentence, parameters)
        if problem not in self.losses:
            self.losses.append(problem)

    def text(self, text: Text) -> str:
        """A text in both languages, without pictures: there is no place for them."""
        both = joined(text)
        if _PICTURE.search(both):
            self.lose(N_("GIFT carries no pictures: only what they show is told."))
        return written(_PICTURE.sub(r"\1", both))

    def plain_text(self, text: Text) -> str:
        """The same where only plain text is read."""
        self.plain.append(text)
        return self.text(text)

    def choice(self) -> list[str]:
        """Options: a wrong one takes all the marks of a multiple choice question."""
        body = self.question.body
        assert isinstance(body, Single | Multiple)
        if any(option.fixed for option in body.options):
            self.lose(N_("GIFT shuffles all options: fixed places are kept in a tag only."))
        answers = []
        for option in body.options:
            share = as_share(100 / len(body.key)) if option.right else "-100"
            sign = f"~%{share}%" if isinstance(body, Multiple) else "=" if option.right else "~"
            feedback = f"#{self.text(option.feedback)}" if option.feedback else ""
            answers.append(f"{sign}{self.text(option.text)}{feedback}")
        return answers

    def true_false(self) -> list[str]:
        """T or F."""
        body = self.question.body
        assert isinstance(body, TrueFalse)
        return ["TRUE" if body.right else "FALSE"]

    def gap(self) -> list[str] | None:
        """The wordings of one gap."""
        body = self.question.body
        assert isinstance(body, FillIn)
        if len(body.blanks) > 1:
            self.lose(N_("GIFT has no question with several gaps: it is left out."))
            return None
        wordings = body.blanks[0].accepted
        return [f"=%100%{_wording(wording)}" for wording in wordings]

    def number(self) -> list[str] | None:
        """A number and its tolerance."""
        body = self.question.body
        assert isinstance(body, Numeric)
        if body.variables:
            self.lose(N_("GIFT has no variables: it is left out."))
            return None
        if body.unit:
            self.lose(N_("GIFT has no units: %(unit)s"), unit=body.unit.zh)
        if body.relative:
            self.lose(N_("The tolerance is written as a number, not as a share of the answer."))
        answer, tolerance = number_without_variables(body)
        return [f"#{answer}:{as_number(tolerance)}"]

    def matching(self) -> list[str]:
        """Pairs; a distractor has no left side."""
        body = self.question.body
        assert isinstance(body, Matching)
        if any("->" in left.zh + left.en for left, _ in body.pairs):
            self.lose(N_("A left side with -> in it will be read wrongly."))
        pairs = [f"={self.text(left)} -> {self.plain_text(right)}" for left, right in body.pairs]
        return pairs + [f"= -> {self.plain_text(text)}" for text in body.distractors]

    def essay(self) -> list[str]:
        """Nothing to mark by."""
        self.lose(N_("GIFT has no key points, rubrics or model answers: they are left out."))
        if self.question.type == QuestionType.CASE:
            question = self.question
            self.stem = Text(case_text(question, Language.ZH), case_text(question, Language.EN))
        return []


def _wording(wording: str) -> str:
    r"""A wording in which * is the star itself: \*, with the backslash escaped."""
    return written(wording.replace("*", r"\*"))


_TYPES: dict[QuestionType, Callable[[_Writer], list[str] | None]] = {
    QuestionType.SINGLE: _Writer.choice,
    QuestionType.MULTIPLE: _Writer.choice,
    QuestionType.TRUE_FALSE: _Writer.true_false,
    QuestionType.FILL_IN: _Writer.gap,
    QuestionType.NUMERIC: _Writer.number,
    QuestionType.MATCHING: _Writer.matching,
    QuestionType.SHORT_ANSWER: _Writer.essay,
    QuestionType.CASE: _Writer.essay,
}
