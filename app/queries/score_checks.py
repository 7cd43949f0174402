"""The facts of a 复核: every question of an attempt with its mark, and what the rule gives."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from app.db import db
from app.domain.counting import comes_to
from app.domain.questions.body import Answer, Layout
from app.domain.questions.question import Question
from app.domain.rescores import is_dropped, points_under
from app.domain.saves import current_answers
from app.domain.score_checks import Entry, Findings, findings
from app.domain.scoring.rules import load_rules
from app.domain.scoring.score import SCORES
from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.remedies import remedies_of
from app.queries.saves import saves_of
from app.queries.versions import paper_slots


@dataclass(frozen=True, slots=True)
class CheckedQuestion:
    """One question for whoever checks. by_rule: whether a rule marks it."""

    entry: Entry
    question: Question
    layout: Layout
    answer: Answer | None
    by_rule: bool


@dataclass(frozen=True, slots=True)
class ScoreCheck:
    """An attempt's marks, checked."""

    questions: tuple[CheckedQuestion, ...]
    findings: Findings


def score_check(attempt_id: int) -> ScoreCheck | None:
    """Check an attempt anew: six statements; None where there is no such attempt."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None:
        return None
    exam = db.session.get_one(Exam, attempt.exam_id)
    slots = paper_slots(attempt.paper_id)
    answers = current_answers(saves_of(attempt_id))
    remedies, rules = remedies_of(exam.id), load_rules(exam.scoring)
    marks: dict[int, Fraction] = dict(
        db.session.execute(
            select(Mark.position, Mark.points).where(Mark.attempt_id == attempt_id)
        ).all()
    )
    told = db.session.scalar(
        select(Result.score).where(Result.attempt_id == attempt_id, Result.current)
    )
    questions = []
    for slot in slots:
        if slot.is_pilot:
            continue
        layout = Layout.load(attempt.layout[str(slot.position)])
        save = answers.get(slot.position)
        answer = save.answer if save else None
        due = points_under(
            remedies.get(slot.version_id),
            slot.question.body,
            answer,
            layout=layout,
            maximum=slot.points,
            rules=rules,
        )
        entry = Entry(
            position=slot.position,
            version_id=slot.version_id,
            module=slot.module_id,
            maximum=slot.points,
            earned=marks.get(slot.position),
            due=due,
            answered=answer is not None,
            dropped=is_dropped(remedies, slot.version_id),
        )
        by_rule = slot.question.type in SCORES
        questions.append(CheckedQuestion(entry, slot.question, layout, answer, by_rule))
    total = comes_to(slots, marks, remedies, pass_mark=exam.pass_mark)
    found = findings((one.entry for one in questions), total, told=told)
    return ScoreCheck(tuple(questions), found)
