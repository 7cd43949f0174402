"""Appeals and complaints: in time, by the candidate, handled by somebody without a part in it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.db import db
from app.domain.appeals import (
    AppealKind,
    AppealMoved,
    AppealOutcome,
    AppealRefused,
    AppealState,
)
from app.domain.certification import NotIndependent
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.models.appeals import Appeal, AppealEvent
from app.models.audit import AuditEntry
from app.models.results import Mark
from app.models.system import Mail
from app.queries.score_checks import score_check
from app.services import appeals, trainers
from app.services.appeals import AppealMissing, PointsRefused
from app.services.attempts import AttemptMissing
from app.services.trail import SYSTEM, Actor, log_event
from tests import factories
from tests.factories import NOW
from tests.services import marking_scenes, result_scenes, scenes
from tests.services.result_scenes import LATER, results

NOTES = {"missed_parts": "无漏判", "sums": "合分无误", "entries": "登分无误"}


@pytest.fixture
def scene(app):
    """(attempt, an independent handler, the certifier who released)."""
    sitting_id = factories.sitting(result_scenes.exam())
    attempt_id = result_scenes.sat(app, sitting_id, "one", right=(1,), email="one@example.org")
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    return attempt_id, factories.user("handler", Role.HR, name="复核员"), certifier


def take(appeal_id, by):
    appeals.take(appeal_id, actor=Actor(by), now=LATER)


def answer(app, appeal_id, by, *, letter="维持原成绩。", outcome=AppealOutcome.REJECTED):
    appeals.answer(
        appeal_id,
        outcome=outcome,
        letter={"zh": letter, "en": ""},
        notes=NOTES,
        letterhead=result_scenes.letterhead(app),
        actor=Actor(by),
        now=LATER,
    )


def again(app, appeal_id, by):
    return appeals.grade_again(
        appeal_id, reason="x", signer=scenes.signer(app), actor=Actor(by), now=LATER
    )


def correct(app, appeal_id, by, position, points):
    return appeals.correct_mark(
        appeal_id,
        position=position,
        points=Fraction(points),
        reason="采分点漏判",
        signer=scenes.signer(app),
        actor=Actor(by),
        now=LATER,
    )


def test_an_appeal_goes_its_whole_way(app, scene, session):
    attempt_id, handler, _ = scene
    appeal_id = result_scenes.appeal(app, attempt_id)

    take(appeal_id, handler)
    answer(app, appeal_id, handler)

    row = session.get_one(Appeal, appeal_id)
    assert (row.state, row.outcome, row.letter["zh"]) == ("answered", "rejected", "维持原成绩。")
    assert row.checked["notes"] == NOTES
    assert row.checked["found"]["sums"] == {"marks": "40.0", "result": "40.0", "holds": True}
    assert row.due_at == LATER + timedelta(days=15)
    steps = session.scalars(select(AppealEvent.step).order_by(AppealEvent.id))
    assert list(steps) == ["filed", "assigned", "answered"]
    mails = session.scalars(select(Mail.subject).order_by(Mail.id)).all()
    assert len(mails) == 3
    acts = set(session.scalars(select(AuditEntry.action)))
    assert {"appeal.filed", "appeal.assigned", "appeal.answered"} <= acts


@pytest.mark.parametrize(("days", "in_time"), [(10, True), (10.01, False)])
def test_the_time_for_an_appeal_is_that_of_the_exams_policy(app, scene, days, in_time):
    attempt_id, *_ = scene
    when = NOW + timedelta(days=days)
    if in_time:
        assert result_scenes.appeal(app, attempt_id, now=when)
    else:
        with pytest.raises(AppealRefused, match="2026-11-12"):
            result_scenes.appeal(app, attempt_id, now=when)


def test_before_the_release_one_can_complain_but_not_appeal(app):
    sitting_id = factories.sitting(result_scenes.exam())
    attempt_id = result_scenes.sat(app, sitting_id, "one")

    with pytest.raises(AppealRefused) as refused:
        result_scenes.appeal(app, attempt_id)
    assert refused.value.code == "appeal-too-early"
    assert result_scenes.appeal(app, attempt_id, kind=AppealKind.COMPLAINT)


def test_one_of_a_kind_is_open_at_a_time(app, scene):
    attempt_id, handler, _ = scene
    appeal_id = result_scenes.appeal(app, attempt_id)
    with pytest.raises(AppealRefused):
        result_scenes.appeal(app, attempt_id)
    take(appeal_id, handler)
    answer(app, appeal_id, handler)

    assert result_scenes.appeal(app, attempt_id) != appeal_id


def test_nobody_appeals_for_somebody_else(app, scene):
    attempt_id, handler, _ = scene

    with pytest.raises(AttemptMissing):
        appeals.file(
            attempt_id,
            kind=AppealKind.APPEAL,
            text="x",
            position=None,
            letterhead=result_scenes.letterhead(app),
            actor=Actor(handler),
            now=LATER,
        )


def as_releaser(scene):
    return scene[2]


def as_trainer(scene):
    attempt_id, handler, _ = scene
    trainers.name_trainer(
        handler,
        user_id=result_scenes.owner(attempt_id),
        scheme_id="unit",
        actor=SYSTEM,
        now=NOW,
    )
    return handler


def as_proctor(scene):
    attempt_id, handler, _ = scene
    log_event(attempt_id, "signals_reviewed", actor=Actor(handler), now=NOW)
    result_scenes.db.session.commit()
    return handler


def as_candidate(scene):
    return result_scenes.owner(scene[0])


@pytest.mark.parametrize("who", [as_releaser, as_trainer, as_proctor, as_candidate])
def test_whoever_had_a_part_in_the_exam_never_handles_it(app, scene, who):
    appeal_id = result_scenes.appeal(app, scene[0])

    with pytest.raises(NotIndependent):
        take(appeal_id, who(scene))


def test_only_whoever_took_it_acts_on_it(app, scene):
    attempt_id, handler, _ = scene
    other = factories.user("other", Role.HR)
    appeal_id = result_scenes.appeal(app, attempt_id)
    with pytest.raises(AppealMoved):
        answer(app, appeal_id, handler)
    take(appeal_id, handler)

    for act in (answer, again):
        with pytest.raises(DomainError, match="Somebody else"):
            act(app, appeal_id, other)


def test_a_withdrawn_one_is_over(app, scene, session):
    attempt_id, handler, _ = scene
    appeal_id = result_scenes.appeal(app, attempt_id)
    with pytest.raises(AppealMissing):
        appeals.withdraw(appeal_id, actor=Actor(handler), now=LATER)

    appeals.withdraw(appeal_id, actor=Actor(result_scenes.owner(attempt_id)), now=LATER)

    assert session.get_one(Appeal, appeal_id).state == AppealState.WITHDRAWN
    with pytest.raises(AppealMoved):
        take(appeal_id, handler)


def test_grading_again_mends_an_entry_that_is_not_what_the_rule_gives(app, scene, session):
    attempt_id, handler, _ = scene
    mark = session.get_one(Mark, (attempt_id, 1))
    mark.points = Fraction(0)
    session.commit()
    found = score_check(attempt_id).findings
    assert (found.differing, found.sum_holds) == ((1,), False)
    appeal_id = result_scenes.appeal(app, attempt_id)
    take(appeal_id, handler)

    assert again(app, appeal_id, handler)

    found = score_check(attempt_id).findings
    assert (found.differing, found.sum_holds, found.missed) == ((), True, ())
    assert results(attempt_id) == [(1, False, 40, False), (2, True, 40, False)]


def test_what_a_rule_marks_is_not_corrected_by_hand(app, scene):
    attempt_id, handler, _ = scene
    appeal_id = result_scenes.appeal(app, attempt_id)
    take(appeal_id, handler)

    with pytest.raises(PointsRefused):
        correct(app, appeal_id, handler, 2, 40)


@pytest.fixture
def by_hand(app):
    """(released attempt whose question 1 a person marked with 30 of 40, handler)."""
    written = factories.content(
        "PL14-70",
        pool="exam",
        type="short_answer",
        **WRITTEN,
    )
    plan = [
        {"module": "planning", "type": "short_answer", "count": 1, "points": 40.0},
        {"module": "planning", "type": "single", "count": 1, "points": 60.0},
    ]
    row = result_scenes.exam(plan=plan, bank=[written, *factories.exam_pool()])
    sitting_id = factories.sitting(row)
    row.marking = {"double": False, "checks": 0}
    db.session.commit()
    attempt_id = marking_scenes.handed_in(app, sitting_id, answers={1: "先倾听"})
    written_at = next(q.entry.position for q in score_check(attempt_id).questions if not q.by_rule)
    marker = marking_scenes.marker()
    marking_scenes.mark(app, row, written_at, marking_scenes.own(30), marker)
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    appeal_id = result_scenes.appeal(app, attempt_id)
    handler = factories.user("handler", Role.HR)
    take(appeal_id, handler)
    return attempt_id, appeal_id, handler, written_at


WRITTEN = {
    "key_points": [
        {"zh": "倾听", "en": "listen", "weight": 1},
        {"zh": "致歉", "en": "apologise", "weight": 1},
    ],
    "model_answer": {"zh": "先倾听，再致歉。", "en": "Listen, then apologise."},
}


@pytest.mark.parametrize(("points", "score"), [(36, 36), ("25", 25)])
def test_a_corrected_mark_makes_a_new_version_and_a_score_may_fall(app, by_hand, points, score):
    attempt_id, appeal_id, handler, position = by_hand

    assert correct(app, appeal_id, handler, position, points)

    assert results(attempt_id) == [(1, False, 30, False), (2, True, score, False)]


@pytest.mark.parametrize("points", [-1, 41])
def test_points_beyond_the_question_are_refused(app, by_hand, points):
    _, appeal_id, handler, position = by_hand

    with pytest.raises(PointsRefused):
        correct(app, appeal_id, handler, position, points)


def test_whoever_corrected_a_mark_handles_no_second_appeal(app, by_hand):
    attempt_id, appeal_id, handler, position = by_hand
    correct(app, appeal_id, handler, position, 36)
    answer(app, appeal_id, handler, outcome=AppealOutcome.PARTLY)
    second = result_scenes.appeal(app, attempt_id)

    with pytest.raises(NotIndependent):
        take(second, handler)


def test_the_record_of_an_appeal_is_never_changed(app, scene, session):
    result_scenes.appeal(app, scene[0])

    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text("DELETE FROM appeal_events"))
