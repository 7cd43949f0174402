"""What a marker needs to know, as the rubric blocks of QTI: text that candidates never see."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from app.domain.questions.written import CasePart, Criterion, KeyPoint, ShortAnswer
from app.domain.text import Text
from app.loader.exchange.qti_content import Content, Node, filled

_MODEL_ANSWER = Text("参考答案", "Model answer")
_KEY_POINTS = Text("采分点", "Key points")
_RUBRIC = Text("评分标准", "Rubric")


def short_answer_rubric(body: ShortAnswer, content: Content) -> Element:
    """The model answer, and the points that earn marks."""
    points = [_key_point(point, content) for point in body.key_points]
    asked = Text(
        f"{_KEY_POINTS.zh}（答出 {body.any_of} 点即满分）",
        f"{_KEY_POINTS.en} (any {body.any_of} for full marks)",
    )
    heading = asked if body.any_of < len(body.key_points) else _KEY_POINTS
    return _rubric(
        content,
        [
            *_headed(_MODEL_ANSWER, content.block(body.model_answer)),
            *_headed(heading, [filled(Element("ul"), points)]),
        ],
    )


def case_rubric(part: CasePart, content: Content) -> Element:
    """The model answer of one task, and how each of its criteria is marked."""
    rows = [_criterion(criterion, content) for criterion in part.criteria]
    return _rubric(
        content,
        [
            *_headed(_MODEL_ANSWER, content.block(part.model_answer)),
            *_headed(_RUBRIC, [filled(Element("ul"), rows)]),
        ],
    )


def _rubric(content: Content, nodes: Sequence[Node]) -> Element:
    attributes = {"view": "scorer"}
    if content.version.kebab:
        attributes["use"] = "scoring"
    return content.element("rubricBlock", attributes, *content.wrapped(nodes))


def _headed(heading: Text, nodes: Sequence[Node]) -> list[Node]:
    strong = filled(Element("strong"), [f"{heading.zh} {heading.en}"])
    return [filled(Element("p"), [strong]), *nodes]


def _key_point(point: KeyPoint, content: Content) -> Element:
    weight = f"[{point.weight:g}] "
    others = " / ".join((*point.zh, *point.en))
    end: list[Node] = [f" ({others})"] if others else []
    return filled(Element("li"), [weight, *content.short(point.text), *end])


def _criterion(criterion: Criterion, content: Content) -> Element:
    levels = [
        filled(Element("li"), [f"{share * 100:g}% ", *content.short(text)])
        for share, text in criterion.levels
    ]
    return filled(
        Element("li"),
        [
            f"[{criterion.weight:g}] ",
            *content.short(criterion.name),
            filled(Element("ul"), levels),
        ],
    )
