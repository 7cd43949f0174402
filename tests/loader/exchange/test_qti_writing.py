"""What we write is what the schemas of QTI and of content packages ask for."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.media import Medium
from app.domain.questions.kinds import QuestionType as T
from app.domain.questions.question import load_question
from app.loader.exchange import qti
from app.loader.exchange.qti_names import VERSIONS, known_attribute, known_name
from tests.domain.strategies import questions, raw_questions
from tests.loader.exchange.qti_files import PNG, unzipped

ORDER = """responseDeclaration outcomeDeclaration templateDeclaration templateProcessing
stylesheet itemBody responseProcessing modalFeedback""".split()
REQUIRED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "outcomeDeclaration": {"identifier", "cardinality", "baseType"},
    "templateDeclaration": {"identifier", "cardinality", "baseType"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "orderInteraction": {"responseIdentifier", "shuffle"},
    "matchInteraction": {"responseIdentifier", "shuffle", "maxAssociations"},
    "textEntryInteraction": {"responseIdentifier"},
    "extendedTextInteraction": {"responseIdentifier"},
    "simpleChoice": {"identifier"},
    "simpleAssociableChoice": {"identifier", "matchMax"},
    "feedbackInline": {"outcomeIdentifier", "identifier", "showHide"},
    "feedbackBlock": {"outcomeIdentifier", "identifier", "showHide"},
    "modalFeedback": {"outcomeIdentifier", "identifier", "showHide"},
    "rubricBlock": {"view"},
    "mapping": {"defaultValue"},
    "mapEntry": {"mapKey", "mappedValue"},
    "printedVariable": {"identifier"},
    "equal": {"toleranceMode"},
    "roundTo": {"roundingMode", "figures"},
    "randomInteger": {"min", "max"},
    "img": {"src", "alt"},
    "a": {"href"},
}
XHTML = set(
    """abbr a blockquote br code div em hr img li ol p pre span strong sub sup table tbody td th
    thead tr ul""".split()
)
BLOCKS = set(
    """blockquote div hr ol p pre table ul choiceInteraction orderInteraction matchInteraction
    extendedTextInteraction rubricBlock feedbackBlock""".split()
)
INLINE_ONLY = {"p", "span", "em", "strong", "code", "a", "sub", "sup", "feedbackInline", "pre"}
NAME = re.compile(r"[^\W\d][\w.-]*")
MARKDOWN = [
    "两段。\n\n第二段 **重点** 和 `code`",
    "- 一\n- 二\n\n1. three\n2. four",
    "| a | b |\n|---|---|\n| 1 | <b> & 2 |",
    "$x^2 + \\frac{1}{2}$ 和 $$y$$",
    "> 引用\n\n---\n\n```\npre <x>\n```",
    f'![图 "一"](medium:{Medium.of(PNG).name})',
    "[link](https://example.org/?a=1&b=2) <script>alert(1)</script>",
    "5 < 6 && 7 > 2 \x0b\x01 \ufffe end",
    "H<sub>2</sub>O x<sup>2</sup>",
]
texts = st.fixed_dictionaries({"zh": st.sampled_from(MARKDOWN), "en": st.sampled_from(MARKDOWN)})
every_version = pytest.mark.parametrize("number", range(3), ids=[v.code for v in VERSIONS])
some = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def rich_questions(draw):
    """Questions with everything that Markdown can have, in long texts and in short ones."""
    raw = draw(raw_questions())
    raw["explanation"] = draw(texts)
    if raw["type"] != T.FILL_IN:
        raw["stem"] = draw(texts)
    for option in raw.get("options", []):
        if draw(st.booleans()):
            option["feedback"] = draw(texts)
    if raw["type"] == T.SINGLE:
        raw["options"][0]["zh"] = draw(st.sampled_from(MARKDOWN))
    return load_question(raw)


def package(question, number):
    medium = Medium.of(PNG)
    return qti.FORMATS[number].write([question], {medium.name: medium})


def items_of(data, version):
    """The items of a package, in the names of QTI 2, after a look at how they are spelled."""
    for name, part in unzipped(data).items():
        if not name.startswith("items/"):
            continue
        root = ElementTree.fromstring(part)
        for element in root.iter():
            namespace, _, local = element.tag[1:].partition("}")
            if "MathML" in namespace:
                continue
            assert namespace == version.item[0]
            assert local.startswith("qti-") == (version.kebab and local not in XHTML), local
            element.tag = known_name(element.tag)
            element.attrib = {known_attribute(key): v for key, v in element.attrib.items()}
        yield root


def below(element):
    return [child for child in element if "MathML" not in child.tag]


@every_version
@some
@given(question=rich_questions())
def test_items_have_their_parts_in_order_and_every_attribute_they_must_have(number, question):
    version = VERSIONS[number]

    for root in items_of(package(question, number).data, version):
        places = [ORDER.index(child.tag) for child in root]
        assert places == sorted(places)
        assert places.count(ORDER.index("itemBody")) == 1
        for element in root.iter():
            assert REQUIRED.get(element.tag, set()) <= element.attrib.keys(), element.tag


@every_version
@some
@given(question=rich_questions())
def test_bodies_have_blocks_only_where_blocks_may_stand(number, question):
    version = VERSIONS[number]

    for root in items_of(package(question, number).data, version):
        body = root.find("itemBody")
        assert not (body.text or "").strip()
        assert all(child.tag in BLOCKS and not (child.tail or "").strip() for child in body)
        for element in root.iter():
            if element is not body:
                assert element.find("rubricBlock") is None
            if element.tag == "blockquote":
                assert {child.tag for child in below(element)} <= BLOCKS
            if element.tag in INLINE_ONLY:
                assert not {child.tag for child in below(element)} & BLOCKS, element.tag
            if element.tag in ("modalFeedback", "rubricBlock", "feedbackBlock") and version.kebab:
                assert [child.tag for child in element] == ["contentBody"]


@every_version
@some
@given(question=rich_questions())
def test_every_identifier_that_is_used_is_declared(number, question):
    for root in items_of(package(question, number).data, VERSIONS[number]):
        variables = [e.get("identifier") for e in root if e.tag.endswith("Declaration")]
        options = [
            e.get("identifier")
            for e in root.iter()
            if e.tag in ("simpleChoice", "simpleAssociableChoice")
        ]

        assert len(set(variables)) == len(variables)
        assert len(set(options)) == len(options)
        assert all(NAME.fullmatch(name) for name in variables + options)
        used = [e.get("responseIdentifier") for e in root.iter() if e.get("responseIdentifier")]
        used += [e.get("outcomeIdentifier") for e in root.iter() if e.get("outcomeIdentifier")]
        used += [
            e.get("identifier")
            for e in root.iter()
            if e.tag
            in (
                "variable",
                "correct",
                "mapResponse",
                "setOutcomeValue",
                "setTemplateValue",
                "setCorrectResponse",
                "printedVariable",
            )
        ]
        assert set(used) <= set(variables)
        for declared in root.findall("responseDeclaration"):
            values = [value.text for value in declared.iter("value")]
            if declared.get("baseType") in ("identifier", "directedPair"):
                assert {part for value in values for part in value.split()} <= set(options)
            if declared.get("cardinality") == "single":
                assert len(values) <= 1


@every_version
@some
@given(question=rich_questions())
def test_the_manifest_lists_every_file_and_names_nothing_that_is_not_there(number, question):
    version = VERSIONS[number]

    files = unzipped(package(question, number).data)

    root = ElementTree.fromstring(files["imsmanifest.xml"])
    prefix = f"{{{version.manifest[0]}}}"
    assert [child.tag.removeprefix(prefix) for child in root] == [
        "metadata",
        "organizations",
        "resources",
    ]
    assert root.findtext(f"{prefix}metadata/{prefix}schema") == version.schema
    assert root.findtext(f"{prefix}metadata/{prefix}schemaversion") == version.schema_version
    resources = {
        resource.get("identifier"): resource for resource in root.iter(f"{prefix}resource")
    }
    listed = {file.get("href") for file in root.iter(f"{prefix}file")}
    assert listed == files.keys() - {"imsmanifest.xml"}
    assert all(NAME.fullmatch(identifier) for identifier in resources)
    assert {e.get("identifierref") for e in root.iter(f"{prefix}dependency")} <= resources.keys()
    types = {resource.get("type") for resource in resources.values()}
    assert types <= {version.resource_type, "webcontent"}


def test_nothing_in_an_item_tells_the_key_but_the_key():
    """Neither the order of the entries nor their names, which a candidate's browser may see."""
    raw = {
        "id": "PL14-01",
        "type": "ordering",
        "pool": "practice",
        "points": ["PL14"],
        "level": "remember",
        "difficulty": 1,
        "stem": {"zh": "排序", "en": "Sort"},
        "items": [{"zh": f"第{n}步", "en": f"step {n}"} for n in range(1, 9)],
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "s",
    }

    (root,) = items_of(package(load_question(raw), 0).data, VERSIONS[0])

    shown = [e.get("identifier") for e in root.iter("simpleChoice")]
    right = [value.text for value in root.find("responseDeclaration").iter("value")]
    assert sorted(shown) == sorted(right)
    assert shown != right


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (T.SHORT_ANSWER, "without weights and synonyms"),
        (T.CASE, "rubrics go along as text"),
    ],
)
@settings(max_examples=3, deadline=None)
@given(st.data())
def test_what_other_programs_will_not_see_is_named(kind, words, data):
    question = data.draw(questions(kind))

    losses = qti.FORMATS[0].write([question], {}).losses

    assert [loss.place for loss in losses] == [question.id]
    assert words in str(losses[0])


