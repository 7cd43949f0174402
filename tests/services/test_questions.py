"""The bank: loading files again and again, and editing beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, inspect, select

from app.domain.questions.kinds import Level, Pool
from app.domain.questions.lifecycle import QuestionStep, StepRefused
from app.domain.text import Text
from app.loader.questions import BankEntry
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.content import Point
from app.models.papers import Paper
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove
from app.queries.pool import exam_pool
from app.queries.practice import next_question, practice_question
from app.queries.transcripts import transcript
from app.queries.versions import forget_all, paper_slots
from app.services import questions
from app.services.draft_rows import DraftMark
from app.services.question_rows import MainPointFixed, PointMissing
from app.services.questions import EditedMeanwhile, InOtherPool, PoolFixed, load_bank
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


def create(content, author, **changes):
    return questions.create_question(
        content, note="", actor=Actor(author), now=factories.NOW, **changes
    )


def retire(question_id, version=1):
    factories.step(question_id, QuestionStep.RETIRE, None, version=version)


def standing(session, question_id=None):
    row = session.get_one(Question, question_id or FIRST.id)
    return row.state, row.current_version, row.live_version


def versions(session):
    return session.scalar(select(func.count()).select_from(QuestionVersion))


def moved_key(content, right="甲"):
    """The same question with another right option."""
    options = [o.text.dump() | {"right": o.text.zh == right} for o in content.body.options]
    return factories.content(content.id, pool=content.pool.value, options=options)


def columns(row):
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}


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
    assert transcript(attempt_id, user_id=user_id).score == 100


def test_a_new_sitting_takes_the_live_version_while_the_next_one_is_a_draft(app, session):
    factories.syllabus()
    load(*factories.exam_pool(singles=2, statements=1))
    exam = factories.exam(papers=1, attempts=1)
    for content in factories.exam_pool(singles=2, statements=0):
        edit(moved_key(content))

    factories.sitting(exam)

    slots = paper_slots(session.scalars(select(Paper.id)).one())
    numbers = dict(session.execute(select(QuestionVersion.id, QuestionVersion.number)).all())
    assert [numbers[slot.version_id] for slot in slots] == [1, 1, 1]


def test_the_plan_is_met_by_what_the_live_version_is_not_by_its_draft(lesson, session):
    exam_question = factories.content("PL14-51", pool="exam")
    load(exam_question)
    edit(replace(exam_question, level=Level.ANALYSE))

    (offered,) = exam_pool(["planning"])

    assert (offered.level, offered.point) == (Level.REMEMBER, "PL14")
    assert session.get_one(Question, "PL14-51").level == "analyse"


def test_practice_shows_the_live_version_while_the_next_one_is_a_draft(lesson):
    load(FIRST)
    edit(OTHER)

    assert practice_question(FIRST.id).content.stem == FIRST.stem

    factories.put_into_use(FIRST.id)
    assert practice_question(FIRST.id).content.stem == OTHER.stem


def test_a_retired_question_is_given_to_nobody(lesson, session):
    load(FIRST, factories.content("PL14-51", pool="exam"))
    retire(FIRST.id)
    retire("PL14-51")

    assert practice_question(FIRST.id) is None
    assert next_question(["swot"], user_id=factories.user(), after=None, draw=None) is None
    assert exam_pool(["planning"]) == []
    assert standing(session) == ("retired", 1, None)


def test_what_a_file_makes_is_live_at_once(lesson, session):
    load(FIRST)
    assert standing(session) == ("live", 1, 1)

    load(OTHER)
    assert standing(session) == ("live", 2, 2)


def test_a_changed_file_of_a_question_under_review_makes_a_draft(lesson, session):
    load(FIRST)
    edit(OTHER)
    load(OTHER)

    load(replace(OTHER, difficulty=5))

    assert standing(session) == ("draft", 3, 1)


def test_a_changed_file_never_revives_a_retired_question(lesson, session):
    load(FIRST)
    retire(FIRST.id)

    assert load(OTHER).conflicts == [FIRST.id]

    assert standing(session) == ("retired", 1, None)


def test_an_edit_of_a_live_question_is_a_draft_beside_the_live_version(lesson, session):
    load(FIRST)

    edit(OTHER)

    assert standing(session) == ("draft", 2, 1)
    move = session.scalars(select(QuestionMove)).one()
    assert (move.step, move.from_state, move.to_state, move.version) == (
        "write",
        "live",
        "draft",
        2,
    )


def test_another_edit_of_a_draft_is_no_step(lesson, session):
    load(FIRST)
    edit(OTHER)

    edit(replace(OTHER, difficulty=5), from_version=2)

    assert standing(session) == ("draft", 3, 1)
    assert session.scalar(select(func.count()).select_from(QuestionMove)) == 1


def test_a_retired_question_is_not_edited(lesson, session):
    load(FIRST)
    retire(FIRST.id)

    with pytest.raises(StepRefused):
        edit(OTHER)

    assert versions(session) == 1


@pytest.mark.parametrize(
    ("points", "refused"), [(("PL99",), PointMissing), (("PL14", "PL99"), PointMissing)]
)
def test_an_edit_names_points_of_the_syllabus(lesson, session, points, refused):
    load(FIRST)

    with pytest.raises(refused):
        edit(replace(FIRST, points=points))

    assert versions(session) == 1


def test_an_edit_keeps_the_first_point_that_the_id_begins_with(lesson, session):
    load(FIRST)
    point = session.get_one(Point, "PL14")
    session.add(Point(**{**columns(point), "id": "PL15", "place": 2}))
    session.commit()

    with pytest.raises(MainPointFixed):
        edit(replace(FIRST, points=("PL15", "PL14")))

    assert edit(replace(FIRST, points=("PL14", "PL15"))) == 2


def test_a_new_question_is_a_draft_with_the_next_free_id_of_its_point(lesson, session):
    load(FIRST, factories.content("PL14-09"))
    author = factories.user("writer")

    made = [create(replace(FIRST, id="XX00-00"), author) for _ in range(2)]

    assert made == ["PL14-10", "PL14-11"]
    row = session.get_one(Question, "PL14-10")
    assert (row.author_id, row.lesson_id, row.file_hash) == (author, "swot", None)
    assert standing(session, "PL14-10") == ("draft", 1, None)
    assert session.scalar(select(QuestionVersion.author_id).filter_by(question_id="PL14-10")) == (
        author
    )
    actions = session.scalars(select(AuditEntry.action).filter_by(subject="PL14-10")).all()
    assert actions == ["question.created"]


def test_the_first_question_of_a_point_is_number_one(lesson):
    assert create(FIRST, factories.user("writer")) == "PL14-01"


def test_a_new_question_needs_a_point_of_the_syllabus(lesson, session):
    with pytest.raises(PointMissing):
        create(replace(FIRST, points=("PL99",)), factories.user("writer"))

    assert versions(session) == 0


def test_the_same_new_question_sent_twice_is_one_question(lesson, session):
    author = factories.user("writer")
    mark = DraftMark("6f9619ff-8b86-d011-b42d-00cf4fc964ff", seq=3)

    first, second = create(FIRST, author, draft=mark), create(FIRST, author, draft=mark)

    assert first == second
    assert versions(session) == 1


def test_a_file_with_the_id_of_a_question_of_the_browser_is_a_conflict(lesson, session):
    question_id = create(FIRST, factories.user("writer"))

    changes = load(replace(OTHER, id=question_id))

    assert (changes.conflicts, changes.created) == ([question_id], 0)
    assert session.get_one(Question, question_id).stem_zh == FIRST.stem.zh


def test_a_new_sitting_takes_the_new_versions(app, session):
    factories.syllabus()
    load(*factories.exam_pool(singles=2, statements=1))
    exam = factories.exam(papers=1, attempts=1)
    factories.sitting(exam)
    for content in factories.exam_pool(singles=2, statements=0):
        edit(moved_key(content))
        factories.put_into_use(content.id)

    factories.sitting(exam)

    papers = session.scalars(select(Paper.id).order_by(Paper.id)).all()
    on_papers = [[slot.version_id for slot in paper_slots(id_)] for id_ in papers]
    numbers = dict(session.execute(select(QuestionVersion.id, QuestionVersion.number)).all())
    assert [sorted(numbers[id_] for id_ in ids) for ids in on_papers] == [[1, 1, 1], [1, 2, 2]]


def test_a_look_at_a_question_is_on_record(lesson, session):
    questions.note_viewed("PL14-51", actor=Actor(), now=factories.NOW)

    entry = session.scalar(select(AuditEntry))
    assert (entry.action, entry.subject) == ("question.viewed", "PL14-51")


@pytest.mark.parametrize("pool, other", [("practice", "exam"), ("exam", "practice")])
def test_a_question_of_one_pool_is_not_written_for_the_other(lesson, session, pool, other):
    factories.bank([factories.content("PL14-51", pool=pool)])

    with pytest.raises(InOtherPool) as refused:
        create(factories.content("PL14-51", pool=other), factories.user("writer"))

    assert refused.value.parameters == {"id": "PL14-51"}
    assert session.get(Question, "PL14-52") is None


def test_an_edit_makes_no_question_of_the_other_pool_again(lesson, session):
    words = {"zh": "机密的题干是哪一项？", "en": "Which stem is secret?"}
    factories.bank(
        [factories.content("PL14-51", pool="exam", stem=words), factories.content("PL14-02")]
    )

    with pytest.raises(InOtherPool):
        edit(replace(factories.content("PL14-51", stem=words), id="PL14-02"))

    assert session.get_one(Question, "PL14-02").current_version == 1
