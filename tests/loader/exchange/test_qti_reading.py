"""Items of other programs: every interaction that has a type here, and those that have none."""

import random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.loader.exchange import qti
from app.loader.exchange.contract import Unreadable, problems_of
from tests.domain.strategies import questions
from tests.loader.exchange.qti_files import (
    MATCH_CORRECT,
    V2P2,
    V3P0,
    choice,
    declared,
    item,
    mapping,
    only,
    read,
    unzipped,
    why_refused,
)


def english(*texts):
    return [{"zh": "", "en": text} for text in texts]


def test_one_right_option_is_a_single_choice():
    raw, notes = only(item(choice("one", "two", "three"), declared=declared("B")))

    assert raw == {
        "type": "single",
        "stem": {"zh": "", "en": "Which one?"},
        "options": [
            {"zh": "", "en": "one"},
            {"zh": "", "en": "two", "right": True},
            {"zh": "", "en": "three"},
        ],
    }
    assert notes == []


def test_several_right_options_are_a_multiple_choice():
    data = item(
        choice("one", "two", "three", "four", most=0),
        declared=declared("A", "C", cardinality="multiple"),
    )

    raw, _ = only(data)

    assert raw["type"] == "multiple"
    assert [option.get("right", False) for option in raw["options"]] == [True, False, True, False]


def test_fixed_options_keep_their_place_and_so_do_all_without_shuffle():
    free = choice("one", "two", "all of them").replace('"C">', '"C" fixed="true">')
    still = choice("one", "two", "all of them", shuffle="false")

    some, _ = only(item(free, declared=declared("A")))
    every, _ = only(item(still, declared=declared("A")))

    assert [option.get("fixed", False) for option in some["options"]] == [False, False, True]
    assert all(option["fixed"] for option in every["options"])


def test_feedback_of_an_option_and_of_the_whole_are_kept():
    body = choice(
        "one",
        'two<feedbackInline outcomeIdentifier="F" identifier="B" showHide="show">No.'
        "</feedbackInline>",
        "three",
    )
    feedback = '<modalFeedback outcomeIdentifier="F" identifier="X" showHide="show">Since…'
    after = f"{MATCH_CORRECT}{feedback}</modalFeedback>"

    raw, _ = only(item(body, declared=declared("A"), after=after))

    assert raw["options"][1] == {"zh": "", "en": "two", "feedback": {"zh": "", "en": "No."}}
    assert raw["explanation"] == {"zh": "", "en": "Since…"}


def test_different_feedbacks_become_one_explanation_and_that_is_said():
    feedback = "".join(
        f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="show"><p>{name}!</p>'
        "</modalFeedback>"
        for name in ("right", "wrong")
    )

    raw, notes = only(
        item(choice("1", "2", "3"), declared=declared("A"), after=MATCH_CORRECT + feedback)
    )

    assert raw["explanation"]["en"] == "right!\n\nwrong!"
    assert "2 feedbacks" in notes[0]


@pytest.mark.parametrize(
    "words", [("对", "错"), ("错误", "正确"), ("True", "False"), ("<p>FALSE.</p>", "<b>true</b>")]
)
def test_right_or_wrong_is_a_true_false_question(words):
    verdict = next(
        letter
        for letter, word in zip("AB", words, strict=True)
        if "错" not in word and "false" not in word.casefold()
    )
    data = item(choice(*words, prompt="这是对的。"), declared=declared(verdict))

    raw, _ = only(data)

    assert raw == {"type": "true_false", "stem": {"zh": "这是对的。", "en": ""}, "answer": True}


def test_points_of_options_make_the_key_where_none_is_given_and_are_named():
    points = mapping({"A": 1, "B": 0.5, "C": -0.5})
    data = item(
        choice("1", "2", "3", "4", most=0),
        declared=declared(cardinality="multiple", mapping=points),
    )

    raw, notes = only(data)

    assert [option.get("right", False) for option in raw["options"]] == [True, True, False, False]
    assert any("wrong answers take away" in note for note in notes)
    assert any("a part of the points" in note for note in notes)


