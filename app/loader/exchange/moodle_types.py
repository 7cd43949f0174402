"""Moodle's types of questions, and what each of them is here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.errors import DomainError
from app.domain.media import NAME
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
from app.loader.exchange.graders import body_in
from app.loader.exchange.languages import pair
from app.loader.exchange.moodle_calculated import read_calculated
from app.loader.exchange.moodle_elements import Node
from app.loader.exchange.tags import Tags
from app.loader.exchange.texts import Form, Texts, with_gap

_STORED = re.compile(rf"\(@@PLUGINFILE@@/({NAME.pattern})\)")


class NoCounterpart(DomainError):
    """There is no such question here."""


def read_body(
    node: Node, kind: str, texts: Texts, *, tags: Tags, stem: Mapping[str, str]
) -> dict[str, Any]:
    """type and what belongs to it, perhaps another stem. Raises DomainError where nothing fits."""
    if kind not in _TYPES:
        raise NoCounterpart(
            "moodle", N_("Questions of the type %(type)s cannot be read."), type=kind or "?"
        )
    return _TYPES[kind](node, texts, tags, stem)


def _multichoice(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    choices = []
    for answer in node.all("answer"):
        feedback = answer.first("feedback")
        told = feedback.text(texts, default=node.stem_form()) if feedback else None
        choices.append(Choice(answer.text(texts, default=node.stem_form()), answer.share(), told))
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
        left = part.text(texts, default=node.stem_form())
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
    told = info.text(texts, default=node.stem_form())
    return {"type": "short_answer"} | ({"model_answer": told} if any(told.values()) else {})


def _cloze(node: Node, texts: Texts, tags: Tags, stem: Mapping[str, str]) -> dict[str, Any]:
    holder = node.first("questiontext")
    if holder is None:
        raise NoCounterpart("moodle", N_("It has no text."))
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
