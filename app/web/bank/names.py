"""What the pages of the bank call states, steps, filters and places in a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.domain.questions.bank_filter import StatisticsFilter
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.domain.statistics.items import Flag
from app.web.languages import translated as _

Names = Callable[[], Mapping[str, str]]

_PART = re.compile(r"(?P<key>[a-z_]+)(?: (?P<number>\d+))?")


def state_name(value: str) -> str:
    """The name of a state of a question's life."""
    names: dict[str, str] = {
        QuestionState.DRAFT: _("Draft"),
        QuestionState.CONTENT_REVIEW: _("Content review"),
        QuestionState.FAIRNESS_REVIEW: _("Fairness and language review"),
        QuestionState.PILOT: _("Pilot"),
        QuestionState.LIVE: _("In use"),
        QuestionState.RETIRED: _("Retired"),
    }
    return names[QuestionState(value)]


def next_step_of(value: str) -> str:
    """What has to happen to a question in this state, and who does it."""
    sentences: dict[str, str] = {
        QuestionState.DRAFT: _(
            "Whoever writes it submits it. Then somebody who wrote none of it reviews the content."
        ),
        QuestionState.CONTENT_REVIEW: _(
            "A reviewer who wrote none of it approves the content, or sends it back with a reason."
        ),
        QuestionState.FAIRNESS_REVIEW: _(
            "A second reviewer looks at fairness and at both languages, and approves it or sends"
            " it back."
        ),
        QuestionState.PILOT: _(
            "Both reviews are done. A reviewer who wrote none of it puts it into use."
        ),
        QuestionState.LIVE: _(
            "Practice or new papers use it. An edit makes a draft, and this version stays in use"
            " until the draft has been approved."
        ),
        QuestionState.RETIRED: _("Nobody is given it any more. It can come back as a draft."),
    }
    return sentences[QuestionState(value)]


def step_name(value: str) -> str:
    """What the button of a step says."""
    names: dict[str, str] = {
        QuestionStep.WRITE: _("Write"),
        QuestionStep.SUBMIT: _("Submit for review"),
        QuestionStep.APPROVE: _("Approve"),
        QuestionStep.SEND_BACK: _("Send back"),
        QuestionStep.PROMOTE: _("Put into use"),
        QuestionStep.RETIRE: _("Retire"),
        QuestionStep.REVIVE: _("Revive as a draft"),
    }
    return names[QuestionStep(value)]


def step_done(value: str) -> str:
    """What a step is called once it was taken."""
    names: dict[str, str] = {
        QuestionStep.WRITE: _("Edited"),
        QuestionStep.SUBMIT: _("Submitted for review"),
        QuestionStep.APPROVE: _("Approved"),
        QuestionStep.SEND_BACK: _("Sent back"),
        QuestionStep.PROMOTE: _("Was put into use"),
        QuestionStep.RETIRE: _("Retired"),
        QuestionStep.REVIVE: _("Revived as a draft"),
    }
    return names[QuestionStep(value)]


def flag_name(value: str) -> str:
    """What the figures of a question say, or what a list asks of them."""
    names: dict[str, str] = {
        Flag.TOO_HARD: _("Too hard"),
        Flag.TOO_EASY: _("Too easy"),
        Flag.LOW_D: _("Separates weakly"),
        Flag.VERY_LOW_D: _("Hardly separates"),
        Flag.WEAK_R: _("Weak correlation"),
        Flag.VERY_WEAK_R: _("Hardly any correlation"),
        Flag.NEGATIVE_R: _("Negative correlation: check the key"),
        Flag.IDLE_OPTION: _("An option that hardly anybody takes"),
        Flag.ATTRACTIVE_WRONG_OPTION: _("The good take a wrong option"),
        StatisticsFilter.ANY: _("Something to look at"),
        StatisticsFilter.NONE: _("Nothing to look at"),
        StatisticsFilter.FEW: _("Sample too small"),
    }
    return names[value]


def flag_advice(value: str) -> str:
    """What a flag asks for."""
    sentences: dict[str, str] = {
        Flag.TOO_HARD: _("p is below .30. Is it taught, and is it clear?"),
        Flag.TOO_EASY: _("p is above .95: it tells nobody apart."),
        Flag.LOW_D: _("D is below .30: revise it."),
        Flag.VERY_LOW_D: _("D is below .20: do without it until it has been rewritten."),
        Flag.WEAK_R: _("The correlation is below .20: keep an eye on it."),
        Flag.VERY_WEAK_R: _("The correlation is below .10: take it out."),
        Flag.NEGATIVE_R: _(
            "Those who did well on the rest of the paper did worse here. The key may be wrong."
        ),
        Flag.IDLE_OPTION: _("Fewer than 1 in 20 take a wrong option: write a likelier one."),
        Flag.ATTRACTIVE_WRONG_OPTION: _(
            "Those who did well take this wrong option more often. The key may be wrong."
        ),
    }
    return sentences[Flag(value)]


def field_name(value: str) -> str:
    """The name of a part of a question, as files call it; an unknown one stays as it is."""
    names: dict[str, str] = {
        "": _("The whole question"),
        "answer": _("Answer"),
        "any_of": _("How many are enough"),
        "blanks": _("Gap"),
        "criteria": _("Criterion"),
        "decimals": _("Decimals"),
        "difficulty": _("Difficulty"),
        "distractors": _("Distractor"),
        "en": _("English"),
        "explanation": _("Explanation"),
        "feedback": _("Feedback"),
        "fixed": _("Stays in its place"),
        "interchangeable": _("In any order"),
        "items": _("Item"),
        "key_points": _("Key point"),
        "least": _("Least"),
        "left": _("Left side"),
        "level": _("Level"),
        "levels": _("Levels"),
        "model_answer": _("Model answer"),
        "most": _("Most"),
        "name": _("Name"),
        "options": _("Option"),
        "pairs": _("Pair"),
        "parts": _("Part"),
        "points": _("Points of the syllabus"),
        "pool": _("Pool"),
        "relative_tolerance": _("Relative tolerance"),
        "right": _("Right"),
        "share": _("Share"),
        "source": _("Source"),
        "state": _("State"),
        "stem": _("Question"),
        "step": _("Step"),
        "synonyms": _("Synonyms"),
        "tolerance": _("Tolerance"),
        "type": _("Type"),
        "unit": _("Unit"),
        "variables": _("Variable"),
        "weight": _("Weight"),
        "zh": _("Chinese"),
    }
    return names.get(value, value)


def place_name(place: str) -> str:
    """A place such as "options 2 › zh" in words."""
    return " › ".join(_part_name(part) for part in place.split(" › "))


def _part_name(part: str) -> str:
    match = _PART.fullmatch(part)
    if match is None:
        return part or field_name("")
    name = field_name(match["key"])
    return f"{name} {match['number']}" if match["number"] else name


NAMES = {
    "flag_advice": flag_advice,
    "flag_name": flag_name,
    "field_name": field_name,
    "next_step_of": next_step_of,
    "place_name": place_name,
    "state_name": state_name,
    "step_done": step_done,
    "step_name": step_name,
}