def test_gaps_become_a_fill_in_question():
    body = (
        '<p>The capital is <textEntryInteraction responseIdentifier="R1"/>, the river '
        '<textEntryInteraction responseIdentifier="R2"/>.</p>'
    )
    responses = declared(
        "Ottawa", base="string", name="R1", mapping=mapping({"Ottawa": 1, "ottawa": 1, "York": 0.5})
    ) + declared("Rideau", base="string", name="R2")

    raw, notes = only(item(body, declared=responses))

    assert raw["type"] == "fill_in"
    assert raw["stem"]["en"] == "The capital is ____, the river ____."
    assert raw["blanks"] == [{"zh": [], "en": ["Ottawa", "ottawa"]}, {"zh": [], "en": ["Rideau"]}]
    assert any("York" in note for note in notes)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ('toleranceMode="absolute" tolerance="0.5"', {"tolerance": 0.5}),
        ('toleranceMode="relative" tolerance="5 5"', {"relative_tolerance": 0.05}),
        ('toleranceMode="exact"', {}),
        ("", {}),
    ],
)
def test_a_number_is_a_numeric_question_with_its_tolerance(mode, expected):
    body = '<p>How long?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/> minutes</p>'
    rules = (
        f"<responseProcessing><responseCondition><responseIf><equal {mode}>"
        '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>'
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )

    raw, notes = only(item(body, declared=declared("12.50", base="float"), after=rules))

    assert raw == {
        "type": "numeric",
        "stem": {"zh": "", "en": "How long?"},
        "unit": {"zh": "", "en": "minutes"},
        "answer": "12.5",
        "decimals": 2,
        **expected,
    }
    assert notes == []


def test_bounds_that_a_number_is_compared_with_are_a_tolerance():
    rules = (
        "<responseProcessing><responseCondition><responseIf><and>"
        '<gte><variable identifier="RESPONSE"/><baseValue baseType="float">9.8</baseValue></gte>'
        '<lte><variable identifier="RESPONSE"/><baseValue baseType="float">10.2</baseValue></lte>'
        '</and><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>'
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    body = '<p>g = <textEntryInteraction responseIdentifier="RESPONSE"/> m/s</p>'

    raw, _ = only(item(body, declared=declared("10", base="float"), after=rules))

    assert raw["tolerance"] == 0.2
    assert raw["stem"]["en"] == "g = ____ m/s"


@pytest.mark.parametrize("answer", ["12,5", "about 12", "1e999"])
def test_a_right_answer_that_is_no_number_is_left_to_the_author(answer):
    body = '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    raw, notes = only(item(body, declared=declared(answer, base="float")))

    assert "answer" not in raw
    assert answer in notes[0]


def test_drawn_values_become_variables_of_a_formula():
    templates = (
        '<templateDeclaration identifier="a" cardinality="single" baseType="integer"/>'
        "<templateProcessing>"
        '<setTemplateValue identifier="a"><randomInteger min="2" max="8" step="2"/>'
        "</setTemplateValue>"
        '<setCorrectResponse identifier="RESPONSE"><product><variable identifier="a"/><sum>'
        '<baseValue baseType="integer">3</baseValue><variable identifier="a"/>'
        '<baseValue baseType="integer">1</baseValue></sum></product></setCorrectResponse>'
        "</templateProcessing>"
    )
    body = (
        '<p>Work out for <printedVariable identifier="a"/>.</p>'
        '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    )

    raw, notes = only(item(body, declared=declared(base="integer"), before=templates))

    assert raw["answer"] == "a * (3 + a + 1)"
    assert raw["variables"] == [{"name": "a", "least": 2.0, "most": 8.0, "step": 2.0}]
    assert raw["stem"]["en"] == "Work out for {a}."
    assert raw["decimals"] == 0
    assert notes == []


def test_values_drawn_otherwise_refuse_the_item_by_name():
    templates = (
        '<templateProcessing><setTemplateValue identifier="a"><randomFloat min="0" max="1"/>'
        "</setTemplateValue></templateProcessing>"
    )
    body = '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    reason = why_refused(item(body, declared=declared(base="float"), before=templates))

    assert "randomFloat" in reason


def match(rights, *, pairs):
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{id_}" matchMax="1">{text}'
            "</simpleAssociableChoice>"
            for id_, text in side
        )
        + "</simpleMatchSet>"
        for side in ([("C", "Capulet"), ("D", "Demetrius"), ("L", "Lysander")], rights)
    )
    return item(
        '<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="3">'
        f"<prompt>Who is in which play?</prompt>{sets}</matchInteraction>",
        declared=declared(*pairs, base="directedPair", cardinality="multiple"),
    )


