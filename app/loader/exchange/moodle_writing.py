"""Questions → Moodle XML. Texts are written as Markdown, which Moodle shows and we read exactly."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.domain.media import Medium, media_names
from app.domain.problems import Problem
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import GAP, FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.question import Question
from app.domain.questions.samples import sample_layouts
from app.domain.text import N_, Language, Text
from app.loader.exchange import cloze
from app.loader.exchange.contract import Written
from app.loader.exchange.graders import case_text, graders_text
from app.loader.exchange.languages import joined, split
from app.loader.exchange.moodle_numbers import (
    as_number,
    as_share,
    heading,
    number_without_variables,
)
from app.loader.exchange.tags import LONGEST_TAG, category_of, tags_of

DRAWS = 20
"""Sets of values that are drawn for a calculated question, as Moodle wants them in the file."""

_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot carry, and \\r, which it makes \\n."""
_PICTURE = re.compile(r"(!\[[^\]]*\])\(medium:([0-9a-f]{64}\.\w+)\)")


def write(questions: Sequence[Question], media: Mapping[str, Medium]) -> Written:
    """All questions in one file, each pool under a category of its own."""
    root = Element("quiz")
    losses: list[Problem] = []
    pool = None
    for question in questions:
        if question.pool != pool:
            pool = question.pool
            category = SubElement(SubElement(root, "question", type="category"), "category")
            SubElement(category, "text").text = category_of(pool)
        losses += _Writer(question, media).write(root)
    indent(root)
    return Written(tostring(root, encoding="UTF-8", xml_declaration=True), tuple(losses))


