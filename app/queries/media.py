"""Pictures of questions, as they lie in the folder `media` of the instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from sqlalchemy import String, cast, select

from app.db import db
from app.domain.media import NAME, Medium, media_names
from app.domain.questions.body import Layout
from app.domain.questions.kinds import Pool
from app.domain.text import Text
from app.models.questions import Question, QuestionVersion
from app.queries.versions import paper_slots


def picture_path(instance: Path, name: str) -> Path:
    """Where a picture lies; raises ValueError for what is no name of a picture."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a picture")
    return instance / "media" / name[:2] / name


def read_pictures(names: Iterable[str], *, instance: Path) -> dict[str, Medium]:
    """The pictures with these names; those that are not there are left out."""
    found = {}
    for name in names:
        path = picture_path(instance, name)
        if path.is_file():
            found[name] = Medium(name, path.read_bytes())
    return found


def is_in_practice(name: str) -> bool:
    """Whether any version of a practice question shows this picture."""
    if not NAME.fullmatch(name):
        return False
    found = db.session.scalar(
        select(QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.pool == Pool.PRACTICE.value,
            cast(QuestionVersion.content, String).contains(f"medium:{name}"),
        )
        .limit(1)
    )
    return found is not None


def pictures_of_paper(paper_id: int, *, section: int) -> frozenset[str]:
    """The pictures that a section of a paper shows to candidates: of stems and prompts alone."""
    return frozenset(
        name
        for slot in paper_slots(paper_id)
        if slot.section == section
        for text in (slot.question.stem, *_texts(slot.question.body.prompt(Layout())))
        for name in (*media_names(text.zh), *media_names(text.en))
    )


def _texts(prompt: object) -> Iterator[Text]:
    """Every text of a prompt, whatever its type is made of."""
    if isinstance(prompt, Text):
        yield prompt
    elif isinstance(prompt, tuple | list):
        for part in prompt:
            yield from _texts(part)
    elif is_dataclass(prompt):
        for field in fields(prompt):
            yield from _texts(getattr(prompt, field.name))
