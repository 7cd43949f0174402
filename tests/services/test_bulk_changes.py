"""Many questions are changed at once: what is refused and why, all or nothing, and one undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from sqlalchemy import func, select

from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.bulk import BulkOrder, FieldChange
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.lifecycle import NoteMissing, QuestionStep
from app.models.audit import AuditEntry
from app.models.content import Point
from app.models.questions import Question, QuestionVersion
from app.models.workshop import BulkChange, QuestionMove
from app.queries.bank import bank_ids
from app.queries.bulk_changes import bulk_changes
from app.queries.bulk_plans import UnknownPoint
from app.queries.question_standings import standings
from app.queries.questions import question_page
from app.services import bulk_changes as writes
from app.services import bulk_undo, questions
from app.services.bulk_changes import PreviewOutdated, TooManyChosen
from app.services.bulk_undo import ChangeMissing, UndoneAlready
from app.services.trail import Actor
from tests import factories

T = QuestionStep
LIVE = ["PL14-01", "PL14-02", "PL14-03"]
EASY = BankFilter(difficulty=2)
HARDER = BulkOrder(difficulty=4)


@pytest.fixture
def me(app):
    """An author; there are three live questions from files."""
    factories.syllabus()
    factories.bank([factories.content(id_) for id_ in LIVE])
    return factories.user("writer", name="作者")


@pytest.fixture
def draft(me):
    """The id of a question that the author has just written."""
    return questions.create_question(
        factories.content(), note="", actor=Actor(me), now=factories.NOW
    )


def preview(selection, order, by):
    return writes.preview(selection, order, actor=Actor(by), zone=UTC)


def apply(selection, order, by, *, expected=None):
    if expected is None:
        expected = preview(selection, order, by).digest
    return writes.apply(
        selection, order, expected=expected, actor=Actor(by), now=factories.NOW, zone=UTC
    )


def undo(change_id, by, note="撤销"):
    return bulk_undo.undo(change_id, note=note, actor=Actor(by), now=factories.NOW)


def edit(question_id, by, *, version, **changes):
    content = replace(question_page(question_id).content, **changes)
    questions.edit_question(
        content, from_version=version, note="", actor=Actor(by), now=factories.NOW
    )


def row(session, question_id):
    found = session.get_one(Question, question_id, populate_existing=True)
    return found.state, found.current_version, found.live_version, found.difficulty, found.pool


def refusals(done):
    return {refusal.id: refusal.problem.code for refusal in done.refused}


def test_a_preview_tells_what_would_change_and_writes_nothing(me, session):
    edit("PL14-02", me, version=1, difficulty=4)

    plan = preview([*LIVE, "PL99-01"], HARDER, me)

    assert [change.id for change in plan.changes] == ["PL14-01", "PL14-03"]
    assert plan.changes[0].changes == (
        FieldChange("difficulty", "2", "4"),
        FieldChange("state", "live", "draft"),
    )
    assert (plan.unchanged, plan.refused) == (("PL14-02",), ())
    assert row(session, "PL14-01") == ("live", 1, 1, 2, "practice")
    assert session.scalar(select(func.count()).select_from(BulkChange)) == 0


def test_new_content_is_a_draft_and_the_live_version_stays_in_use(me, session):
    done = apply(LIVE, BulkOrder(difficulty=4, level=Level.APPLY, note="太难"), me)

    assert done.changed == tuple(LIVE)
    assert row(session, "PL14-01") == ("draft", 2, 1, 4, "practice")
    version = session.scalars(
        select(QuestionVersion).where(
            QuestionVersion.question_id == "PL14-01", QuestionVersion.number == 2
        )
    ).one()
    assert (version.author_id, version.note) == (me, "太难")
    assert (version.content["difficulty"], version.content["level"]) == (4, "apply")


def test_everything_that_a_filter_finds_is_changed(me, session):
    edit("PL14-02", me, version=1, difficulty=3)

    done = apply(EASY, HARDER, me)

    assert done.changed == ("PL14-01", "PL14-03")
    assert bank_ids(BankFilter(difficulty=4), zone=UTC) == ["PL14-01", "PL14-03"]


def test_new_sources_are_found_in_full_text(me):
    done = apply(LIVE[:1], BulkOrder(source="003 附录"), me)
    assert bank_ids(BankFilter(search="附录"), zone=UTC) == ["PL14-01"]

    undo(done.change_id, me)
    assert bank_ids(BankFilter(search="附录"), zone=UTC) == []


def test_points_are_added_and_taken_but_never_the_first(me, session):
    session.add(
        Point(
            id="PL15", lesson_id="swot", place=2, title={}, source="", memory="", key=False,
            beyond=False,
        )
    )  # fmt: skip
    session.commit()
    apply(LIVE[:2], BulkOrder(add_points=("PL15",)), me)
    assert question_page("PL14-01").content.points == ("PL14", "PL15")

    apply(LIVE[:1], BulkOrder(remove_points=("PL15",)), me)
    assert question_page("PL14-01").content.points == ("PL14",)

    done = apply(LIVE, BulkOrder(remove_points=("PL14",)), me)
    assert refusals(done) == dict.fromkeys(LIVE, "main-point-stays")
    assert done.change_id is None
    with pytest.raises(UnknownPoint):
        preview(LIVE, BulkOrder(add_points=("PL99",)), me)


def test_a_retired_question_is_not_written(me, session):
    apply(LIVE[:1], BulkOrder(step=T.RETIRE, note="过时"), me)

    done = apply(LIVE, HARDER, me)

    assert refusals(done) == {"PL14-01": "step-refused"}
    assert done.changed == ("PL14-02", "PL14-03")


def test_only_what_nobody_has_seen_changes_its_pool(me, draft, session):
    done = apply([*LIVE, draft], BulkOrder(pool=Pool.EXAM), me)

    assert refusals(done) == dict.fromkeys(LIVE, "pool-in-use")
    assert row(session, draft) == ("draft", 2, None, 2, "exam")
    assert question_page(draft).content.pool is Pool.EXAM

    undo(done.change_id, me)
    assert row(session, draft) == ("draft", 3, None, 2, "practice")
    assert question_page(draft).content.pool is Pool.PRACTICE


def test_a_question_that_was_ever_live_keeps_its_pool(me, draft):
    first, second = factories.reviewers()
    for step, by in [
        (T.SUBMIT, me), (T.APPROVE, first), (T.APPROVE, second), (T.PROMOTE, first),
        (T.RETIRE, me), (T.REVIVE, me),
    ]:  # fmt: skip
        factories.step(draft, step, by)

    done = apply([draft], BulkOrder(pool=Pool.EXAM), me)

    assert refusals(done) == {draft: "pool-in-use"}


def test_drafts_are_submitted_and_taken_back(me, draft, session):
    done = apply([*LIVE, draft], BulkOrder(step=T.SUBMIT), me)

    assert refusals(done) == dict.fromkeys(LIVE, "step-refused")
    assert row(session, draft)[0] == "content_review"

    undo(done.change_id, me)
    assert row(session, draft)[:3] == ("draft", 1, None)
    moves = session.scalars(select(QuestionMove.step).order_by(QuestionMove.id)).all()
    assert moves[-2:] == ["submit", "send_back"]


def test_retired_ones_come_back_into_use(me, session):
    done = apply(LIVE, BulkOrder(step=T.RETIRE, note="过时"), me)
    assert row(session, "PL14-01")[:3] == ("retired", 1, None)

    assert undo(done.change_id, me).restored == tuple(LIVE)

    assert row(session, "PL14-01")[:3] == ("live", 1, 1)
    last = session.scalars(select(QuestionMove).order_by(QuestionMove.id.desc())).first()
    assert (last.step, last.from_state, last.to_state, last.note) == (
        "revive",
        "retired",
        "live",
        "撤销",
    )


def test_what_was_under_review_is_a_draft_after_an_undo(me, draft, session):
    """Nobody's review counts for what was away: two people look at it again (promise 8)."""
    reviewer = factories.reviewers()[0]
    apply([draft], BulkOrder(step=T.SUBMIT), me)
    factories.step(draft, T.APPROVE, reviewer)
    done = apply([draft], BulkOrder(step=T.RETIRE, note="误"), me)

    undo(done.change_id, me)

    assert row(session, draft)[0] == "draft"
    assert standings([draft])[draft].content_reviewer is None