def test_characters_that_xml_cannot_have_and_formatting_that_qti_has_not_are_named():
    raw = {
        "id": "PL14-01",
        "type": "true_false",
        "pool": "practice",
        "points": ["PL14"],
        "level": "remember",
        "difficulty": 1,
        "stem": {"zh": "甲\x0b乙", "en": "a <del>b</del>"},
        "answer": True,
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "s",
    }
    question = load_question(raw)

    written = qti.FORMATS[0].write([question], {})

    losses = [str(loss) for loss in written.losses]
    assert any("control characters" in loss for loss in losses)
    assert any("del" in loss for loss in losses)
    assert load_question(qti.FORMATS[0].read(written.data).drafts[0].raw) == question


def numeric(stem, *names, answer):
    return load_question(
        {
            "id": "PL14-01",
            "type": "numeric",
            "pool": "practice",
            "points": ["PL14"],
            "level": "remember",
            "difficulty": 1,
            "stem": {"zh": stem, "en": stem},
            "variables": [{"name": name, "least": 1, "most": 9, "step": 1} for name in names],
            "answer": answer,
            "explanation": {"zh": "解析", "en": "Reason"},
            "source": "s",
        }
    )


def test_variables_with_names_that_are_taken_are_called_otherwise():
    question = numeric("{SCORE} × {a b} × {n}", "SCORE", "a b", "n", answer="SCORE * -n + 2 ** n")

    written = package(question, 2)

    (root,) = items_of(written.data, VERSIONS[2])
    declared = [e.get("identifier") for e in root.findall("templateDeclaration")]
    shown = [e.get("identifier") for e in root.iter("printedVariable")]
    assert declared == ["variable_1", "variable_2", "n"]
    assert shown == declared * 2
    assert not written.losses


