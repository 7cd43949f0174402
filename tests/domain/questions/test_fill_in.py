"""Fill-in questions: gaps and the wordings they accept."""

from __future__ import annotations

import pytest

from app.domain.problems import Problems
from app.domain.questions.body import LONGEST_ANSWER, InvalidAnswer
from app.domain.questions.fill_in import FillIn
from app.domain.reading import Reader
from app.domain.text import Text

STEM = {"zh": "宏观环境有____和______。", "en": "Macro factors are ____ and ____."}
BLANKS = [{"zh": "经济", "en": "economy"}, {"zh": ["技术", "科技"], "en": ["technology"]}]


def read(**raw):
    problems = Problems()
    reader = Reader({"stem": STEM, "blanks": BLANKS, **raw}, place="Q", problems=problems)
    reader.text("stem")
    body = FillIn.read(reader)
    reader.done()
    return body, [str(problem) for problem in problems]


def test_one_wording_may_stand_without_a_list():
    body, problems = read()

    assert not problems
    assert body.blanks[0].accepted == ("经济", "economy")
    assert body.blanks[1].shown == Text("技术", "technology")


@pytest.mark.parametrize(
    ("stem", "places"),
    [
        ({"zh": "有____。", "en": STEM["en"]}, ["Q › stem › zh"]),
        ({"zh": STEM["zh"], "en": "____ ____ ____"}, ["Q › stem › en"]),
        ({"zh": "没有空", "en": "none ___"}, ["Q › stem › zh", "Q › stem › en"]),
    ],
)
def test_every_language_has_as_many_gaps_as_blanks(stem, places):
    _, problems = read(stem=stem)

    assert [problem.partition(": ")[0] for problem in problems] == places


def test_a_gap_accepts_something_in_each_language():
    _, problems = read(blanks=[BLANKS[0], {"zh": ["技术"], "en": []}])

    assert any("Q › blanks 2: accepts nothing" in problem for problem in problems)


def test_an_empty_gap_keeps_its_place():
    body, _ = read()

    assert body.read_answer(["", " 技术 "]) == ["", "技术"]
    assert body.read_answer(["", "  "]) is None


def test_all_gaps_together_have_a_limit():
    body, _ = read()

    with pytest.raises(InvalidAnswer):
        body.read_answer(["x" * LONGEST_ANSWER, "x"])


def test_the_prompt_is_the_number_of_gaps():
    body, _ = read()

    assert body.prompt(body.arrange(None)) == 2
