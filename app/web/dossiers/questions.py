"""The questions of a dossier: as they were shown, what was answered, and every save of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from app.domain.dossiers.wording import Speech, Wording, wording
from app.domain.questions.body import Layout
from app.queries.versions import question_of
from app.web.dossiers.blocks import Block, beside, heading, lines, paragraph, table
from app.web.dossiers.names import save_name
from app.web.dossiers.speech import SHORT, exact
from app.web.templating import number, type_name

_: Callable[..., str] = gettext
Dossier = Mapping[str, Any]
Place = Mapping[str, Any]

_LONGEST = 80
"""Characters of an earlier answer that its row in the history shows."""


def overview(dossier: Dossier, speech: Speech) -> Block:
    """All questions in one table: which version, what was answered, points."""
    points = _points(dossier)
    saved = Counter(save["position"] for save in dossier["saves"])
    return table(
        ["auto", "auto", "auto", "1", "auto", "auto"],
        [
            _("No."),
            _("Question"),
            _("Type"),
            _("Answer that counts"),
            _("Times saved"),
            _("Points"),
        ],
        [
            [
                str(place["position"]),
                _version(place),
                type_name(place["content"]["type"]),
                _brief(_words(dossier, place, speech).answer),
                str(saved[place["position"]]),
                points[place["position"]],
            ]
            for place in dossier["paper"]["places"]
        ],
    )


def question_blocks(dossier: Dossier, speech: Speech) -> Iterator[Block]:
    """Each question with its history."""
    points = _points(dossier)
    saves: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for save in dossier["saves"]:
        saves[save["position"]].append(save)
    for place in dossier["paper"]["places"]:
        position = place["position"]
        words = _words(dossier, place, speech)
        yield heading(
            _(
                "%(number)s. %(question)s, %(points)s",
                number=position,
                question=_version(place),
                points=points[position],
            ),
            level=3,
        )
        yield paragraph(words.stem)
        if words.shown:
            yield lines(_("As it was shown"), words.shown)
        yield beside(
            lines(_("Answer that counts"), words.answer or [_("left empty")]),
            lines(_("Right answer"), words.key),
        )
        if saves[position]:
            yield _history(dossier, place, saves[position], speech)


def _history(
    dossier: Dossier, place: Place, saves: list[Mapping[str, Any]], speech: Speech
) -> Block:
    counting = dossier["answers"].get(str(place["position"]))
    return table(
        ["auto", "auto", "1", "auto", "auto"],
        [_("Server time"), _("Window and sequence"), _("Answer"), _("State"), _("Receipt")],
        [
            [
                exact(save["received_at"]),
                f"{save['epoch']}–{save['seq']}",
                _brief(_in_words(dossier, place, save["answer"], speech).answer),
                _("counts") if counting and counting["save"] == save["id"] else _state(save),
                save["receipt"][:SHORT],
            ]
            for save in saves
        ],
    )


def _words(dossier: Dossier, place: Place, speech: Speech) -> Wording:
    """The question with the answer that counts."""
    counting = dossier["answers"].get(str(place["position"]))
    return _in_words(dossier, place, counting["answer"] if counting else None, speech)


def _in_words(dossier: Dossier, place: Place, answer: Any, speech: Speech) -> Wording:
    question = question_of(place["content_hash"], place["content"])
    layout = Layout.load(dossier["layout"][str(place["position"])])
    return wording(question, layout, answer, speech)


def _state(save: Mapping[str, Any]) -> str:
    decision = save["decision"]
    return save_name(save["state"], decision["accepted"] if decision else None)


def _brief(answer: tuple[str, ...]) -> str:
    text = "; ".join(answer) or _("left empty")
    if len(text) <= _LONGEST:
        return text
    return _("%(beginning)s… (%(count)s characters)", beginning=text[:_LONGEST], count=len(text))


def _points(dossier: Dossier) -> dict[int, str]:
    """Position → points earned of those there are."""
    earned = {mark["position"]: mark["points"] for mark in dossier["marks"]}
    return {
        place["position"]: _("%(points)s points", points=_of(earned, place))
        for place in dossier["paper"]["places"]
    }


def _of(earned: Mapping[int, str], place: Place) -> str:
    points = earned.get(place["position"])
    got = "–" if points is None else number(float(Fraction(points)))
    return f"{got} / {number(float(Fraction(place['points'])))}"


def _version(place: Place) -> str:
    version = _("version %(number)s", number=place["version"])
    return f"{place['question']} {version}"
