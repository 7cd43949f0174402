"""The interactions of an item → the fields of a question: one function per interaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.questions.kinds import QuestionType
from app.domain.text import N_
from app.loader.exchange import qti_pairs
from app.loader.exchange.qti_asked import GAP, Asked, ItemRefused
from app.loader.exchange.qti_numbers import is_number, number_of
from app.loader.exchange.qti_responses import Response, note_points
from app.loader.exchange.qti_texts import Both, joined
from app.loader.exchange.qti_trees import child, children, content, words

Raw = dict[str, Any]

TRUE_WORDS = frozenset("对 正确 √ ✓ true t right correct 是".split())
FALSE_WORDS = frozenset("错 错误 不对 不正确 × ✗ false f wrong incorrect 否".split())

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def fields_of(asked: Asked) -> Raw:
    """Type, stem and the type's own fields of what an item asks. Raises ItemRefused."""
    kinds = dict.fromkeys(interaction.tag for interaction in asked.interactions)
    for kind in kinds:
        if kind not in _READERS:
            raise ItemRefused(
                N_("It asks by a %(name)s, and no type of question can be answered so."), name=kind
            )
    if len(kinds) > 1 or (len(asked.interactions) > 1 and not kinds.keys() & _SEVERAL):
        raise ItemRefused(
            N_("It has %(count)s interactions (%(names)s); a question here has one."),
            count=len(asked.interactions),
            names=", ".join(kinds),
        )
    raw = _READERS[next(iter(kinds))](asked)
    if raw["type"] != QuestionType.NUMERIC and asked.root.find("templateProcessing") is not None:
        raise ItemRefused(N_("It draws values, and only numeric questions can do that here."))
    return raw


def _choice(asked: Asked) -> Raw:
    interaction = asked.interactions[0]
    response = asked.response(interaction)
    choices = list(children(interaction, "simpleChoice"))
    right = frozenset(response.right())
    verdict = _verdict(asked, choices, right)
    if verdict is not None:
        return {"type": QuestionType.TRUE_FALSE, "stem": asked.stem(), **verdict}
    note_points(response, asked.place, asked.notes)
    most = interaction.get("maxChoices", "1")
    several = response.cardinality == "multiple" and (most != "1" or len(right) > 1)
    if several and most not in ("0", "1", str(len(choices))):
        asked.note(
            N_("There at most %(most)s options could be chosen; here any number can."), most=most
        )
    fixed = interaction.get("shuffle", "false") != "true"
    return {
        "type": QuestionType.MULTIPLE if several else QuestionType.SINGLE,
        "options": [_option(asked, choice, right, fixed=fixed) for choice in choices],
        "stem": asked.stem(),
    }


def _verdict(asked: Asked, choices: list[Element], right: frozenset[str]) -> Raw | None:
    """The answer of a true/false question; None where the options are others."""
    if len(choices) != 2:
        return None
    meanings = []
    for choice in choices:
        said = {word.casefold().rstrip("。.") for word in asked.texts.plain(choice)}
        meanings.append(True if said <= TRUE_WORDS else False if said <= FALSE_WORDS else None)
    if None in meanings or meanings[0] == meanings[1]:
        return None
    verdicts = [
        meaning
        for choice, meaning in zip(choices, meanings, strict=True)
        if choice.get("identifier") in right
    ]
    return {"answer": verdicts[0]} if len(verdicts) == 1 else {}


def _option(asked: Asked, choice: Element, right: frozenset[str], *, fixed: bool) -> Raw:
    feedback = []
    for element in [e for e in choice.iter() if e.tag in ("feedbackInline", "feedbackBlock")]:
        feedback.append(asked.texts.of(*content(element)))
        asked.replace(element)
    raw: Raw = dict(asked.texts.of(*content(choice)))
    if choice.get("identifier") in right:
        raw["right"] = True
    if fixed or choice.get("fixed") == "true":
        raw["fixed"] = True
    if any(any(text.values()) for text in feedback):
        raw["feedback"] = joined(feedback)
    return raw


def _text_entry(asked: Asked) -> Raw:
    responses = [asked.response(interaction) for interaction in asked.interactions]
    if is_number(asked, responses):
        return number_of(asked, responses[0])
    for interaction in asked.interactions:
        asked.replace(interaction, GAP)
    stem = asked.stem()
    for language, text in stem.items():  # the gaps of the other language are written as words
        if text and GAP not in text:
            stem[language] = f"{text} {' '.join([GAP] * len(responses))}"
    spoken = {language for language in ("zh", "en") if stem[language]}
    return {
        "type": QuestionType.FILL_IN,
        "stem": stem,
        "blanks": [_blank(asked, response, spoken) for response in responses],
    }


