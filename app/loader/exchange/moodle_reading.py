"""Moodle XML → drafts: every type of Moodle that has a counterpart here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.errors import DomainError
from app.domain.media import NAME, Medium
from app.domain.problems import Problem
from app.domain.questions.kinds import Pool
from app.domain.questions.question import ID
from app.domain.text import N_
from app.loader.exchange import cloze
from app.loader.exchange.answers import (
    Choice,
    Wording,
    read_blanks,
    read_choices,
    read_number,
    read_wordings,
)
from app.loader.exchange.contract import MOST_QUESTIONS, Draft, Reading, Unreadable
from app.loader.exchange.graders import body_in
from app.loader.exchange.languages import pair
from app.loader.exchange.moodle_calculated import CannotCalculate, read_calculated
from app.loader.exchange.moodle_elements import Node
from app.loader.exchange.tags import Tags, read_tags
from app.loader.exchange.texts import Form, Notes, Texts, with_gap
from app.loader.exchange.xml import parse, without_namespaces

OUR_CATEGORY = re.compile(rf"Qijue/({'|'.join(Pool)})$")
"""A category of our own export, which names a pool."""

_HARMLESS = frozenset(
    """answernumbering showstandardinstruction shownumcorrect correctresponsesfeedback unitpenalty
    unitsleft showunits unitgradingtype responseformat responserequired responsefieldlines
    attachmentsrequired layouttype selecttype selectcount gradingtype showgrading numberingstyle
    synchronize shuffleanswers single usecase hidden penalty defaultgrade version length
    minwordlimit maxwordlimit filetypeslist maxbytes regrade logical studentsee""".split()
)
"""Elements that say how Moodle shows or marks; what of them says more is noted apart."""
_STORED = re.compile(rf"\(@@PLUGINFILE@@/({NAME.pattern})\)")
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
    if len(root) > 2 * MOST_QUESTIONS:
        raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
    file = _File()
    for element in root:
        file.read(element)
    return file.told()


class _Refused(DomainError):
    """No question can be made of this element."""


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
        except (_Refused, CannotCalculate, cloze.CannotFill) as refused:
            self.refused.append(
                Problem("", notes.place, refused.sentence, dict(refused.parameters))
            )
            self.refused += notes.told()
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
        ours = OUR_CATEGORY.search(name)
        self.pool = ours[1] if ours else ""
        if not ours and name.removeprefix("$course$/").removeprefix("top/"):
            self.categories.append(name.removeprefix("$course$/").removeprefix("top/"))

    def _note(self, name: str, sentence: str) -> None:
        problem = Problem("", "", sentence, {"name": name})
        if problem not in self.notes:
            self.notes.append(problem)


def _question(node: Node, kind: str, texts: Texts) -> dict[str, Any]:
    if kind not in _TYPES:
        raise _Refused(
            "moodle", N_("Questions of the type %(type)s cannot be read."), type=kind or "?"
        )
    tags = _tags(node)
    raw: dict[str, Any] = {**_head(node, tags, texts)}
    raw |= _TYPES[kind](node, texts, tags, raw["stem"])
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
        raw["source"] = name[:200]
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
    told = {} if feedback is None else feedback.text(texts, default=_form(node))
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


def _form(node: Node) -> Form:
    stem = node.first("questiontext")
    return Form.HTML if stem is None else stem.form()


def _multichoice(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    choices = []
    for answer in node.all("answer"):
        feedback = answer.first("feedback")
        told = feedback.text(texts, default=_form(node)) if feedback else None
        choices.append(Choice(answer.text(texts, default=_form(node)), answer.share(), told))
        answer.rest()
    return read_choices(
        choices,
        single=node.flag("single", default=True),
        keep_order=not node.flag("shuffleanswers", default=True),
        tags=tags,
        notes=node.notes,
    )


def _truefalse(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {"type": "true_false"}
    for answer, share in _answers(node):
        if share > 0 and answer.words().casefold() in ("true", "false"):
            raw["answer"] = answer.words().casefold() == "true"
    return raw


def _shortanswer(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    if node.flag("usecase", default=False):
        node.notes.add(N_("Capital and small letters count the same here."))
    wordings = [Wording(answer.words(), share) for answer, share in _answers(node)]
    gap = read_wordings(wordings, notes=node.notes)
    gapped = with_gap(dict(stem))
    return {"stem": gapped, **read_blanks([gap], stem=gapped, tags=tags)}


def _numerical(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    wordings = [
        Wording(answer.words(), share, answer.number("tolerance"))
        for answer, share in _answers(node)
    ]
    raw = {"type": "numeric", **read_number(wordings, tags=tags, notes=node.notes)}
    return raw | _unit(node, tags)


def _calculated(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "numeric", **read_calculated(node, tags)} | _unit(node, tags)


def _unit(node: Node, tags: Tags) -> dict[str, Any]:
    group = node.first("units")
    found = group.all("unit") if group else []
    units = [(unit.value("unit_name"), unit.number("multiplier", 1.0)) for unit in found]
    names = [name for name, multiplier in units if name and multiplier == 1]
    others = [name for name, multiplier in units if multiplier != 1]
    if others:
        node.notes.add(N_("Other units are not kept: %(units)s"), units=", ".join(others))
    instructions = node.value("instructions")
    if instructions:
        node.notes.add(N_("Instructions on units are not kept: %(text)s"), text=instructions)
    if not names:
        return {}
    zh, en = names[0], names[min(1, len(names) - 1)]
    if len(names) == 1 and "unit:both" not in tags.flags and pair(zh)["zh"]:
        return {"unit": pair(zh)}
    if "decimals" not in tags.extra and pair(en)["zh"] and not pair(zh)["zh"]:
        zh, en = en, zh
    return {"unit": {"zh": zh, "en": en}}


def _matching(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    pairs, distractors = [], []
    for part in node.all("subquestion"):
        left = part.text(texts, default=_form(node))
        answer = part.first("answer")
        right = texts.plain("" if answer is None else answer.words(), markdown=_exact(tags))
        part.rest()
        if any(left.values()):
            pairs.append({"left": left, "right": right})
        elif any(right.values()):
            distractors.append(right)
    if not node.flag("shuffleanswers", default=True):
        node.notes.add(N_("The right side is always shuffled here."))
    raw: dict[str, Any] = {"type": "matching", "pairs": pairs}
    return raw | ({"distractors": distractors} if distractors else {})


def _ordering(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    items = [answer.text(texts, default=Form.AUTO) for answer, _ in _answers(node)]
    asked = node.value("selecttype").upper() or "ALL"
    if asked not in ("ALL", "0"):
        node.notes.add(N_("Moodle showed only some of the entries; here all are shown."))
    return {"type": "ordering", "items": items}


def _essay(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    if node.number("attachments"):
        node.notes.add(N_("Files cannot be handed in here."))
    template = node.value("responsetemplate")
    if template:
        node.notes.add(N_("The template of the answer is not kept: %(text)s"), text=template[:200])
    info = node.first("graderinfo")
    if info is None:
        return {"type": "short_answer"}
    pictures = info.pictures()
    body = body_in(_STORED.sub(r"(medium:\1)", info.words()))
    if body is not None:
        texts.shown.update({medium.name: medium for medium in pictures.values()})
        return body
    told = info.text(texts, default=_form(node))
    return {"type": "short_answer"} | ({"model_answer": told} if any(told.values()) else {})


def _cloze(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    holder = node.first("questiontext")
    if holder is None:
        raise _Refused("moodle", N_("It has no text."))
    found = cloze.read(holder.words(), notes=node.notes)
    text = texts.read(found.text, holder.form(), pictures=holder.pictures())
    gaps = [read_wordings(gap, notes=node.notes) for gap in found.gaps]
    return {"stem": text, **read_blanks(gaps, stem=text, tags=tags)}


def _answers(node: Node) -> list[tuple[Node, float]]:
    """Answers with their shares; their feedback, for which there is no place, is noted."""
    found = []
    for answer in node.all("answer"):
        if answer.value("feedback"):
            node.notes.add(
                N_("Feedback on an answer is not kept: %(text)s"), text=answer.value("feedback")
            )
        answer.first("tolerance")
        answer.rest()
        found.append((answer, answer.share()))
    return found


def _exact(tags: Tags) -> bool:
    return "markdown" in tags.flags


_TYPES: dict[str, Callable[[Node, Texts, Tags, Mapping[str, str]], dict[str, Any]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "calculated": _calculated,
    "calculatedsimple": _calculated,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
}
