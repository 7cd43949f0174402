"""Re-scoring a question: previewed, approved by another person, counted for ever after."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.certification import NotIndependent
from app.domain.permissions import Role
from app.domain.releases import DecidedAlready, SameProposer
from app.domain.rescores import Act, NothingWouldRemain, PreviewOutdated, ProposedBefore, Remedy
from app.domain.scoring.rekeying import KeyRefused
from app.models.attempts import Attempt, AttemptEvent
from app.models.certificates import Certificate
from app.models.certification import CertificateReview
from app.models.rescores import QuestionRescore, RescoreAttempt
from app.models.results import Mark
from app.models.schemes import Exam
from app.models.system import Mail
from app.queries.rescore_previews import preview
from app.services import rescores, trainers
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW
from tests.services import result_scenes
from tests.services.result_scenes import LATER, results


@pytest.fixture
def scene(app):
    """(attempts: all right, second question wrong, only the last right; instructor, certifier).

    Two single questions of 40 points, where b is right, and a statement of 20.
    """
    sitting_id = factories.sitting(result_scenes.exam())
    attempts = [
        result_scenes.sat(app, sitting_id, "one", email="one@example.org"),
        result_scenes.sat(app, sitting_id, "two", right=(1, 3), email="two@example.org"),
        result_scenes.sat(app, sitting_id, "three", right=(3,)),
    ]
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    return attempts, factories.user("teacher", Role.INSTRUCTOR), certifier


def foreseen(session, rescore_id):
    return rescores.preview_of(session.get_one(QuestionRescore, rescore_id))


def test_credit_gives_everybody_the_points(app, scene):
    (one, two, three), teacher, certifier = scene

    result_scenes.rescored(app, two, 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)

    assert results(one) == [(1, True, 100, True)]
    assert results(two) == [(1, False, 60, True), (2, True, 100, True)]
    assert results(three) == [(1, False, 20, False), (2, True, 60, True)]


def test_a_dropped_question_counts_neither_way_and_the_pass_mark_keeps_its_meaning(app, scene):
    (one, two, three), teacher, certifier = scene

    result_scenes.rescored(app, two, 2, Act.DROP, proposer=teacher, decider=certifier)

    assert results(one)[-1] == (2, True, 100, True)  # its modules tell what remains
    assert results(two)[-1] == (2, True, 100, True)  # 60 of 60 that remain
    assert results(three)[-1] == (2, True, 33.3, False)  # 20 of 60


def test_a_new_key_takes_from_some_and_gives_to_others(app, scene):
    (one, two, three), teacher, certifier = scene

    result_scenes.rescored(app, one, 1, Act.REKEY, key=["c"], proposer=teacher, decider=certifier)

    assert [results(a)[-1][2:] for a in (one, two, three)] == [
        (60, True),
        (20, False),
        (20, False),
    ]


def test_several_right_answers_take_from_nobody(app, scene):
    (one, two, three), teacher, certifier = scene

    result_scenes.rescored(
        app, one, 1, Act.REKEY, key=["b", "c"], proposer=teacher, decider=certifier
    )

    assert [len(results(a)) for a in (one, two, three)] == [1, 1, 1]


@pytest.mark.parametrize("key", [None, [], ["b"], ["z"], "b", [1], {"b": True}])
def test_what_is_no_new_key_is_refused(scene, key):
    attempts, teacher, _ = scene

    with pytest.raises(KeyRefused):
        result_scenes.propose_rescore(attempts[0], 1, Act.REKEY, by=teacher, key=key)


@pytest.mark.parametrize(
    ("act", "key"), [(Act.REKEY, ["a"]), (Act.CREDIT_ALL, None), (Act.DROP, None)]
)
def test_what_was_foreseen_happens(app, scene, session, act, key):
    attempts, teacher, certifier = scene
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, act, by=teacher, key=key)
    told = {c.attempt_id: (c.after, c.passed_after) for c in foreseen(session, rescore_id).changes}

    result_scenes.approve_rescore(rescore_id, by=certifier)
    result_scenes.apply(app, rescore_id)

    assert {a: results(a)[-1][2:] for a in attempts} == told


@pytest.mark.parametrize(
    ("act", "key"), [(Act.REKEY, ["a"]), (Act.CREDIT_ALL, None), (Act.DROP, None)]
)
def test_rescoring_twice_is_rescoring_once(app, scene, act, key):
    attempts, teacher, certifier = scene
    twice = {"proposer": teacher, "decider": certifier, "key": key}
    result_scenes.rescored(app, attempts[0], 2, act, **twice)
    once = [results(a) for a in attempts]

    result_scenes.rescored(app, attempts[0], 2, act, **twice)

    assert [results(a) for a in attempts] == once


def test_a_batch_that_a_crash_cut_short_goes_on_where_it_was(app, scene, session):
    attempts, teacher, certifier = scene
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.CREDIT_ALL, by=teacher)
    result_scenes.approve_rescore(rescore_id, by=certifier)

    left = [result_scenes.apply(app, rescore_id, size=1) for _ in range(4)]

    assert left == [2, 1, 0, 0]
    assert session.scalar(select(func.count()).select_from(RescoreAttempt)) == 3
    assert [len(results(a)) for a in attempts] == [1, 2, 2]


def test_whoever_is_graded_later_gets_the_same(app, scene, session):
    attempts, teacher, certifier = scene
    result_scenes.rescored(app, attempts[0], 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)
    sitting_id = session.get_one(Attempt, attempts[0]).sitting_id

    late = result_scenes.sat(app, sitting_id, "late", right=(1,))

    assert results(late) == [(1, True, 80, True)]


def test_who_loses_a_pass_keeps_the_certificate_until_a_person_decides(app, scene, session):
    attempts, teacher, certifier = scene

    result_scenes.rescored(
        app, attempts[1], 1, Act.REKEY, key=["c"], proposer=teacher, decider=certifier
    )

    review = session.scalars(select(CertificateReview)).one()
    certificate = session.get_one(Certificate, review.certificate_id)
    assert certificate.user_id == result_scenes.owner(attempts[1])
    assert (review.outcome, certificate.suspended_at, certificate.revoked_at) == (
        "open",
        None,
        None,
    )


def test_who_gains_a_pass_gets_the_certificate(app, scene, session):
    attempts, teacher, certifier = scene

    result_scenes.rescored(app, attempts[2], 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)

    holders = set(session.scalars(select(Certificate.user_id)))
    assert result_scenes.owner(attempts[2]) in holders


def test_those_whose_result_changed_are_told_and_nobody_else(app, scene, session):
    attempts, teacher, certifier = scene
    before = session.scalar(select(func.count()).select_from(Mail))

    result_scenes.rescored(app, attempts[1], 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)

    mails = session.scalars(select(Mail).order_by(Mail.id)).all()[before:]
    assert [mail.address for mail in mails] == ["two@example.org"]
    assert "100" not in mails[0].body


def test_the_preview_that_was_seen_is_the_one_that_is_approved(app, scene):
    attempts, teacher, certifier = scene
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.DROP, by=teacher)

    with pytest.raises(PreviewOutdated):
        rescores.decide(
            rescore_id, approve=True, reason="x", digest="0" * 64, actor=Actor(certifier), now=NOW
        )


def test_a_second_person_decides_once(scene):
    attempts, teacher, certifier = scene
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.DROP, by=teacher)

    with pytest.raises(SameProposer):
        result_scenes.approve_rescore(rescore_id, by=teacher)
    result_scenes.approve_rescore(rescore_id, by=certifier)
    with pytest.raises(DecidedAlready):
        result_scenes.approve_rescore(rescore_id, by=certifier)


def test_whoever_trained_somebody_it_concerns_never_decides(scene):
    attempts, teacher, certifier = scene
    trainers.name_trainer(
        certifier,
        user_id=result_scenes.owner(attempts[0]),
        scheme_id="unit",
        actor=SYSTEM,
        now=NOW,
    )
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.DROP, by=teacher)

    with pytest.raises(NotIndependent):
        result_scenes.approve_rescore(rescore_id, by=certifier)


def test_one_proposal_of_a_question_waits_at_a_time(scene):
    attempts, teacher, _ = scene
    result_scenes.propose_rescore(attempts[0], 2, Act.DROP, by=teacher)

    with pytest.raises(ProposedBefore):
        result_scenes.propose_rescore(attempts[0], 2, Act.CREDIT_ALL, by=teacher)


def test_the_last_question_of_a_paper_cannot_be_dropped(app, scene):
    attempts, teacher, certifier = scene
    for position in (1, 2):
        result_scenes.rescored(
            app, attempts[0], position, Act.DROP, proposer=teacher, decider=certifier
        )

    with pytest.raises(NothingWouldRemain):
        result_scenes.propose_rescore(attempts[0], 3, Act.DROP, by=teacher)


def test_a_rejected_proposal_changes_nothing(scene):
    attempts, teacher, certifier = scene
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.DROP, by=teacher)

    rescores.decide(
        rescore_id, approve=False, reason="nein", digest="", actor=Actor(certifier), now=LATER
    )

    assert [len(results(a)) for a in attempts] == [1, 1, 1]


def test_the_log_of_an_attempt_keeps_the_points_of_before_and_after(app, scene, session):
    attempts, teacher, certifier = scene

    result_scenes.rescored(app, attempts[1], 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)

    detail = session.scalar(
        select(AttemptEvent.detail).where(
            AttemptEvent.attempt_id == attempts[1], AttemptEvent.kind == "rescored"
        )
    )
    assert detail["changed"] == {"2": ["0", "40"]}
    assert session.get_one(Mark, (attempts[1], 2)).points == 40


def test_a_preview_of_many_asks_the_database_no_more_often(app, scene, session, statements):
    attempts, _, _ = scene
    exam = session.get_one(Exam, session.get_one(Attempt, attempts[0]).exam_id)
    version_id = result_scenes.version_at(attempts[0], 1)
    remedy = Remedy(Act.CREDIT_ALL)
    preview(exam, version_id, remedy)
    statements.clear()

    preview(exam, version_id, remedy)
    few = len(statements)
    sitting_id = session.get_one(Attempt, attempts[0]).sitting_id
    for number in range(4):
        result_scenes.sat(app, sitting_id, f"more{number}", right=())
    statements.clear()
    found = preview(exam, version_id, remedy)

    assert (len(statements), len(found.changes)) == (few, 7)
    assert few <= 4
