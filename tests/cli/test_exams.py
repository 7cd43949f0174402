"""flask exams …, flask certificates …"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from app.models.certificates import Certificate
from app.models.sittings import Sitting, SittingPaper
from tests import factories
from tests.services import scenes

TITLES = ("--title-zh", "场次", "--title-en", "Sitting")


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


def test_an_exam_is_put_on_offer_with_its_papers(run, session):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    factories.exam(papers=2)

    result = run("exams", "open", "unit", "theory", "--days", "3", "--seed", "5", *TITLES)

    assert result.exit_code == 0, result.output
    row = session.scalar(select(Sitting))
    assert (row.closes_at - row.opens_at).days == 3
    assert session.scalar(select(func.count()).select_from(SittingPaper)) == 2


def test_room_places_and_code_are_options(run, session):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    factories.exam()
    options = ("--room", "三楼 302", "--capacity", "20", "--access-code", "ab-12", "--roster-only")

    result = run("exams", "open", "unit", "theory", *options, *TITLES)

    assert result.exit_code == 0, result.output
    row = session.scalar(select(Sitting))
    assert (row.room, row.capacity, row.access_code) == ("三楼 302", 20, "AB12")
    assert not row.open_to_enrolled


def test_a_code_that_cannot_be_is_refused_in_a_sentence(run, session):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    factories.exam()

    result = run("exams", "open", "unit", "theory", "--access-code", "x", *TITLES)

    assert result.exit_code == 1
    assert "请使用 4 到 20 位字母和数字。" in result.output
    assert session.scalar(select(Sitting.id)) is None


def test_a_pool_that_is_too_small_names_the_cell(run, session):
    factories.syllabus()
    factories.bank(factories.exam_pool(singles=1, statements=0))
    factories.exam()

    result = run("exams", "open", "unit", "theory", *TITLES)

    assert result.exit_code == 1
    assert "planning × * × single: 1/2" in result.output
    assert "planning × * × true_false: 0/1" in result.output
    assert session.scalar(select(Sitting.id)) is None


def test_an_exam_that_does_not_exist_is_named(run):
    result = run("exams", "open", "unit", "practical", *TITLES)

    assert result.exit_code == 1
    assert "unit has no exam practical" in result.output


@pytest.fixture
def token(app, session):
    scenes.passed(app, name="欧阳䶮")
    return session.scalar(select(Certificate.token))


def test_a_certificate_is_verified_from_its_token(run, token):
    result = run("certificates", "verify", token)

    assert result.exit_code == 0
    assert json.loads(result.output)["holder"] == "欧阳䶮"


def test_a_certificate_is_verified_with_the_published_keys_alone(run, token, client, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(client.get("/.well-known/qijue-keys.json").text)

    result = run("certificates", "verify", token, "--keys", str(keys))

    assert json.loads(result.output)["holder"] == "欧阳䶮"


@pytest.mark.parametrize("change", ["", "x", "a.b.c", "changed"])
def test_what_was_not_signed_here_is_refused(run, token, change):
    head, payload, signature = token.split(".")
    wrong = f"{head}.{payload[:-4]}AAAA.{signature}" if change == "changed" else change

    result = run("certificates", "verify", wrong)

    assert result.exit_code == 1
    assert "the signature does not fit" in result.output
