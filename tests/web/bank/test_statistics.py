"""The figures of a question on its page, and its flags in the list."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.jobs.statistics import refresh_statistics
from app.models.attempts import Attempt
from app.models.papers import PaperQuestion
from app.models.questions import QuestionVersion
from tests import factories
from tests.factories import log_in
from tests.statistics_scenes import classes, sat


@pytest.fixture
def author(app, client):
    factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


@pytest.fixture
def after(app, session):
    """After so many exams, the id of the question that the weak answer better."""

    def made(people):
        like = session.get_one(Attempt, factories.attempt(app))
        sat(like, classes(like, people))
        refresh_statistics(clock=lambda: factories.NOW)
        return session.scalar(
            select(QuestionVersion.question_id)
            .join(PaperQuestion, PaperQuestion.version_id == QuestionVersion.id)
            .where(PaperQuestion.paper_id == like.paper_id, PaperQuestion.position == 1)
        )

    return made


def test_the_page_shows_figures_flags_and_who_took_which_option(author, after):
    page = author.get(f"/questions/{after(100)}").text

    assert "100 people" in page
    assert "Negative correlation: check the key" in page
    assert "Who took which option" in page
    assert "50 %" in page
    assert "Sample too small" not in page


def test_few_people_are_told_to_be_few_and_flag_nothing(author, after):
    page = author.get(f"/questions/{after(12)}").text

    assert "12 people" in page
    assert "Sample too small (fewer than 30)" in page
    assert "Sample too small (fewer than 100)" in page
    assert "check the key" not in page


def test_a_question_that_nobody_had_in_an_exam_has_no_figures(author, app):
    factories.syllabus()
    factories.bank([factories.content("PL14-01")])

    assert "statistics-title" not in author.get("/questions/PL14-01").text


def test_the_list_finds_and_names_the_flags(author, after):
    id_ = after(100)

    found = author.get("/questions?flag=negative_r").text

    assert id_ in found
    assert '<span class="tag tag-key">Negative correlation: check the key</span>' in found
    assert "Take the filter Negative correlation: check the key away" in found
    assert id_ not in author.get("/questions?flag=none").text