def test_values_that_a_formula_cannot_show_are_named():
    written = package(numeric("$x = {n}$ and {n}", "n", answer="n"), 0)

    assert ["variables by name" in str(loss) for loss in written.losses] == [True]


def test_gaps_in_any_order_are_named():
    raw = {
        "id": "PL14-01",
        "type": "fill_in",
        "pool": "practice",
        "points": ["PL14"],
        "level": "remember",
        "difficulty": 1,
        "stem": {"zh": "____ 和 ____", "en": "____ and ____"},
        "blanks": [{"zh": ["1"], "en": ["1"]}, {"zh": ["2"], "en": ["2"]}],
        "interchangeable": True,
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "s",
    }

    assert "in any order" in str(package(load_question(raw), 0).losses[0])


def test_gaps_of_which_one_is_in_a_formula_are_all_asked_for_below_the_text():
    raw = {
        "id": "PL14-01",
        "type": "fill_in",
        "pool": "practice",
        "points": ["PL14"],
        "level": "remember",
        "difficulty": 1,
        "stem": {"zh": "算：$x = ____$ 和 ____", "en": "Work out $x = ____$ and ____"},
        "blanks": [{"zh": ["1"], "en": ["1"]}, {"zh": ["2"], "en": ["2"]}],
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "s",
    }

    for number, version in enumerate(VERSIONS):
        (root,) = items_of(package(load_question(raw), number).data, version)
        entries = list(root.iter("textEntryInteraction"))
        formulas = [element for element in root.iter() if element.tag.endswith("math")]
        assert [entry.get("responseIdentifier") for entry in entries] == [
            "RESPONSE_1",
            "RESPONSE_2",
        ]
        assert len(formulas) == 2
        assert not any(list(formula.iter("textEntryInteraction")) for formula in formulas)


