"""Errors in the bank."""

from __future__ import annotations

from app.domain.linting.findings import coverage, findings
from tests.factories import content

POINTS = {"PL14": False}


def sentences(questions, points=None):
    return [str(problem) for problem in findings(questions, points=points or {})]


def enough(*, practice=5, exam=3):
    kinds = [
        {},
        {"type": "true_false", "answer": True},
        {"type": "ordering", "items": [{"zh": z, "en": z} for z in ("一", "二", "三")]},
    ]
    stems = "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少"
    questions = []
    for n in range(practice + exam):
        pool = "practice" if n < practice else "exam"
        text = stems[n : n + 6] + str(n) * 6
        questions.append(
            content(
                f"PL14-{n:02}",
                pool=pool,
                level="apply" if n % 2 else "remember",
                stem={"zh": text, "en": text},
                **kinds[n % 3],
            )
        )
    return questions


def test_a_bank_that_meets_every_minimum_has_no_error():
    assert sentences(enough(), POINTS) == []


def test_a_point_below_its_minimum_is_an_error_by_pool():
    found = sentences(enough(practice=4, exam=2), POINTS)

    assert len(found) == 2
    assert "practice" in found[0]
    assert "exam" in found[1]


def test_a_key_point_needs_more():
    assert len(sentences(enough(), {"PL14": True})) == 2


def test_a_point_needs_three_types_and_two_levels():
    alike = [
        content(f"PL14-{n:02}", pool="exam" if n > 4 else "practice", stem={"zh": s, "en": s})
        for n, s in enumerate("甲乙丙丁戊己庚辛")
    ]

    found = [line for line in sentences(alike, POINTS) if "fewer" in line or "alone" in line]

    assert len(found) == 2


def test_an_exam_question_in_the_words_of_a_practice_question_is_an_error():
    stem = {"zh": "企业提倡的大服务包括哪几个阶段的服务？", "en": "Which stages?"}
    practice = content("PL14-01", stem=stem)
    exam = content("PL14-51", pool="exam", stem={**stem, "zh": stem["zh"].replace("企业", "公司")})

    (found,) = sentences([practice, exam])

    assert found.startswith("PL14-51")
    assert "PL14-01" in found


def test_a_source_that_names_no_document_is_an_error():
    assert "source" in sentences([content(source="my memory")])[0]
    assert sentences([content(source="General knowledge")]) == []


def test_a_negation_must_be_emphasised():
    plain = content(stem={"zh": "哪一项不属于宏观环境？", "en": "Which one belongs?"})
    strong = content(stem={"zh": "哪一项**不属于**宏观环境？", "en": "Which one belongs?"})

    assert len(sentences([plain])) == 1
    assert sentences([strong]) == []


def test_an_explanation_must_not_point_to_an_option_by_its_place():
    by_place = content(explanation={"zh": "后两项说反了。", "en": "Option B is right."})
    by_name = content(explanation={"zh": "“乙”符合定义。", "en": "“second” is right."})

    assert len(sentences([by_place])) == 2
    assert sentences([by_name]) == []


def test_coverage_lists_every_point_in_the_syllabus_order():
    lines = coverage(enough(), points={"PL15": True, "PL14": False})

    assert [(line.point, line.practice, line.exam) for line in lines] == [
        ("PL15", 0, 0),
        ("PL14", 5, 3),
    ]