class _Writer:
    """Writes one question and gathers what is lost."""

    def __init__(self, question: Question, media: Mapping[str, Medium]) -> None:
        self.question = question
        self.media = media
        self.losses: list[Problem] = []
        self.plain: list[Text] = []

    def write(self, root: Element) -> list[Problem]:
        """Add the question to `root`; what Moodle cannot carry of it."""
        question = self.question
        kind, fill = _KINDS[question.type]
        if question.type == QuestionType.FILL_IN and len(_blanks(question)) > 1:
            kind, fill = "cloze", _Writer.cloze
        if question.type == QuestionType.NUMERIC and _numeric(question).variables:
            kind, fill = "calculated", _Writer.calculated
        element = SubElement(root, "question", type=kind)
        self.leaf(SubElement(element, "name"), "text", f"{question.id} {heading(question)}")
        stem = SubElement(element, "questiontext", format="markdown")
        self.text(SubElement(element, "generalfeedback", format="markdown"), question.explanation)
        self.leaf(element, "defaultgrade", "1")
        self.leaf(element, "idnumber", question.id)
        fill(self, element, stem)
        if not len(stem):
            self.text(stem, question.stem)
        tags = SubElement(element, "tags")
        for tag in tags_of(question, plain=self.plain):
            self.leaf(SubElement(tags, "tag"), "text", tag)
            if len(tag) > LONGEST_TAG:
                self.lose(N_("Moodle cuts a tag after 50 characters: %(tag)s"), tag=tag)
        return self.losses

    def lose(self, sentence: str, **parameters: object) -> None:
        """Note once what is lost."""
        problem = Problem("", self.question.id, sentence, parameters)
        if problem not in self.losses:
            self.losses.append(problem)

    def leaf(self, parent: Element, name: str, text: str) -> None:
        """An element with nothing but text."""
        clean = _FORBIDDEN.sub(" ", text)
        if clean != text:
            self.lose(N_("It has characters that XML cannot carry."))
        SubElement(parent, name).text = clean

    def text(self, parent: Element, text: Text) -> None:
        """A text in both languages, and its pictures beside it."""
        self.source(parent, self.joined(text))

    def joined(self, text: Text) -> str:
        """Both languages in one; a text that has the marks of languages in it cannot be told."""
        both = joined(text)
        if both.count("span") > 4 or "{mlang" in both:
            found, _ = split(both)
            if found != {"zh": text.zh.strip(), "en": text.en.strip()}:
                self.lose(N_("A text has marks of languages in it, which will be read as such."))
        return both

    def source(self, parent: Element, source: str) -> None:
        """A text as Moodle gets it, and its pictures beside it."""
        names = [name for name in media_names(source) if name in self.media]
        for name in set(media_names(source)).difference(names):
            self.lose(N_("The picture %(name)s is not stored."), name=name)
        self.leaf(parent, "text", _PICTURE.sub(r"\1(@@PLUGINFILE@@/\2)", source))
        for name in names:
            file = SubElement(parent, "file", name=name, path="/", encoding="base64")
            file.text = base64.b64encode(self.media[name].data).decode("ascii")

    def plain_text(self, parent: Element, text: Text) -> None:
        """A text in both languages where Moodle has plain text only."""
        self.plain.append(text)
        if media_names(text.zh + text.en):
            self.lose(N_("Moodle shows no pictures on the right side."))
        self.leaf(parent, "text", self.joined(text))

    def choice(self, element: Element, stem: Element) -> None:
        """Options: a wrong one takes all the marks of a multiple choice question."""
        body = self.question.body
        assert isinstance(body, Single | Multiple)
        several = isinstance(body, Multiple)
        fixed = [option.fixed for option in body.options]
        if any(fixed) and not all(fixed):
            self.lose(N_("Moodle shuffles all options or none: here none, as some are fixed."))
        self.leaf(element, "single", "false" if several else "true")
        self.leaf(element, "shuffleanswers", "false" if any(fixed) else "true")
        self.leaf(element, "answernumbering", "ABCD")
        for option in body.options:
            share = 100 / len(body.key) if option.right else (-100 if several else 0)
            answer = SubElement(element, "answer", fraction=as_share(share), format="markdown")
            self.text(answer, option.text)
            if option.feedback:
                feedback = SubElement(answer, "feedback", format="markdown")
                self.text(feedback, option.feedback)

    def true_false(self, element: Element, stem: Element) -> None:
        """true and false."""
        body = self.question.body
        assert isinstance(body, TrueFalse)
        for value in (True, False):
            share = "100" if body.right == value else "0"
            answer = SubElement(element, "answer", fraction=share, format="moodle_auto_format")
            self.leaf(answer, "text", "true" if value else "false")

    def short(self, element: Element, stem: Element) -> None:
        """One gap."""
        self.leaf(element, "usecase", "0")
        for wording in _blanks(self.question)[0].accepted:
            answer = SubElement(element, "answer", fraction="100", format="moodle_auto_format")
            self.leaf(answer, "text", wording.replace("*", r"\*"))

    def cloze(self, element: Element, stem: Element) -> None:
        """Several gaps: they stand between the languages, so that each is asked once."""
        question, blanks = self.question, _blanks(self.question)
        if getattr(question.body, "interchangeable", False):
            self.lose(N_("Moodle takes the answers of gaps only in their order."))
        if any(len(gap) > len("____") for gap in GAP.findall(question.stem.zh + question.stem.en)):
            self.lose(N_("The lengths of gaps are not kept."))
        zh, en = GAP.split(question.stem.zh), GAP.split(question.stem.en)
        pieces = [joined(Text(a, b)) for a, b in zip_longest(zh, en, fillvalue="")]
        gaps = [cloze.written(blank.accepted) for blank in blanks]
        source = "".join(a + b for a, b in zip_longest(pieces, gaps, fillvalue=""))
        self.source(stem, source)

    def numeric(self, element: Element, stem: Element) -> None:
        """A number without variables."""
        body = _numeric(self.question)
        if body.relative:
            self.lose(N_("The tolerance is written as a number, not as a share of the answer."))
        written, tolerance = number_without_variables(body)
        answer = SubElement(element, "answer", fraction="100", format="moodle_auto_format")
        self.leaf(answer, "text", written)
        self.leaf(answer, "tolerance", as_number(tolerance))
        self.units(element, body)

    def calculated(self, element: Element, stem: Element) -> None:
        """A formula over variables, with values drawn beforehand."""
        body = _numeric(self.question)
        names = "|".join(re.escape(v.name) for v in body.variables)
        formula = re.sub(rf"\b({names})\b", r"{\1}", body.formula)
        answer = SubElement(element, "answer", fraction="100")
        self.leaf(answer, "text", formula)
        self.leaf(answer, "tolerance", as_number(body.tolerance))
        self.leaf(answer, "tolerancetype", "1" if body.relative else "2")
        self.leaf(answer, "correctanswerformat", "1")
        self.leaf(answer, "correctanswerlength", str(body.decimals))
        self.units(element, body)
        self.lose(
            N_("Moodle gets %(count)s draws of the variables, not their ranges."), count=DRAWS
        )
        draws = [layout.values for layout in sample_layouts(body, DRAWS)]
        definitions = SubElement(element, "dataset_definitions")
        for variable in body.variables:
            definition = SubElement(definitions, "dataset_definition")
            for name, value in {
                "status": "private",
                "name": variable.name,
                "distribution": "uniform",
                "minimum": as_number(variable.least),
                "maximum": as_number(variable.most),
                "decimals": str(_decimals(variable.step)),
            }.items():
                self.leaf(SubElement(definition, name), "text", value)
            self.leaf(definition, "type", "calculated")
            self.leaf(definition, "itemcount", str(DRAWS))
            items = SubElement(definition, "dataset_items")
            for number, values in enumerate(draws, start=1):
                item = SubElement(items, "dataset_item")
                self.leaf(item, "number", str(number))
                self.leaf(item, "value", as_number(values[variable.name]))
            self.leaf(definition, "number_of_items", str(DRAWS))

    def units(self, element: Element, body: Numeric) -> None:
        """The unit in both languages: whoever types one of them is right as well."""
        self.leaf(element, "unitgradingtype", "0")
        self.leaf(element, "showunits", "0" if body.unit else "3")
        if body.unit is None:
            return
        units = SubElement(element, "units")
        for name in dict.fromkeys((body.unit.zh, body.unit.en)):
            unit = SubElement(units, "unit")
            self.leaf(unit, "multiplier", "1")
            self.leaf(unit, "unit_name", name)

    def matching(self, element: Element, stem: Element) -> None:
        """Pairs; a distractor is a pair without its left side."""
        body = self.question.body
        assert isinstance(body, Matching)
        self.leaf(element, "shuffleanswers", "true")
        for left, right in (*body.pairs, *((None, text) for text in body.distractors)):
            pair = SubElement(element, "subquestion", format="markdown")
            if left is None:
                self.leaf(pair, "text", "")
            else:
                self.text(pair, left)
            self.plain_text(SubElement(pair, "answer"), right)

    def ordering(self, element: Element, stem: Element) -> None:
        """Entries in their right order."""
        body = self.question.body
        assert isinstance(body, Ordering)
        settings = {
            "layouttype": "VERTICAL",
            "selecttype": "ALL",
            "selectcount": "0",
            "gradingtype": "ABSOLUTE_POSITION",
        }
        for name, value in settings.items():
            self.leaf(element, name, value)
        for number, item in enumerate(body.items, start=1):
            answer = SubElement(element, "answer", fraction=str(number), format="markdown")
            self.text(answer, item)

    def written(self, element: Element, stem: Element) -> None:
        """An essay, with what graders look for."""
        question = self.question
        self.lose(N_("Moodle shows key points and rubrics to graders as text and counts nothing."))
        if question.type == QuestionType.CASE:
            self.lose(N_("Moodle asks all tasks of a case in one text, with one answer."))
            told = Text(case_text(question, Language.ZH), case_text(question, Language.EN))
            self.text(stem, told)
        self.leaf(element, "responseformat", "editor")
        self.leaf(element, "responserequired", "1")
        info = SubElement(element, "graderinfo", format="markdown")
        self.source(info, graders_text(question))


_KINDS: dict[QuestionType, tuple[str, Callable[[_Writer, Element, Element], None]]] = {
    QuestionType.SINGLE: ("multichoice", _Writer.choice),
    QuestionType.MULTIPLE: ("multichoice", _Writer.choice),
    QuestionType.TRUE_FALSE: ("truefalse", _Writer.true_false),
    QuestionType.FILL_IN: ("shortanswer", _Writer.short),
    QuestionType.NUMERIC: ("numerical", _Writer.numeric),
    QuestionType.MATCHING: ("matching", _Writer.matching),
    QuestionType.ORDERING: ("ordering", _Writer.ordering),
    QuestionType.SHORT_ANSWER: ("essay", _Writer.written),
    QuestionType.CASE: ("essay", _Writer.written),
}


def _blanks(question: Question) -> Any:
    assert isinstance(question.body, FillIn)
    return question.body.blanks


def _numeric(question: Question) -> Numeric:
    assert isinstance(question.body, Numeric)
    return question.body


def _decimals(step: float) -> int:
    return next((digits for digits in range(7) if round(step, digits) == step), 6)