def test_each_task_of_a_case_keeps_its_own_rubric():
    criterion = {
        "name": {"zh": "要点", "en": "Points"},
        "weight": 2,
        "levels": [
            {"share": 1, "zh": "全", "en": "all"},
            {"share": 0, "zh": "无", "en": "none"},
        ],
    }
    question = load_question(
        {
            "id": "PL14-01",
            "type": "case",
            "pool": "practice",
            "points": ["PL14"],
            "level": "remember",
            "difficulty": 1,
            "stem": {"zh": "情境", "en": "Situation"},
            "parts": [
                {
                    "stem": {"zh": f"任务{n}", "en": f"Task {n}"},
                    "model_answer": {"zh": f"答{n}", "en": f"Answer {n}"},
                    "criteria": [criterion],
                }
                for n in (1, 2)
            ],
            "explanation": {"zh": "解析", "en": "Reason"},
            "source": "s",
        }
    )

    for number in range(3):
        files = unzipped(package(question, number).data)
        (draft,) = qti.FORMATS[0].read(files["items/PL14-01.xml"]).drafts
        assert draft.raw["stem"] == {"zh": "情境", "en": "Situation"}
        for n, part in enumerate(draft.raw["parts"], start=1):
            assert part["stem"] == {"zh": f"任务{n}", "en": f"Task {n}"}
            assert f"Answer {n}" in part["model_answer"]["en"]
            assert f"Answer {3 - n}" not in part["model_answer"]["en"]


def test_candidates_of_other_systems_never_see_a_model_answer():
    question = load_question(
        {
            "id": "PL14-01",
            "type": "short_answer",
            "pool": "practice",
            "points": ["PL14"],
            "level": "remember",
            "difficulty": 1,
            "stem": {"zh": "为什么？", "en": "Why?"},
            "key_points": [
                {"zh": "秘密甲", "en": "secret one"},
                {"zh": "秘密乙", "en": "secret two"},
            ],
            "model_answer": {"zh": "秘密丙", "en": "secret three"},
            "explanation": {"zh": "解析", "en": "Reason"},
            "source": "s",
        }
    )

    for number, version in enumerate(VERSIONS):
        (root,) = items_of(package(question, number).data, version)
        rubric = next(root.iter("rubricBlock"))
        hidden = "".join(rubric.itertext())
        everything = "".join(root.itertext())
        assert rubric.get("view") == "scorer"
        for words in ("秘密甲", "秘密乙", "秘密丙", "secret one", "secret two", "secret three"):
            assert everything.count(words) == hidden.count(words) == 1
