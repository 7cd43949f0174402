"""What the editor remarks while somebody writes: faults, what is still empty, and hints.

A fault keeps a question from being saved; so does a gap, but nobody needs to be told off for
what they have not come to yet. A hint is for the author to weigh: it keeps nothing from nobody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.linting.figures import is_absolute, is_all_of_them
from app.domain.linting.findings import findings_of
from app.domain.linting.quantities import overlapping
from app.domain.problems import Problem, Problems
from app.domain.questions.choice import Multiple, Option, Single, TrueFalse
from app.domain.questions.question import Question
from app.domain.text import N_, Language

NOTICEABLE = 1.2
"""How many times as long as every other option the right one is, before one sees it."""

_EMPTY = frozenset({N_("is missing"), N_("translation is missing"), N_("is empty")})
_PICTURE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(medium:")
_REFERENCE = re.compile(r"\b(00\d)\s+(Q?\d+(?:\.\d+)*|[一二三四五六七八九十]+)")
_NO_ID = "XX00-00"


class Weight(StrEnum):
    """How much a remark weighs."""

    FAULT = "fault"
    GAP = "gap"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at. problem.place: inside the question, as "options 2 › en"."""

    weight: Weight
    problem: Problem


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A question while it is being written. question: None where even its type is unknown."""

    question: Question | None
    remarks: tuple[Remark, ...]

    @property
    def may_be_saved(self) -> bool:
        """Whether nothing but hints is left."""
        return all(remark.weight is Weight.HINT for remark in self.remarks)


def look_at(raw: Mapping[str, object], *, sources: Mapping[str, str]) -> Unfinished:
    """Read what the editor has, and remark everything. sources: of the points of the syllabus."""
    id_ = str(raw.get("id") or _NO_ID)
    problems = Problems()
    question = Question.read_unfinished({**raw, "id": id_}, problems=problems)
    untouched = {problem.place for problem in problems if problem.parameters.get("count") == 0}
    found = [Remark(_weight(problem, untouched), problem) for problem in problems]
    if question is not None:
        noted = {problem.place for problem in problems}
        found += [Remark(Weight.FAULT, problem) for problem in _unknown_points(question, sources)]
        found += [
            Remark(Weight.HINT, problem)
            for problem in hints(question, sources=sources)
            if problem.place not in noted
        ]
    return Unfinished(
        question,
        tuple(Remark(one.weight, _inside(one.problem, id_)) for one in found),
    )


def hints(question: Question, *, sources: Mapping[str, str]) -> Iterator[Problem]:
    """What an author should weigh. sources: where each point of the syllabus comes from."""
    for found in findings_of(question):
        if found.place != question.id:
            yield found
        elif question.source:  # what has no place of its own is about the source
            yield replace(found, place=f"{question.id} › source")
    yield from _other_point(question, sources)
    yield from _pictures(question)
    if isinstance(question.body, Single | Multiple):
        yield from _of_options(question.id, question.body.options)
        yield from _longest(question.id, question.body.options)
    if isinstance(question.body, TrueFalse) and not question.body.right:
        for language in Language:
            if is_absolute(question.stem.to(language)):
                yield _problem(
                    f"{question.id} › stem › {language}",
                    N_("an absolute word gives away that the statement is false"),
                )


def _weight(problem: Problem, untouched: Collection[str]) -> Weight:
    """untouched: lists without a single entry, where nothing can be wrong yet."""
    is_gap = problem.sentence in _EMPTY or problem.place in untouched
    return Weight.GAP if is_gap else Weight.FAULT


def _inside(problem: Problem, id_: str) -> Problem:
    place = problem.place.removeprefix(id_).removeprefix(" › ")
    return Problem("", place, problem.sentence, problem.parameters)


def _unknown_points(question: Question, sources: Mapping[str, str]) -> Iterator[Problem]:
    for number, point in enumerate(question.points, start=1):
        place = f"{question.id} › points {number}"
        if point not in sources:
            yield _problem(place, N_("Point %(point)s is not in the syllabus."), point=point)
        if point in question.points[: number - 1]:
            yield _problem(place, N_("Point %(point)s is named twice."), point=point)


def _other_point(question: Question, sources: Mapping[str, str]) -> Iterator[Problem]:
    """The source names places that none of the points comes from."""
    named = _references(question.source)
    known = {point: _references(source) for point, source in sources.items()}
    own = [known[point] for point in question.points if point in known]
    if not named or not all(own) or any(named & of_point for of_point in own):
        return
    fitting = [point for point, of_point in known.items() if named & of_point]
    if fitting:
        yield _problem(
            f"{question.id} › points",
            N_("the source is that of %(points)s: is it another point that is tested?"),
            points=", ".join(fitting[:3]),
        )


def _references(source: str) -> frozenset[tuple[str, str]]:
    """Documents with their places: "000 1.3.1; 004 Q2" names two."""
    return frozenset(_REFERENCE.findall(source))


def _pictures(question: Question) -> Iterator[Problem]:
    """Every text that shows a picture without saying what it shows."""
    dumped = question.dump()
    for key in sorted(dumped):
        for place, text in _texts(f"{question.id} › {key}", dumped[key]):
            if _PICTURE_WITHOUT_WORDS.search(text):
                yield _problem(place, N_("a picture has no words for those who cannot see it"))


def _texts(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(f"{place} › {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _texts(f"{place} {number}", inner)


def _of_options(id_: str, options: Sequence[Option]) -> Iterator[Problem]:
    numbers = {option.id: number for number, option in enumerate(options, start=1)}
    for language in Language:
        for option in options:
            text, place = option.text.to(language), f"{id_} › options {numbers[option.id]}"
            if is_absolute(text):
                yield _problem(
                    f"{place} › {language}",
                    N_("an absolute word: candidates take such options for wrong"),
                )
            if is_all_of_them(text):
                yield _problem(
                    f"{place} › {language}",
                    N_("all or none of the above: it asks for a guess, not for the point"),
                )
        for one, other in overlapping(options, language):
            yield _problem(
                f"{id_} › options {numbers[other.id]} › {language}",
                N_("overlaps with option %(letter)s: one number fits both"),
                letter=one.id.upper(),
            )


def _longest(id_: str, options: Sequence[Option]) -> Iterator[Problem]:
    """The right options are longer than any wrong one, so that one sees it."""
    for language in Language:
        right = [o for o in options if o.right]
        wrong = [len(o.text.to(language)) for o in options if not o.right]
        if not right or not wrong or not min(wrong):
            continue
        shortest = min(right, key=lambda o: len(o.text.to(language)))
        if len(shortest.text.to(language)) >= NOTICEABLE * max(wrong):
            number = [option.id for option in options].index(shortest.id) + 1
            yield _problem(
                f"{id_} › options {number} › {language}",
                N_("the right option is the longest: its length gives it away"),
            )


def _problem(place: str, sentence: str, **parameters: object) -> Problem:
    return Problem("", place, sentence, parameters)
