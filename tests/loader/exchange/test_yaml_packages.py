import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.media import Medium
from app.domain.questions.question import load_question
from app.loader.exchange import yaml_packages
from app.loader.exchange.archives import packed
from app.loader.exchange.contract import Unreadable
from tests.domain.strategies import questions
from tests.loader.exchange.test_yaml_files import TRUE_FALSE

PICTURE = Medium.of(b"\x89PNG\r\n\x1a\n and so on")
SHOWING = load_question(TRUE_FALSE | {"stem": {"zh": PICTURE.link("图"), "en": "See"}})
MEDIA = {PICTURE.name: PICTURE}


def read_back(data):
    return [load_question(draft.raw) for draft in yaml_packages.read(data).drafts]


def said(problems):
    return [str(problem) for problem in problems]


@settings(max_examples=30, deadline=None)
@given(st.lists(questions(), max_size=4))
def test_export_import_and_export_again_give_the_same_bytes(some):
    first = yaml_packages.write([*some, SHOWING], MEDIA)

    reading = yaml_packages.read(first.data)
    again = [load_question(draft.raw) for draft in reading.drafts]

    assert (first.losses, reading.notes, reading.refused) == ((), (), ())
    assert reading.media == MEDIA
    assert yaml_packages.write(again, reading.media).data == first.data


def test_every_lesson_has_its_file():
    other = load_question(TRUE_FALSE | {"id": "PL15-01"})
    files = {"questions/planning/swot.yaml": [SHOWING], "questions/crm/basics.yaml": [other]}

    reading = yaml_packages.read(yaml_packages.package(files, MEDIA).data)

    assert [(draft.place, draft.raw["id"]) for draft in reading.drafts] == [
        ("questions/crm/basics.yaml, line 1", "PL15-01"),
        ("questions/planning/swot.yaml, line 1", "PL14-01"),
    ]


def test_pictures_that_are_missing_are_named_on_both_ways():
    written = yaml_packages.write([SHOWING], {})

    (draft,) = yaml_packages.read(written.data).drafts

    assert said(written.losses) == [f"PL14-01: the picture {PICTURE.name} is not in this file"]
    assert said(draft.notes) == [
        f"questions.yaml, line 1: the picture {PICTURE.name} is not in this file"
    ]


def test_what_is_no_picture_of_a_question_is_named():
    wrong = f"media/{'a' * 64}.png"
    data = packed(
        {
            "questions.yaml": b"[]",
            f"media/{PICTURE.name}": PICTURE.data,
            wrong: PICTURE.data,
            "media/x.svg": b"<svg/>",
            "readme.txt": b"",
        }
    )

    reading = yaml_packages.read(data)

    assert reading.media == {}
    assert said(reading.notes) == [
        f"{wrong}: this picture is not the one that its name says: not read",
        "media/x.svg: Only PNG, JPEG, GIF and WebP pictures can be used.",
        f"media/{PICTURE.name}: no question shows this picture: not kept",
        "readme.txt: this file is not known and not read",
    ]


def test_a_broken_file_is_refused_with_its_path():
    data = packed({"questions/crm/a.yaml": b"- 1\n", "questions/crm/b.yaml": b"- {a: 1, a: 2}"})

    with pytest.raises(Unreadable, match="questions/crm/b.yaml, line 1, column 10: key a"):
        yaml_packages.read(data)


def test_an_entry_that_is_no_question_is_refused_with_its_file():
    reading = yaml_packages.read(packed({"a.yaml": b"- text"}))

    assert [problem.place for problem in reading.refused] == ["a.yaml, line 1"]


def test_an_archive_without_questions_is_refused():
    with pytest.raises(Unreadable, match=r"no file with questions"):
        yaml_packages.read(packed({"readme.txt": b"x"}))