def test_pairs_become_a_matching_question_and_the_rest_distractors():
    rights = [("1", "one"), ("2", "two"), ("3", "three"), ("4", "four")]

    raw, _ = only(match(rights, pairs=["C 3", "D 1", "L 2"]))

    assert raw["type"] == "matching"
    assert [pair["right"]["en"] for pair in raw["pairs"]] == ["three", "one", "two"]
    assert raw["distractors"] == english("four")
    assert raw["stem"]["en"] == "Who is in which play?"


@pytest.mark.parametrize("pairs", [["C 1", "D 1", "L 2"], ["C 1", "C 2", "D 3"], ["C 1", "D 2"]])
def test_pairs_that_are_not_one_to_one_are_refused(pairs):
    reason = why_refused(match([("1", "one"), ("2", "two"), ("3", "three")], pairs=pairs))

    assert "not one to one" in reason


def test_associations_become_a_matching_question():
    choices = "".join(
        f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}</simpleAssociableChoice>'
        for name in ("Antonio", "Prospero", "Capulet", "Montague", "Lysander", "Demetrius")
    )
    data = item(
        f'<associateInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="3">'
        f"<prompt>Rivals?</prompt>{choices}</associateInteraction>",
        declared=declared(
            "Antonio Prospero",
            "Capulet Montague",
            "Demetrius Lysander",
            base="pair",
            cardinality="multiple",
        ),
    )

    raw, _ = only(data)

    assert [(pair["left"]["en"], pair["right"]["en"]) for pair in raw["pairs"]] == [
        ("Antonio", "Prospero"),
        ("Capulet", "Montague"),
        ("Demetrius", "Lysander"),
    ]


def test_words_for_gaps_become_a_matching_question():
    data = item(
        '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false">'
        "<prompt>Fill in.</prompt>"
        '<gapText identifier="W" matchMax="1">winter</gapText>'
        '<gapText identifier="Su" matchMax="1">summer</gapText>'
        '<gapText identifier="Sp" matchMax="1">spring</gapText>'
        '<blockquote><p>Now is the <gap identifier="G1"/> of our discontent</p>'
        '<p>Made glorious <gap identifier="G2"/></p></blockquote></gapMatchInteraction>',
        declared=declared("W G1", "Su G2", base="directedPair", cardinality="multiple"),
    )

    raw, _ = only(data)

    assert [(pair["left"]["en"], pair["right"]["en"]) for pair in raw["pairs"]] == [
        ("Now is the ____ of our discontent", "winter"),
        ("Made glorious ____", "summer"),
    ]
    assert raw["distractors"] == english("spring")


def test_an_order_becomes_an_ordering_question():
    choices = "".join(
        f'<simpleChoice identifier="{id_}">{id_}</simpleChoice>' for id_ in ("B", "C", "A")
    )
    body = (
        '<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Sort.</prompt>'
        f"{choices}</orderInteraction>"
    )

    raw, _ = only(item(body, declared=declared("A", "B", "C", cardinality="ordered")))
    reason = why_refused(item(body, declared=declared("A", "B", cardinality="ordered")))

    assert raw["items"] == english("A", "B", "C")
    assert "in which order" in reason


def test_an_essay_becomes_a_short_answer_whose_rubric_is_the_model_answer():
    body = (
        "<p>Why?</p>"
        '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>In a few words.</prompt>'
        "</extendedTextInteraction>"
        '<rubricBlock view="scorer"><p>Because of trust.</p></rubricBlock>'
    )

    raw, notes = only(item(body, declared=declared(base="string"), after=""))

    assert raw["type"] == "short_answer"
    assert raw["stem"]["en"] == "Why?\n\nIn a few words."
    assert raw["model_answer"]["en"] == "Because of trust."
    assert any("Key points" in note for note in notes)


