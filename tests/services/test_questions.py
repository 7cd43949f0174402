"""The bank: loading files again and again, and editing beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.questions.kinds import Level, Pool
from app.domain.text import Text
from app.loader.questions import BankEntry
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.papers import Paper
from app.models.questions import Question, QuestionVersion
from app.queries.results import own_result
from app.queries.versions import forget_all, paper_slots
from app.services import questions
from app.services.questions import EditedMeanwhile, PoolFixed, load_bank
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


@pytest.fixture
def lesson(app):
    factories.syllabus()


def load(*contents):
    return load_bank([BankEntry("swot", content) for content in contents], now=factories.NOW)


def edit(content, from_version=1):
    return questions.edit_question(
        content, from_version=from_version, note="", actor=Actor(), now=factories.NOW
    )


def versions(session):
    return session.scalar(select(func.count()).select_from(QuestionVersion))


def moved_key(content, right="甲"):
    """The same question with another right option."""
    options = [o.text.dump() | {"right": o.text.zh == right} for o in content.body.options]
    return factories.content(content.id, pool=content.pool.value, options=options)


def on_paper(session, attempt_id):
    paper_id = session.get_one(Attempt, attempt_id).paper_id
    return [slot.version_id for slot in paper_slots(paper_id)]


FIRST = factories.content()
OTHER = replace(FIRST, stem=Text("改过的题干？", "A changed stem?"))


def test_loading_twice_changes_nothing(lesson, session):
    first, second = load(FIRST), load(FIRST)

    assert (first.created, second.created, second.changed) == (1, 0, 0)
    assert versions(session) == 1


def test_a_changed_file_makes_a_version(lesson, session):
    load(FIRST)

    assert load(OTHER).changed == 1

    row = session.get_one(Question, FIRST.id)
    assert (row.current_version, row.stem_zh) == (2, "改过的题干？")
    assert versions(session) == 2


def test_an_unchanged_file_never_overwrites_an_edit(lesson, session):
    load(FIRST)
    edit(OTHER)

    changes = load(FIRST)

    assert (changes.changed, changes.conflicts) == (0, [])
    assert session.get_one(Question, FIRST.id).stem_en == "A changed stem?"


def test_a_change_on_both_sides_is_reported_and_the_edit_stays(lesson, session):
    load(FIRST)
    edit(OTHER)

    changes = load(replace(FIRST, difficulty=5))

    assert changes.conflicts == [FIRST.id]
    assert session.get_one(Question, FIRST.id).stem_en == "A changed stem?"


def test_a_file_that_caught_up_with_the_edit_is_no_conflict(lesson, session):
    load(FIRST)
    edit(OTHER)

    assert load(OTHER).conflicts == []

    assert load(replace(OTHER, difficulty=5)).changed == 1
    assert versions(session) == 3


def test_a_file_never_moves_a_question_to_the_other_pool(lesson, session):
    load(FIRST)

    changes = load(replace(FIRST, pool=Pool.EXAM))

    assert changes.moved_pool == [FIRST.id]
    assert session.get_one(Question, FIRST.id).pool == "practice"


def test_no_edit_moves_a_question_to_the_other_pool(lesson, session):
    load(FIRST)

    with pytest.raises(PoolFixed):
        edit(replace(OTHER, pool=Pool.EXAM))

    assert versions(session) == 1


def test_an_edit_makes_a_version_that_is_on_record(lesson, session):
    load(FIRST)

    assert edit(replace(FIRST, level=Level.ANALYSE)) == 2

    assert session.get_one(Question, FIRST.id).level == "analyse"
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "question.edited"))
    assert (entry.subject, entry.detail["version"]) == (FIRST.id, 2)


def test_an_edit_that_changes_nothing_makes_no_version(lesson, session):
    load(FIRST)

    assert edit(FIRST) == 1

    assert versions(session) == 1
    assert session.scalar(select(AuditEntry.id)) is None


def test_an_edit_of_an_old_version_is_refused(lesson, session):
    load(FIRST)
    edit(OTHER)

    with pytest.raises(EditedMeanwhile):
        edit(replace(FIRST, difficulty=1), from_version=1)

    assert versions(session) == 2


def test_a_question_that_does_not_exist_cannot_be_edited(lesson):
    with pytest.raises(questions.DomainError) as refused:
        edit(FIRST)

    assert refused.value.code == "question-missing"


def test_a_started_attempt_keeps_the_version_and_the_key_that_it_began_with(app, session):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id))
    before = on_paper(session, attempt_id)
    for content in factories.exam_pool(statements=0):
        assert edit(moved_key(content)) == 2

    scenes.finish(app, attempt_id, user_id, right=False)

    forget_all()
    after = on_paper(session, attempt_id)
    assert after == before
    assert own_result(attempt_id, user_id=user_id).score == 100


def test_a_new_sitting_takes_the_new_versions(app, session):
    factories.syllabus()
    load(*factories.exam_pool(singles=2, statements=1))
    exam = factories.exam(papers=1, attempts=1)
    factories.sitting(exam)
    for content in factories.exam_pool(singles=2, statements=0):
        edit(moved_key(content))

    factories.sitting(exam)

    papers = session.scalars(select(Paper.id).order_by(Paper.id)).all()
    on_papers = [[slot.version_id for slot in paper_slots(id_)] for id_ in papers]
    numbers = dict(session.execute(select(QuestionVersion.id, QuestionVersion.number)).all())
    assert [sorted(numbers[id_] for id_ in ids) for ids in on_papers] == [[1, 1, 1], [1, 2, 2]]


def test_a_look_at_a_question_is_on_record(lesson, session):
    questions.note_viewed("PL14-51", actor=Actor(), now=factories.NOW)

    entry = session.scalar(select(AuditEntry))
    assert (entry.action, entry.subject) == ("question.viewed", "PL14-51")