def test_an_undo_writes_the_old_content_as_a_new_version(me, session):
    before = question_page("PL14-01").content
    done = apply(LIVE, HARDER, me)

    undone = undo(done.change_id, me)

    assert (undone.restored, undone.refused) == (tuple(LIVE), ())
    assert row(session, "PL14-01") == ("live", 3, 3, 2, "practice")
    assert question_page("PL14-01").content == before
    assert question_page("PL14-01", version=2).content.difficulty == 4
    assert standings(["PL14-01"])["PL14-01"].writers == frozenset()


def test_an_undo_leaves_what_somebody_has_changed_since(me, session):
    other = factories.user("other", name="别人")
    done = apply(LIVE, HARDER, me)
    edit("PL14-02", other, version=2, difficulty=5)
    factories.step("PL14-03", T.SUBMIT, me)

    undone = undo(done.change_id, me)

    assert (undone.restored, undone.refused) == (("PL14-01",), ("PL14-02", "PL14-03"))
    assert row(session, "PL14-02")[3] == 5
    assert row(session, "PL14-03")[:2] == ("content_review", 2)


def test_a_draft_that_was_changed_is_a_draft_after_the_undo(me, draft, session):
    done = apply([draft], HARDER, me)

    undo(done.change_id, me)

    assert row(session, draft) == ("draft", 3, None, 2, "practice")


