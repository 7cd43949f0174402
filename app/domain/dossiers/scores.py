"""Whether answers, marks and results of a dossier follow from one another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from app.domain.attempts import GRADED_STATES, AttemptState
from app.domain.counting import comes_to
from app.domain.dossiers.evidence import Evidence, PlaceFacts
from app.domain.dossiers.findings import Finding, Subject, broken, good, named
from app.domain.questions.body import InvalidAnswer
from app.domain.rescores import points_under
from app.domain.saves import current_answers
from app.domain.scoring.score import SCORES
from app.domain.text import N_

_WITH_RESULT = frozenset({AttemptState.SCORED, AttemptState.RELEASED})


def counting_answers(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """Question number → the answer that counts, with the id of its save."""
    ids = {(save.stored.epoch, save.stored.seq): save.id for save in evidence.saves}
    current = current_answers(save.stored for save in evidence.saves)
    return {
        str(position): {"save": ids[save.epoch, save.seq], "answer": save.answer}
        for position, save in sorted(current.items())
    }


def fits(place: PlaceFacts | None, answer: Any) -> bool:
    """Whether this can be an answer to the question at the place."""
    if place is None or place.question is None:
        return False
    try:
        place.question.body.read_answer(answer)
    except InvalidAnswer:
        return False
    return True


def check_marks(evidence: Evidence) -> Finding:
    """Whether the marks that a rule gives follow from the answers that count."""
    if evidence.attempt.state is AttemptState.VOIDED:
        return good(Subject.MARKS, N_("The attempt is void: its marks count for nothing."))
    if evidence.attempt.state not in GRADED_STATES:
        if evidence.marks:
            return broken(Subject.MARKS, N_("There are marks although nothing was graded yet."))
        return good(Subject.MARKS, N_("Nothing was graded yet, and there are no marks."))
    wrong = sorted(_wrong_marks(evidence))
    if wrong:
        return broken(
            Subject.MARKS,
            N_("Marks do not follow from the answers and the rules of scoring: %(questions)s."),
            questions=named(wrong),
        )
    by_rule = sum(_is_by_rule(place) for place in evidence.places)
    return good(
        Subject.MARKS,
        N_("The marks of all %(count)s questions that a rule marks follow from the answers."),
        count=by_rule,
    )


def check_results(evidence: Evidence) -> Finding:
    """Whether the result that holds follows from the marks."""
    if not evidence.results:
        if evidence.attempt.state in _WITH_RESULT:
            return broken(Subject.RESULTS, N_("The result is missing."))
        return good(Subject.RESULTS, N_("There is no result yet."))
    versions = [result.version for result in evidence.results]
    current = [result for result in evidence.results if result.current]
    if versions != list(range(1, len(versions) + 1)) or current != [evidence.results[-1]]:
        return broken(
            Subject.RESULTS, N_("The versions of the result do not follow on each other.")
        )
    if evidence.attempt.state is not AttemptState.VOIDED:
        marks = {mark.position: mark.points for mark in evidence.marks}
        total = comes_to(evidence.places, marks, evidence.remedies, pass_mark=evidence.pass_mark)
        told = current[0]
        if (told.score, told.maximum, told.pass_mark, told.passed) != (
            float(total.score),
            float(total.maximum),
            float(total.pass_mark),
            total.passed,
        ):
            return broken(Subject.RESULTS, N_("The result does not follow from the marks."))
    return good(
        Subject.RESULTS,
        N_("The result in its version %(version)s follows from the marks."),
        version=current[0].version,
    )


def _wrong_marks(evidence: Evidence) -> Iterator[int]:
    answers = current_answers(save.stored for save in evidence.saves)
    marks = {mark.position: mark for mark in evidence.marks}
    places = {place.position: place for place in evidence.places}
    yield from marks.keys() - places.keys()
    for position, place in places.items():
        mark = marks.get(position)
        if mark is None:
            if _is_by_rule(place):
                yield position
            continue
        answer = answers[position].answer if position in answers else None
        right = _points(place, answer, evidence) if _is_by_rule(place) else mark.points
        if (mark.points, mark.maximum, mark.version_id) != (right, place.points, place.version_id):
            yield position


def _points(place: PlaceFacts, answer: Any, evidence: Evidence) -> Fraction | None:
    """What the rule gives; None where the answer cannot be one to the question."""
    if place.question is None or not fits(place, answer):
        return None
    try:
        return points_under(
            evidence.remedies.get(place.version_id),
            place.question.body,
            answer,
            layout=place.layout,
            maximum=place.points,
            rules=evidence.rules,
        )
    except ValueError:  # drawn values for which the formula has no result
        return None


def _is_by_rule(place: PlaceFacts) -> bool:
    return place.question is not None and place.question.type in SCORES