def _blank(asked: Asked, response: Response, spoken: set[str]) -> dict[str, list[str]]:
    accepted = dict.fromkeys((*response.correct, *response.full))
    for wording, points in response.mapped.items():
        if wording not in accepted and points > 0:
            asked.note(
                N_("The wording %(wording)s was worth a part of the points: it is not accepted."),
                wording=wording,
            )
    if len(spoken) == 1:
        return {"zh": [], "en": []} | {language: list(accepted) for language in spoken}
    return _told_apart(list(accepted))


def _told_apart(wordings: list[str]) -> dict[str, list[str]]:
    """Wordings in two languages: Chinese ones first, as we write them, or else by their script."""
    chinese = [_CHINESE.search(wording) is not None for wording in wordings]
    last = max((n for n, is_chinese in enumerate(chinese, start=1) if is_chinese), default=0)
    first, rest = wordings[:last], wordings[last:]
    if not rest:
        first = [word for word, is_chinese in zip(wordings, chinese, strict=True) if is_chinese]
        rest = [word for word in wordings if word not in first]
    return {"zh": first or wordings, "en": rest or wordings}  # a name is the same in both


def _extended_text(asked: Asked) -> Raw:
    if len(asked.interactions) > 1:
        return _case(asked)
    response = asked.response(asked.interactions[0])
    answers = [asked.texts.said(value) for value in response.correct]
    rubrics = [text for _, text in asked.rubrics]
    raw: Raw = {"type": QuestionType.SHORT_ANSWER, "stem": asked.stem()}
    if answers or rubrics:
        raw["model_answer"] = joined([*answers, *rubrics])
    asked.note(N_("Key points are not in the file: write them before the question can be marked."))
    return raw


def _case(asked: Asked) -> Raw:
    """Several essays: what stands before the first is the situation, each part has its task."""
    tops = [asked.top(interaction) for interaction in asked.interactions]
    parts: list[Raw] = []
    waiting: list[Element] = []
    for block in list(asked.body):
        if block not in tops:
            waiting.append(block)
            continue
        here = [each for each, top in zip(asked.interactions, tops, strict=True) if top is block]
        told = waiting if parts else []
        if not parts and len(waiting) > 1 and not _has_task(block):
            told = waiting[-1:]
        lead = [asked.texts.of(*content(element)) for element in told]
        for element in told:
            asked.replace(element)
        for interaction in here:
            parts.append(_part(asked, block, interaction, lead, shared=len(here) > 1))
            lead = []
        waiting = []
    asked.note(N_("Rubrics are not in the file: write them before the question can be marked."))
    stem = asked.texts.of(*content(asked.body))
    return {"type": QuestionType.CASE, "stem": stem, "parts": parts}


def _has_task(block: Element) -> bool:
    return bool(words(block))


def _part(
    asked: Asked, block: Element, interaction: Element, lead: list[Both], *, shared: bool
) -> Raw:
    """One task. shared: whether other tasks stand in the same block, which then stays a whole."""
    prompt = child(interaction, "prompt")
    asked_for = [asked.texts.of(*content(prompt))] if prompt is not None else []
    asked.replace(interaction)
    around: list[Both] = []
    if block is not interaction and not shared:
        around = [asked.texts.of(*content(block))]
        asked.replace(block)
    part: Raw = {"stem": joined([*lead, *around, *asked_for])}
    answers = [asked.texts.said(value) for value in asked.response(interaction).correct]
    answers += [text for place, text in asked.rubrics if place is block and not shared]
    if answers:
        part["model_answer"] = joined(answers)
    return part


_READERS: dict[str, Callable[[Asked], Raw]] = {
    "choiceInteraction": _choice,
    "textEntryInteraction": _text_entry,
    "extendedTextInteraction": _extended_text,
    "matchInteraction": qti_pairs.match,
    "associateInteraction": qti_pairs.associate,
    "gapMatchInteraction": qti_pairs.gap_match,
    "orderInteraction": qti_pairs.order,
}
_SEVERAL = frozenset({"textEntryInteraction", "extendedTextInteraction"})
