"""What is shown beside an answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.marking.evidence import Found, Piece, look, pieces
from app.domain.questions.body import Answer, Body
from app.domain.questions.written import ShortAnswer


@dataclass(frozen=True, slots=True)
class ToldEvidence:
    """The answer in pieces, how each key point was found (None: not), and what it suggests."""

    pieces: tuple[Piece, ...]
    points: tuple[Found | None, ...]
    suggested: float


def told_evidence(body: Body, answer: Answer, *, maximum: Fraction) -> ToldEvidence | None:
    """Evidence for key points; None where a question has none."""
    if not isinstance(body, ShortAnswer) or not isinstance(answer, str):
        return None
    found = look(body, answer, maximum=maximum)
    kinds: list[Found | None] = []
    for number, _ in enumerate(body.key_points):
        own = {span.found for span in found.spans if span.point == number}
        kinds.append(next((kind for kind in Found if kind in own), None))
    return ToldEvidence(tuple(pieces(answer, found)), tuple(kinds), float(found.suggested))
