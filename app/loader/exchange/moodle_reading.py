"""Moodle XML → drafts: the file, and what all its questions have in common."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.errors import DomainError
from app.domain.media import Medium
from app.domain.problems import Problem
from app.domain.questions.question import ID
from app.domain.text import N_
from app.loader.exchange.contract import MOST_QUESTIONS, Draft, Reading, Unreadable
from app.loader.exchange.languages import split
from app.loader.exchange.moodle_elements import Node
from app.loader.exchange.moodle_types import read_body
from app.loader.exchange.tags import Tags, pool_of, read_tags
from app.loader.exchange.texts import Notes, Texts
from app.loader.exchange.xml import parse, without_namespaces

_HARMLESS = frozenset(
    """answernumbering showstandardinstruction shownumcorrect correctresponsesfeedback unitpenalty
    unitsleft showunits unitgradingtype responseformat responserequired responsefieldlines
    attachmentsrequired layouttype selecttype selectcount gradingtype showgrading numberingstyle
    synchronize shuffleanswers single usecase hidden penalty defaultgrade version length
    minwordlimit maxwordlimit filetypeslist maxbytes regrade logical studentsee""".split()
)
"""Elements that say how Moodle shows or marks; what of them says more is noted apart."""
_USUAL_PENALTIES = (0.0, 0.1, 0.3333333, 1.0)
_USUAL_FEEDBACK = re.compile(
    r"Your answer is (partially )?(in)?correct\.|您?你?的?(答案|回答)(部分)?(不)?正确[。.]?"
)


def read(data: bytes) -> Reading:
    """Everything in the file. Raises Unreadable where it is no Moodle XML."""
    root = without_namespaces(parse(data))
    if root.tag != "quiz":
        raise Unreadable(
            N_("This is no Moodle XML: its outermost element is %(name)s, not quiz."),
            name=root.tag,
        )
    if sum(element.get("type") != "category" for element in root) > MOST_QUESTIONS:
        raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
    file = _File()
    for element in root:
        file.read(element)
    return file.told()


class _File:
    """What was read so far."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.refused: list[Problem] = []
        self.notes: list[Problem] = []
        self.media: dict[str, Medium] = {}
        self.categories: list[str] = []
        self.pool = ""
        self.count = 0

    def read(self, element: Element) -> None:
        """One element of the file."""
        kind = element.get("type", "").strip()
        if element.tag != "question":
            self._note(element.tag, N_("The element %(name)s is not understood and was left out."))
            return
        if kind == "category":
            self._category(element)
            return
        self.count += 1
        notes = Notes(f"question {self.count}")
        if kind == "description":
            self.notes.append(Problem("", notes.place, N_("A description is no question."), {}))
            return
        texts = Texts(notes)
        try:
            raw = _question(Node(element, notes), kind, texts)
        except DomainError as refused:
            self.refused.append(
                Problem("", notes.place, refused.sentence, dict(refused.parameters))
            )
            return
        if self.pool:
            raw.setdefault("pool", self.pool)
        self.media.update(texts.shown)
        self.drafts.append(Draft(notes.place, raw, notes.told()))

    def told(self) -> Reading:
        """All of it."""
        if self.categories:
            names = ", ".join(dict.fromkeys(self.categories))
            self.notes.append(
                Problem("", "", N_("Categories are not kept: %(names)s"), {"names": names})
            )
        return Reading(tuple(self.drafts), tuple(self.refused), tuple(self.notes), self.media)

    def _category(self, element: Element) -> None:
        name = Node(element, Notes("")).value("category")
        self.pool = pool_of(name)
        if not self.pool and name.removeprefix("$course$/").removeprefix("top/"):
            self.categories.append(name.removeprefix("$course$/").removeprefix("top/"))

    def _note(self, name: str, sentence: str) -> None:
        problem = Problem("", "", sentence, {"name": name})
        if problem not in self.notes:
            self.notes.append(problem)


def _question(node: Node, kind: str, texts: Texts) -> dict[str, Any]:
    tags = _tags(node)
    raw: dict[str, Any] = {**_head(node, tags, texts)}
    raw |= read_body(node, kind, texts, tags=tags, stem=raw["stem"])
    _explanation(node, texts, raw)
    _odds(node)
    node.rest(harmless=_HARMLESS)
    return raw


def _head(node: Node, tags: Tags, texts: Texts) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    id_ = node.value("idnumber")
    if ID.fullmatch(id_):
        raw["id"] = id_
    elif id_:
        node.notes.add(N_("The ID number %(id)s is not one of ours and is not kept."), id=id_)
    raw |= tags.raw
    name = node.value("name")
    if "source" not in raw and name and not (id_ and name.startswith(id_)):
        title, _ = split(name)
        raw["source"] = (title["zh"] or title["en"])[:200]
    if tags.unknown:
        node.notes.add(N_("Tags that are not ours: %(tags)s"), tags=", ".join(tags.unknown))
    stem = node.first("questiontext")
    raw["stem"] = {"zh": "", "en": ""} if stem is None else stem.text(texts)
    return raw


def _tags(node: Node) -> Tags:
    names = []
    for group in [*node.all("tags"), *node.all("coursetags")]:
        names += [tag.words() for tag in group.all("tag")]
    return read_tags(names)


def _explanation(node: Node, texts: Texts, raw: dict[str, Any]) -> None:
    feedback = node.first("generalfeedback")
    told = {} if feedback is None else feedback.text(texts, default=node.stem_form())
    if any(told.values()):
        raw["explanation"] = told


def _odds(node: Node) -> None:
    """Note what Moodle says beside the question itself."""
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        feedback = re.sub(r"<[^>]*>", "", node.value(name)).strip()
        if feedback and not _USUAL_FEEDBACK.fullmatch(feedback):
            node.notes.add(N_("Feedback on the whole answer is not kept: %(text)s"), text=feedback)
    hints = [hint for hint in node.all("hint") if hint.words() or hint.value("hintcontent")]
    if hints:
        node.notes.add(N_("%(count)s hints are not kept."), count=len(hints))
    grade = node.number("defaultgrade", 1.0)
    if grade not in (0.0, 1.0):
        node.notes.add(N_("Its %(marks)s marks are not kept: an exam sets its own."), marks=grade)
    penalty = node.number("penalty")
    if not any(abs(penalty - usual) < 0.005 for usual in _USUAL_PENALTIES):
        node.notes.add(N_("The penalty for a second try is not kept: %(penalty)s"), penalty=penalty)
    if node.flag("hidden", default=False):
        node.notes.add(N_("The question was hidden in Moodle."))