def test_there_is_one_undo_and_it_is_ones_own(me, session):
    other = factories.user("other", name="别人")
    done = apply(LIVE, HARDER, me)

    with pytest.raises(ChangeMissing):
        undo(done.change_id, other)
    with pytest.raises(NoteMissing):
        undo(done.change_id, me, note=" ")
    undo(done.change_id, me)
    with pytest.raises(UndoneAlready):
        undo(done.change_id, me)

    assert row(session, "PL14-01")[1] == 3


def test_a_preview_that_is_no_longer_true_is_not_applied(me, session):
    with pytest.raises(PreviewOutdated):
        apply(LIVE, HARDER, me, expected=preview(LIVE[:-1], HARDER, me).digest)

    assert row(session, "PL14-01")[1] == 1


def test_as_many_other_changes_than_the_preview_showed_are_not_applied(me, session):
    order = BulkOrder(step=T.SUBMIT)
    first, second = (
        questions.create_question(
            factories.content(source=f"source {number}"),
            note="",
            actor=Actor(me),
            now=factories.NOW,
        )
        for number in range(2)
    )
    reviewer, _ = factories.reviewers()
    factories.step(second, T.SUBMIT, me)
    shown = preview([first, second], order, me)
    factories.step(first, T.SUBMIT, me)
    factories.step(second, T.SEND_BACK, reviewer)

    with pytest.raises(PreviewOutdated):
        apply([first, second], order, me, expected=shown.digest)

    assert [row(session, one)[0] for one in (first, second)] == ["content_review", "draft"]


def test_one_failure_undoes_the_whole_change(me, session, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(writes, "record", fail)
    with pytest.raises(RuntimeError):
        apply(LIVE, HARDER, me)

    assert [row(session, id_)[1] for id_ in LIVE] == [1, 1, 1]
    assert session.scalar(select(func.count()).select_from(BulkChange)) == 0


def test_more_than_a_change_may_have_is_refused(me, monkeypatch):
    monkeypatch.setattr(writes, "MOST_QUESTIONS", 2)

    for selection in (LIVE, BankFilter()):
        with pytest.raises(TooManyChosen):
            preview(selection, HARDER, me)


def test_both_acts_are_in_the_audit_log(me, session):
    done = apply(LIVE[:2], HARDER, me)
    undo(done.change_id, me)

    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("questions.bulk%")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == [
        "questions.bulk_changed",
        "questions.bulk_undone",
    ]
    assert {entry.subject for entry in entries} == {str(done.change_id)}
    assert all(entry.detail["questions"] == LIVE[:2] for entry in entries)
    assert entries[0].detail["order"]["difficulty"] == 4


def test_ones_own_changes_are_listed(me):
    done = apply(LIVE, HARDER, me)

    (made,) = bulk_changes(user_id=me)
    assert (made.id, made.order, made.question_ids) == (done.change_id, HARDER, tuple(LIVE))
    assert made.undone_at is None
    undo(done.change_id, me)
    assert bulk_changes(user_id=me)[0].undone_at == factories.NOW
    assert bulk_changes(user_id=me + 1) == []


def test_a_preview_takes_few_statements_however_many_questions(me, statements):
    factories.bank([factories.content(f"PL14-{100 + n}") for n in range(30)])
    statements.clear()

    plan = preview(BankFilter(), BulkOrder(pool=Pool.EXAM, add_points=("PL14",)), me)

    assert len(plan.refused) == 33
    assert len(statements) <= 5