def test_several_essays_become_the_tasks_of_a_case():
    body = (
        "<div><p>A hotel loses its regular guests.</p></div>"
        '<div><p>Name two reasons.</p><extendedTextInteraction responseIdentifier="R1"/>'
        '<rubricBlock view="scorer"><p>Price, noise.</p></rubricBlock></div>'
        "<p>Now think of a remedy.</p>"
        '<extendedTextInteraction responseIdentifier="R2"><prompt>Give one.</prompt>'
        "</extendedTextInteraction>"
    )
    responses = declared(base="string", name="R1") + declared(base="string", name="R2")

    raw, notes = only(item(body, declared=responses, after=""))

    assert raw["type"] == "case"
    assert raw["stem"]["en"] == "A hotel loses its regular guests."
    assert raw["parts"][0]["stem"]["en"] == "Name two reasons."
    assert raw["parts"][0]["model_answer"]["en"] == "Price, noise."
    assert raw["parts"][1]["stem"]["en"] == "Now think of a remedy.\n\nGive one."
    assert any("Rubrics" in note for note in notes)


@pytest.mark.parametrize(
    "name",
    [
        "inlineChoiceInteraction",
        "hottextInteraction",
        "hotspotInteraction",
        "graphicGapMatchInteraction",
        "sliderInteraction",
        "uploadInteraction",
        "customInteraction",
        "portableCustomInteraction",
    ],
)
def test_what_no_question_here_can_ask_is_refused_by_name(name):
    body = f'<p>So: <{name} responseIdentifier="RESPONSE"/></p>'

    assert name in why_refused(item(body))


def test_several_interactions_of_different_kinds_are_refused():
    body = choice("1", "2", "3") + '<extendedTextInteraction responseIdentifier="R2"/>'

    reason = why_refused(item(body, declared=declared("A")))

    assert "choiceInteraction, extendedTextInteraction" in reason


@pytest.mark.parametrize("body", ["<p>Only words.</p>", ""])
def test_an_item_that_asks_nothing_is_refused(body):
    assert "nothing is asked" in why_refused(item(body))


def test_qti_3_is_read_in_its_own_spelling():
    data = (
        f'<qti-assessment-item xmlns="{V3P0}" identifier="q" title="q" adaptive="false" '
        'time-dependent="false"><qti-response-declaration identifier="RESPONSE" '
        'cardinality="single" base-type="identifier"><qti-correct-response>'
        "<qti-value>B</qti-value></qti-correct-response></qti-response-declaration>"
        '<qti-item-body><p>Look &amp; choose</p><qti-choice-interaction max-choices="1" '
        'response-identifier="RESPONSE" shuffle="true"><qti-simple-choice identifier="A">no'
        '</qti-simple-choice><qti-simple-choice identifier="B">maybe</qti-simple-choice>'
        '<qti-simple-choice identifier="C" fixed="true">never</qti-simple-choice>'
        "</qti-choice-interaction></qti-item-body><qti-response-processing template="
        '"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
        '<qti-modal-feedback outcome-identifier="F" identifier="x" show-hide="show">'
        "<qti-content-body><p>So it is.</p></qti-content-body></qti-modal-feedback>"
        "</qti-assessment-item>"
    )

    raw, notes = only(data)

    assert raw["type"] == "single"
    assert raw["stem"]["en"] == "Look & choose"
    assert [option.get("right", False) for option in raw["options"]] == [False, True, False]
    assert raw["options"][2]["fixed"] is True
    assert raw["explanation"]["en"] == "So it is."
    assert notes == []


def test_prefixes_cdata_and_html_entities_are_understood():
    plain = item(
        choice("caf&eacute;&nbsp;one", "<![CDATA[a < b]]>", "three"),
        declared=declared("A"),
        namespace=V2P2,
    )
    prefixed = (
        plain.replace("<", "<q:")
        .replace("<q:/", "</q:")
        .replace("<q:?", "<?")
        .replace("<q:!", "<!")
        .replace("a <q: b", "a < b")
        .replace("xmlns=", "xmlns:q=")
    )

    raw, notes = only(prefixed)

    assert [option["en"] for option in raw["options"]] == ["café\u00a0one", "a < b", "three"]
    assert raw["options"][0]["right"] is True
    assert notes == []


def test_unknown_elements_are_named():
    body = choice("1", "2", "3") + "<video src='film.mp4'/>"
    after = (
        f"{MATCH_CORRECT}<stylesheet href='a.css' type='text/css'/><catalogInfo/>"
        "<assessmentStimulusRef identifier='S' href='passage.xml'/>"
    )

    _, notes = only(item(body, declared=declared("A"), after=after))

    for name in ("video", "stylesheet", "catalogInfo", "passage.xml"):
        assert any(name in note for note in notes), name


