"""Autosaves: the newest stays, whatever arrives late, twice or from elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.domain.questions.autosaves import DraftTooLarge, NoDraft
from app.models.workshop import QuestionDraft
from app.queries.question_drafts import draft_of, new_draft
from app.services import question_drafts, questions
from app.services.draft_rows import DraftMark
from app.services.question_rows import QuestionMissing
from app.services.trail import Actor
from tests import factories

QUESTION = factories.content()
NEW = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


@pytest.fixture
def writer(app):
    factories.syllabus()
    factories.bank([QUESTION])
    return factories.user("writer", name="作者")


def autosave(seq, writer, raw=None):
    return question_drafts.autosave(
        QUESTION.id,
        {"n": seq} if raw is None else raw,
        from_version=1,
        seq=seq,
        user_id=writer,
        now=factories.NOW,
    )


def autosave_new(seq, writer, raw=None, draft_id=NEW):
    return question_drafts.autosave_new(
        draft_id,
        {"n": seq} if raw is None else raw,
        seq=seq,
        user_id=writer,
        now=factories.NOW,
    )


def kept(writer):
    found = draft_of(QUESTION.id, user_id=writer)
    return None if found is None else (found.raw, found.seq)


def kept_new(writer):
    found = new_draft(NEW, user_id=writer)
    return None if found is None else (found.raw, found.seq)


def test_a_draft_is_kept_and_replaced_by_the_next(writer, session):
    autosave(1, writer, {"stem": {"zh": "未完"}})

    assert autosave(2, writer).is_stored

    assert kept(writer) == ({"n": 2}, 2)
    assert session.scalar(select(func.count()).select_from(QuestionDraft)) == 1


def test_an_older_autosave_never_replaces_a_newer_one(writer):
    autosave(5, writer)

    late = autosave(4, writer)

    assert (late.is_stored, late.seq) == (False, 5)
    assert kept(writer) == ({"n": 5}, 5)


def test_an_autosave_sent_again_is_known_to_be_stored(writer):
    autosave(5, writer)

    assert autosave(5, writer).is_stored


def test_another_tab_with_the_same_count_is_told_that_it_is_not_stored(writer):
    autosave(5, writer)

    assert not autosave(5, writer, {"other": "tab"}).is_stored

    assert kept(writer) == ({"n": 5}, 5)


@pytest.mark.parametrize("save, read", [(autosave, kept), (autosave_new, kept_new)])
def test_whatever_the_order_of_arrival_the_newest_stays(writer, session, save, read):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(1, 6)), st.lists(st.integers(1, 5), max_size=3))
    def arrive(order, again):
        session.execute(delete(QuestionDraft))
        session.commit()
        for seq in [*order, *again]:
            save(seq, writer)
        assert read(writer) == ({"n": 5}, 5)

    arrive()


def test_two_people_have_their_own_drafts(writer):
    other = factories.user("other")
    autosave(1, writer, {"by": "writer"})
    autosave(1, other, {"by": "other"})

    assert (kept(writer), kept(other)) == (({"by": "writer"}, 1), ({"by": "other"}, 1))


def test_a_question_that_does_not_exist_has_no_draft(writer):
    with pytest.raises(QuestionMissing):
        question_drafts.autosave(
            "PL14-99", {}, from_version=1, seq=1, user_id=writer, now=factories.NOW
        )


def test_a_draft_of_a_new_question_is_kept_under_its_own_id(writer):
    autosave_new(1, writer, {"type": "single"})

    found = new_draft(NEW, user_id=writer)
    assert (found.raw, found.question_id, found.current_version) == ({"type": "single"}, None, 0)


def test_nobody_writes_into_the_draft_of_somebody_else(writer):
    autosave_new(1, writer)

    with pytest.raises(NoDraft):
        autosave_new(9, factories.user("other"))

    assert kept_new(writer) == ({"n": 1}, 1)
    assert new_draft(NEW, user_id=factories.user("third")) is None


def test_a_saved_question_leaves_no_draft_and_a_late_autosave_brings_none_back(writer):
    autosave(3, writer)
    questions.edit_question(
        factories.content(difficulty=5),
        from_version=1,
        note="",
        actor=Actor(writer),
        now=factories.NOW,
        draft_seq=4,
    )

    late = autosave(4, writer)

    assert not late.is_stored
    assert kept(writer) == (None, 4)
    assert autosave(5, writer).is_stored


def test_a_newer_draft_of_the_same_author_survives_a_save(writer):
    autosave(9, writer, {"by": "phone"})

    questions.edit_question(
        factories.content(difficulty=5),
        from_version=1,
        note="",
        actor=Actor(writer),
        now=factories.NOW,
        draft_seq=3,
    )

    assert kept(writer) == ({"by": "phone"}, 9)


def test_what_was_written_while_a_new_question_was_saved_is_a_draft_of_it(writer):
    autosave_new(5, writer, {"more": "words"})

    question_id = questions.create_question(
        QUESTION, note="", actor=Actor(writer), now=factories.NOW, draft=DraftMark(NEW, seq=3)
    )

    found = draft_of(question_id, user_id=writer)
    assert (found.raw, found.seq, found.from_version) == ({"more": "words"}, 5, 1)


def test_a_draft_that_was_changed_elsewhere_is_not_thrown_away(writer):
    autosave_new(9, writer)

    is_gone = question_drafts.discard(NEW, seq=3, user_id=writer, now=factories.NOW)

    assert not is_gone
    assert kept_new(writer) == ({"n": 9}, 9)


def test_an_edit_without_a_draft_keeps_late_autosaves_off_as_well(writer):
    questions.edit_question(
        factories.content(difficulty=5),
        from_version=1,
        note="",
        actor=Actor(writer),
        now=factories.NOW,
        draft_seq=4,
    )

    assert not autosave(4, writer).is_stored


def test_the_draft_of_somebody_else_survives_an_edit(writer):
    other = factories.user("other")
    autosave(3, other)

    questions.edit_question(
        factories.content(difficulty=5),
        from_version=1,
        note="",
        actor=Actor(writer),
        now=factories.NOW,
    )

    assert kept(other) == ({"n": 3}, 3)
    assert draft_of(QUESTION.id, user_id=other).current_version == 2


def test_a_draft_that_became_a_question_says_which_and_takes_nothing_more(writer):
    autosave_new(2, writer)
    question_id = questions.create_question(
        QUESTION, note="", actor=Actor(writer), now=factories.NOW, draft=DraftMark(NEW, seq=3)
    )

    late = autosave_new(9, writer)

    assert (late.is_stored, late.question_id) == (False, question_id)
    assert kept_new(writer) == (None, 3)


def test_the_author_of_a_new_question_can_go_on_writing_in_it(writer):
    autosave_new(2, writer)
    question_id = questions.create_question(
        QUESTION, note="", actor=Actor(writer), now=factories.NOW, draft=DraftMark(NEW, seq=3)
    )

    saved = question_drafts.autosave(
        question_id, {"n": 4}, from_version=1, seq=4, user_id=writer, now=factories.NOW
    )

    assert saved.is_stored
    assert draft_of(question_id, user_id=writer).raw == {"n": 4}


def test_a_new_question_with_the_draft_of_somebody_else_is_refused(writer):
    other = factories.user("other")
    autosave_new(2, other)

    with pytest.raises(NoDraft):
        questions.create_question(
            QUESTION, note="", actor=Actor(writer), now=factories.NOW, draft=DraftMark(NEW)
        )

    assert kept_new(other) == ({"n": 2}, 2)


def test_a_discarded_draft_stays_away(writer):
    saved = autosave(3, writer)

    question_drafts.discard(saved.draft_id, seq=4, user_id=writer, now=factories.NOW)

    assert kept(writer) == (None, 4)
    assert not autosave(4, writer).is_stored


def test_nobody_discards_the_draft_of_somebody_else(writer):
    saved = autosave(3, writer)

    question_drafts.discard(
        saved.draft_id, seq=9, user_id=factories.user("other"), now=factories.NOW
    )

    assert kept(writer) == ({"n": 3}, 3)


def test_what_no_database_can_store_is_replaced_not_refused(writer):
    autosave(1, writer, {"stem": {"zh": "满\x00意\ud83d"}, "n": float("nan")})

    assert kept(writer) == ({"stem": {"zh": "满意�"}, "n": None}, 1)


@pytest.mark.parametrize(
    ("raw", "seq", "refused"),
    [({"a": "长" * 200_000}, 1, DraftTooLarge), ([], 1, NoDraft), ({}, -1, NoDraft)],
)
def test_what_is_no_draft_is_refused(writer, raw, seq, refused):
    with pytest.raises(refused):
        autosave(seq, writer, raw)

    assert kept(writer) is None
