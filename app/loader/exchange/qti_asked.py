"""An item taken apart: its stem, its interactions, its explanation, and what is not understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.domain.problems import Problems
from app.domain.text import N_
from app.loader.exchange.qti_content import Node
from app.loader.exchange.qti_names import INTERACTIONS
from app.loader.exchange.qti_responses import Response, responses_of
from app.loader.exchange.qti_texts import EMPTY, Both, Texts, joined
from app.loader.exchange.qti_trees import child, children, content, cut, parents

GAP = "____"
_OPTION = frozenset({"simpleChoice", "simpleAssociableChoice", "gapText", "prompt"})
_FEEDBACK = frozenset({"feedbackBlock", "feedbackInline"})
_ITEM_PARTS = frozenset(
    """responseDeclaration outcomeDeclaration templateDeclaration templateProcessing itemBody
    responseProcessing modalFeedback""".split()
)


class ItemRefused(Exception):
    """No question can be made of this item; the sentence tells why."""

    def __init__(self, sentence: str, **parameters: object) -> None:
        super().__init__(sentence % parameters if parameters else sentence)
        self.sentence = sentence
        self.parameters = parameters


@dataclass(slots=True)
class Asked:
    """An item under reading. The body loses what was read of it; what is left is the stem.

    interactions: in the order of the body. above: each element's parent at the start.
    """

    root: Element
    body: Element
    place: str
    notes: Problems
    texts: Texts
    interactions: list[Element]
    responses: dict[str, Response]
    above: dict[Element, Element]
    rubrics: list[tuple[Element, Both]] = field(default_factory=list)
    explanation: Both = field(default_factory=lambda: dict(EMPTY))

    def response(self, interaction: Element) -> Response:
        """What is declared of an interaction's answer."""
        identifier = interaction.get("responseIdentifier", "")
        return self.responses.get(identifier, Response(identifier))

    def note(self, sentence: str, **parameters: object) -> None:
        """Note what of this item is not kept."""
        self.notes.add(self.place, sentence, **parameters)

    def replace(self, element: Element, *nodes: Node) -> None:
        """Put nodes where an element of the body is."""
        parent = self.above[element]
        cut(parent, element, put=nodes)
        for node in nodes:
            if isinstance(node, Element):
                self.above[node] = parent

    def stem(self) -> Both:
        """What is left of the body, with the interactions' prompts in their places."""
        for interaction in self.interactions:
            prompt = child(interaction, "prompt")
            if self._is_below_body(interaction):
                self.replace(interaction, *self._told(prompt))
        return self.texts.of(*content(self.body))

    def top(self, element: Element) -> Element:
        """The child of the body in which an element stands."""
        while self.above[element] is not self.body:
            element = self.above[element]
        return element

    def _is_below_body(self, element: Element) -> bool:
        while element in self.above and element in list(self.above[element]):
            element = self.above[element]
            if element is self.body:
                return True
        return False

    def _told(self, prompt: Element | None) -> list[Node]:
        if prompt is None:
            return []
        told = Element("div")
        told.text = prompt.text
        told.extend(list(prompt))
        return [told]


def asked_by(root: Element, *, texts: Texts, place: str, notes: Problems) -> Asked:
    """Take a unified item apart. Raises ItemRefused where it asks nothing."""
    body = child(root, "itemBody")
    if body is None:
        raise ItemRefused(N_("It has no body: nothing is asked."))
    for part in root:
        if part.tag == "assessmentStimulusRef":
            notes.add(
                place,
                N_("Its shared passage %(name)s is not kept: copy it into the stem."),
                name=part.get("href") or part.get("identifier", ""),
            )
        elif part.tag not in _ITEM_PARTS:
            notes.add(
                place,
                N_("The element %(name)s is not understood and was left out."),
                name=part.tag,
            )
    interactions = [element for element in body.iter() if element.tag in INTERACTIONS]
    if not interactions:
        raise ItemRefused(N_("It has no interaction: nothing is asked."))
    asked = Asked(
        root=root,
        body=body,
        place=place,
        notes=notes,
        texts=texts,
        interactions=interactions,
        responses=responses_of(root),
        above=parents(root),
    )
    _show_places(asked)
    asked.rubrics = _rubrics(asked)
    asked.explanation = _explanation(asked)
    return asked


def _explanation(asked: Asked) -> Both:
    """Feedback on the answer as a whole: there is one explanation, whatever was answered."""
    found = list(children(asked.root, "modalFeedback"))
    for element in [element for element in asked.body.iter() if element.tag in _FEEDBACK]:
        if not _inside_option(asked, element):
            found.append(element)
            asked.replace(element)
    explained = [asked.texts.of(*content(element)) for element in found]
    different = {tuple(text.values()) for text in explained}
    if len(different) > 1:
        asked.note(
            N_("Its %(count)s feedbacks for different answers became one explanation."),
            count=len(different),
        )
    return joined(explained)


def _rubrics(asked: Asked) -> list[tuple[Element, Both]]:
    """Rubrics for markers, each with the part of the body that is marked by it.

    They leave the body; rubrics for candidates are a part of the stem.
    """
    found: list[tuple[Element, Both]] = []
    written = any(each.tag == "extendedTextInteraction" for each in asked.interactions)
    for rubric in [element for element in asked.body.iter() if element.tag == "rubricBlock"]:
        views = rubric.get("view", "candidate").split()
        if "candidate" in views:
            rubric.tag = "div"
            continue
        if written and {"scorer", "tutor", "author"} & set(views):
            found.append((_marked_by(asked, rubric), asked.texts.of(*content(rubric))))
        else:
            asked.note(N_("A rubric for %(view)s is not kept."), view=" ".join(views))
        asked.replace(rubric)
    return found


def _marked_by(asked: Asked, rubric: Element) -> Element:
    """The part of the body in which a rubric stands, or the nearest before it that asks."""
    top = asked.top(rubric)
    asking = {asked.top(interaction) for interaction in asked.interactions}
    before = list(asked.body)
    for block in reversed(before[: before.index(top) + 1]):
        if block in asking:
            return block
    return top


def _show_places(asked: Asked) -> None:
    """Drawn values stand in a stem as {name}."""
    for shown in [element for element in asked.root.iter() if element.tag == "printedVariable"]:
        asked.replace(shown, f"{{{shown.get('identifier', '')}}}")


def _inside_option(asked: Asked, element: Element) -> bool:
    while element is not asked.body:
        if element.tag in _OPTION:
            return True
        element = asked.above[element]
    return False