def test_scoring_of_its_own_is_named():
    rules = (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><customOperator class="x"/>'
        "</setOutcomeValue></responseProcessing>"
    )

    _, custom = only(item(choice("1", "2", "3"), declared=declared("A"), after=rules))
    _, template = only(
        item(
            choice("1", "2", "3"),
            declared=declared("A"),
            after='<responseProcessing template="http://example.org/rp/guess.xml"/>',
        )
    )

    assert "customOperator" in custom[0]
    assert "guess" in template[0]


def test_an_unknown_version_an_adaptive_item_and_rubrics_are_noted():
    data = item(
        choice("1", "2", "3") + '<rubricBlock view="proctor"><p>Watch.</p></rubricBlock>'
        '<rubricBlock view="candidate"><p>Read well.</p></rubricBlock>',
        declared=declared("A"),
        namespace="http://example.org/qti",
    ).replace('adaptive="false"', 'adaptive="true"')

    raw, notes = only(data)

    assert raw["stem"]["en"] == "Which one?\n\nRead well."
    for words in ("example.org/qti", "several steps", "proctor"):
        assert any(words in note for note in notes), words


def test_both_languages_are_told_apart():
    data = item(
        '<div xml:lang="zh-Hans"><p>选一个</p></div><div xml:lang="en-GB"><p>Choose</p></div>'
        + choice(
            '<span xml:lang="zh">甲</span><span xml:lang="en">first</span>',
            '<span xml:lang="zh">乙</span><span xml:lang="en">second</span>',
            "CRM",
            prompt="",
        ),
        declared=declared("A"),
    )

    raw, notes = only(data)

    assert raw["stem"] == {"zh": "选一个", "en": "Choose"}
    assert raw["options"] == [
        {"zh": "甲", "en": "first", "right": True},
        {"zh": "乙", "en": "second"},
        {"zh": "CRM", "en": "CRM"},
    ]
    assert notes == []


def test_in_a_chinese_item_a_foreign_word_is_chinese_too():
    raw, _ = only(item(choice("CRM", "ERP", "甲", prompt="哪一个？"), declared=declared("A")))

    assert [option["zh"] for option in raw["options"]] == ["CRM", "ERP", "甲"]
    assert [option["en"] for option in raw["options"]] == ["", "", ""]


def test_what_is_missing_is_found_by_the_schema():
    raw = read(item(choice("one", "two", "three"))).drafts[0]

    missing = [str(problem) for problem in problems_of(raw)]

    assert any("no option is marked right" in problem for problem in missing)
    assert any("translation is missing" in problem for problem in missing)


def test_an_empty_stem_is_left_to_the_author():
    raw, _ = only(item(choice("one", "two", "three", prompt=""), declared=declared("A")))

    assert raw["stem"] == {"zh": "", "en": ""}


@settings(max_examples=40, deadline=None)
@given(question=questions(), seed=st.integers(0, 2**32), number=st.integers(0, 2))
def test_whatever_is_spoiled_in_an_item_it_ends_in_a_draft_or_a_clear_sentence(
    question, seed, number
):
    package = qti.FORMATS[number].write([question], {}).data
    root = ElementTree.fromstring(unzipped(package)[f"items/{question.id}.xml"])
    spoil(root, random.Random(seed))

    try:
        reading = read(ElementTree.tostring(root).decode())
    except Unreadable as unreadable:
        assert str(unreadable)
        return

    assert len(reading.drafts) + len(reading.refused) == 1
    for draft in reading.drafts:
        problems_of(draft)


def spoil(root, draw):
    """Exchange names, values and texts, and take elements out, here and there."""
    names = [element.tag for element in root.iter()]
    values = ["", "-1", "nan", "1e999", "9" * 5000, "RESPONSE", "x y z", "\u3000", "true"]
    for _ in range(draw.randint(1, 6)):
        element = draw.choice(list(root.iter()))
        match draw.randrange(5):
            case 0 if len(element):
                element.remove(draw.choice(list(element)))
            case 1:
                element.tag = draw.choice(names)
            case 2 if element.attrib:
                element.set(draw.choice(sorted(element.attrib)), draw.choice(values))
            case 3 if element.attrib:
                del element.attrib[draw.choice(sorted(element.attrib))]
            case _:
                element.text = draw.choice(values)
