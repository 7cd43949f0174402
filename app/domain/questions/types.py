"""The register of question types: adding one means one line here (and in `domain/scoring`)."""

from __future__ import annotations

from app.domain.questions.body import Body
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.written import Case, ShortAnswer

BODIES: dict[QuestionType, type[Body]] = {
    body.TYPE: body
    for body in (
        Single,
        Multiple,
        TrueFalse,
        FillIn,
        Numeric,
        Matching,
        Ordering,
        ShortAnswer,
        Case,
    )
}
