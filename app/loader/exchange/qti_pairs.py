"""Interactions that pair or sort → the fields of matching and ordering questions."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from app.domain.questions.kinds import QuestionType
from app.domain.text import N_
from app.loader.exchange.qti_asked import GAP, Asked, ItemRefused
from app.loader.exchange.qti_responses import note_points
from app.loader.exchange.qti_trees import children, content

Raw = dict[str, Any]

_BLOCKS = frozenset("p li td th dd dt div blockquote pre h1 h2 h3 h4 h5 h6".split())


def match(asked: Asked) -> Raw:
    """Two columns, from which pairs are made."""
    interaction = asked.interactions[0]
    sets = [
        list(children(each, "simpleAssociableChoice"))
        for each in children(interaction, "simpleMatchSet")
    ]
    if len(sets) != 2:
        raise ItemRefused(N_("Its matching does not have two columns."))
    return _pairs(asked, sets[0], sets[1])


def associate(asked: Asked) -> Raw:
    """One column, of which pairs are made: the first of each pair stands left."""
    entries = list(children(asked.interactions[0], "simpleAssociableChoice"))
    firsts = {value.split()[0] for value in _right_pairs(asked)}
    left = [entry for entry in entries if entry.get("identifier") in firsts]
    return _pairs(asked, left, [entry for entry in entries if entry not in left])


def gap_match(asked: Asked) -> Raw:
    """Words to be put into gaps: each sentence with its gap stands left."""
    interaction = asked.interactions[0]
    if any(True for _ in children(interaction, "gapImg")):
        raise ItemRefused(N_("Pictures are to be put into its gaps, which no question here can."))
    gaps = [element for element in interaction.iter() if element.tag == "gap"]
    blocks = [_block(asked, gap) for gap in gaps]
    if any(blocks.count(block) > 1 for block in blocks):
        raise ItemRefused(N_("Several of its gaps stand in one sentence: that is no matching."))
    sentences = []
    for gap, block in zip(gaps, blocks, strict=True):
        asked.replace(gap, GAP)
        sentence = Element("simpleAssociableChoice", {"identifier": gap.get("identifier", "")})
        sentence.text = block.text
        sentence.extend(list(block))
        sentences.append(sentence)
    return _pairs(asked, sentences, list(children(interaction, "gapText")))


def _pairs(asked: Asked, lefts: list[Element], rights: list[Element]) -> Raw:
    left_ids, right_ids = (
        {entry.get("identifier", ""): entry for entry in side} for side in (lefts, rights)
    )
    partner: dict[str, str] = {}
    for value in _right_pairs(asked):
        first, second = value.split()
        if first not in left_ids:
            first, second = second, first
        if first not in left_ids or second not in right_ids or first in partner:
            raise _not_one_to_one()
        partner[first] = second
    if len(set(partner.values())) < len(partner) or len(partner) < len(left_ids):
        raise _not_one_to_one()
    note_points(asked.response(asked.interactions[0]), asked.place, asked.notes)
    raw: Raw = {
        "type": QuestionType.MATCHING,
        "pairs": [
            {
                "left": asked.texts.of(*content(entry)),
                "right": asked.texts.of(*content(right_ids[partner[id_]])),
            }
            for id_, entry in left_ids.items()
        ],
    }
    others = [entry for id_, entry in right_ids.items() if id_ not in partner.values()]
    if others:
        raw["distractors"] = [asked.texts.of(*content(entry)) for entry in others]
    return {**raw, "stem": asked.stem()}


def _right_pairs(asked: Asked) -> list[str]:
    right = asked.response(asked.interactions[0]).right()
    pairs = [value for value in right if len(value.split()) == 2]
    if not pairs:
        raise ItemRefused(N_("It does not say which pairs are right."))
    return pairs


def order(asked: Asked) -> Raw:
    """Entries to be sorted."""
    interaction = asked.interactions[0]
    entries = {
        choice.get("identifier", ""): choice for choice in children(interaction, "simpleChoice")
    }
    right = asked.response(interaction).correct
    if sorted(right) != sorted(entries):
        raise ItemRefused(N_("It does not say in which order all of its entries belong."))
    return {
        "type": QuestionType.ORDERING,
        "items": [asked.texts.of(*content(entries[id_])) for id_ in right],
        "stem": asked.stem(),
    }


def _not_one_to_one() -> ItemRefused:
    return ItemRefused(N_("Its pairs are not one to one: that is no matching question."))


def _block(asked: Asked, element: Element) -> Element:
    while element.tag not in _BLOCKS:
        above = asked.above[element]
        if above.tag == "gapMatchInteraction":
            break
        element = above
    return element
