"""This project's YAML with its pictures in one archive: nothing of a question is lost.

questions.yaml, or questions/<module>/<lesson>.yaml, and media/<name of the picture>.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.media import Medium, PictureRefused, media_names
from app.domain.problems import Problem
from app.domain.questions.question import Question
from app.domain.text import N_, Text
from app.loader.exchange import yaml_files
from app.loader.exchange.archives import Archive, packed
from app.loader.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    Format,
    Reading,
    Unreadable,
    Written,
)

_QUESTIONS = re.compile(r"(?:.*/)?[^/]+\.ya?ml", re.IGNORECASE)
_PICTURE = re.compile(r"(?:.*/)?media/([^/]+)")


def read(data: bytes) -> Reading:
    """The questions of every YAML file, and the pictures they show. Raises Unreadable."""
    archive = Archive(data)
    files = sorted(name for name in archive.names if _QUESTIONS.fullmatch(name))
    if not files:
        raise Unreadable(N_("There is no file with questions (.yaml) in the archive."))
    notes: list[Problem] = []
    media = _media(archive, notes)
    drafts: list[Draft] = []
    refused: list[Problem] = []
    shown: set[str] = set()
    for file in files:
        reading = _read_file(archive, file)
        refused.extend(replace(p, place=f"{file}, {p.place}") for p in reading.refused)
        for draft in reading.drafts:
            names, place = media_names(str(draft.raw)), f"{file}, {draft.place}"
            shown.update(names)
            drafts.append(Draft(place, draft.raw, tuple(_missing(names, media, place))))
        if len(drafts) > MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
    notes.extend(_unused(archive, media, shown))
    kept = {name: medium for name, medium in media.items() if name in shown}
    return Reading(tuple(drafts), tuple(refused), tuple(notes), kept)


def write(questions: Sequence[Question], media: Mapping[str, Medium]) -> Written:
    """All questions in one file, with their pictures."""
    return package({"questions.yaml": questions}, media)


def package(files: Mapping[str, Sequence[Question]], media: Mapping[str, Medium]) -> Written:
    """An archive of several files by path, such as questions/planning/swot.yaml."""
    contents: dict[str, bytes] = {}
    losses: list[Problem] = []
    for path, questions in files.items():
        contents[path] = yaml_files.text_of(questions).encode()
        for question in questions:
            for name in media_names(str(question.dump())):
                if name in media:
                    contents[f"media/{name}"] = media[name].data
                else:
                    losses.append(_without(question.id, name))
    return Written(packed(contents), tuple(losses))


def _read_file(archive: Archive, file: str) -> Reading:
    try:
        return yaml_files.read(archive.read(file))
    except Unreadable as error:
        problem = error.problem
        place = f"{file}, {problem.place}" if problem.place else file
        raise Unreadable(problem.sentence, place=place, **problem.parameters) from error


def _media(archive: Archive, notes: list[Problem]) -> dict[str, Medium]:
    found: dict[str, Medium] = {}
    for path in archive.names:
        match = _PICTURE.fullmatch(path)
        if match is None:
            continue
        try:
            medium = Medium.of(archive.read(path))
        except PictureRefused as error:
            notes.append(Problem("", path, error.sentence, dict(error.parameters)))
            continue
        if medium.name != match[1]:
            notes.append(
                Problem("", path, N_("this picture is not the one that its name says: not read"))
            )
            continue
        found[medium.name] = medium
    return found


def _missing(names: Sequence[str], media: Mapping[str, Medium], place: str) -> Iterator[Problem]:
    for name in names:
        if name not in media:
            yield _without(place, name)


def _without(place: str, name: str) -> Problem:
    return Problem("", place, N_("the picture %(name)s is not in this file"), {"name": name})


def _unused(archive: Archive, media: Mapping[str, Medium], shown: set[str]) -> Iterator[Problem]:
    for path in archive.names:
        match = _PICTURE.fullmatch(path)
        if match and match[1] in media and match[1] not in shown:
            yield Problem("", path, N_("no question shows this picture: not kept"))
        elif match is None and not _QUESTIONS.fullmatch(path):
            yield Problem("", path, N_("this file is not known and not read"))


FORMAT = Format(
    code="package",
    name=Text("本系统题库包（含图片）", "Package of this system, with pictures"),
    ending="zip",
    mime="application/zip",
    read=read,
    write=write,
)
