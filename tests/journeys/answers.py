"""What a strong and what a weak candidate answers, in the form that the save protocol has."""

from __future__ import annotations

from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.written import Case


def right(question):
    """The answer that earns every point (any text where a person marks)."""
    match question.body:
        case Single() as body:
            (answer,) = body.key
            return answer
        case Multiple() as body:
            return sorted(body.key)
        case TrueFalse() as body:
            return "true" if body.right else "false"
        case FillIn() as body:
            return [blank.zh[0] for blank in body.blanks]
        case Matching() as body:
            return body.key
        case Ordering() as body:
            return list(body.key)
        case Case() as body:
            return {part: "先倾听，再道歉，然后解决。" for part, _ in body.prompt(None)}
        case Numeric():
            return "1"
        case _:
            return "先倾听，再道歉，然后解决。"


def wrong(question):
    """An answer that earns nothing."""
    match question.body:
        case Single() as body:
            return next(option.id for option in body.options if not option.right)
        case Multiple() as body:
            return [option.id for option in body.options if not option.right][:1]
        case TrueFalse() as body:
            return "false" if body.right else "true"
        case FillIn() as body:
            return ["不知道" for _ in body.blanks]
        case Matching() as body:
            rights = list(body.key.values())
            return dict(zip(body.key, rights[1:] + rights[:1], strict=True))
        case Ordering() as body:
            return list(reversed(body.key))
    raise AssertionError(f"no wrong answer for {question.type}")
