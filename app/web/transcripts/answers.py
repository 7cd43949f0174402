"""The questions of a transcript in words: own answers, right ones, explanations, by policy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.dossiers.wording import wording
from app.domain.rescores import Act
from app.domain.result_policies import Part
from app.domain.text import Text
from app.queries.transcripts import AnsweredQuestion, Transcript, answered_questions
from app.web.dossiers.speech import speech


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question. answer, right: lines, None where the policy does not show them.

    explanation: None likewise. act: what a re-score did to it.
    """

    position: int
    stem: str
    shown: tuple[str, ...]
    answer: tuple[str, ...] | None
    right: tuple[str, ...] | None
    explanation: Text | None
    points: Fraction | None
    maximum: Fraction
    act: Act | None


def shown_questions(found: Transcript) -> list[ShownQuestion]:
    """What of the questions the policy lets one see."""
    return [_shown(found, one) for one in answered_questions(found)]


def _shown(found: Transcript, one: AnsweredQuestion) -> ShownQuestion:
    words = wording(one.question, one.layout, one.answer, speech())
    policy = found.policy
    keys = [
        wording(question, one.layout, None, speech()).key
        for question in one.alternatives or (one.question,)
    ]
    right = tuple(dict.fromkeys(line for key in keys for line in key))
    return ShownQuestion(
        position=one.position,
        stem=words.stem,
        shown=words.shown,
        answer=words.answer if policy.shows(Part.OWN_ANSWERS) else None,
        right=right if policy.shows(Part.RIGHT_ANSWERS) else None,
        explanation=one.question.explanation if policy.shows(Part.EXPLANATIONS) else None,
        points=one.points if policy.shows(Part.SCORE) else None,
        maximum=one.maximum,
        act=one.act,
    )
