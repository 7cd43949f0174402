"""A question as an author writes it: the same schema for files, imports and the web editor."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Self

from app.domain.problems import Problems
from app.domain.questions.body import Body
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.questions.types import BODIES
from app.domain.reading import Reader
from app.domain.text import N_, Text

ID = re.compile(r"[A-Z]{2}\d{2}-[A-Z]?\d{2,4}")
"""What an id looks like: point, hyphen, number."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with everything that makes a version of it.

    id: stable over versions. points: ids of the knowledge points it tests, the first is the
    main one. difficulty: the author's estimate, 1 (easy) to 5.
    """

    id: str
    pool: Pool
    points: tuple[str, ...]
    level: Level
    difficulty: int
    stem: Text
    body: Body
    explanation: Text
    source: str

    @property
    def type(self) -> QuestionType:
        """The type, which the body decides."""
        return self.body.TYPE

    @classmethod
    def read(cls, raw: object, *, problems: Problems, place: str = "") -> Self | None:
        """Read one question, noting every problem; None where there was any."""
        before = len(problems)
        question = cls.read_unfinished(raw, problems=problems, place=place)
        return question if len(problems) == before else None

    @classmethod
    def read_unfinished(cls, raw: object, *, problems: Problems, place: str = "") -> Self | None:
        """As much of a question as can be told while it is being written; None without a type.

        What is missing or wrong is noted, and stands empty: such a question can be shown and
        compared, but never stored.
        """
        if isinstance(raw, dict) and isinstance(raw.get("id"), str):
            place = raw["id"]
        reader = Reader(raw, place=place, problems=problems)
        id_ = reader.string("id", longest=20)
        if id_ and not ID.fullmatch(id_):
            reader.note("id", N_("must look like PL05-01"))
        before_type = len(problems)
        body_type = BODIES[reader.member("type", QuestionType)]
        known_type = len(problems) == before_type
        pool = reader.member("pool", Pool)
        points = reader.strings("points")
        level = reader.member("level", Level)
        difficulty = reader.integer("difficulty", least=1, most=5)
        stem, explanation = reader.text("stem"), reader.text("explanation")
        source = reader.string("source", longest=200)
        if not known_type:
            return None
        body = body_type.read(reader)
        reader.done()
        return cls(id_, pool, points, level, difficulty, stem, body, explanation, source)

    def dump(self) -> dict[str, object]:
        """The question as files and the database keep it; `read` gives it back unchanged."""
        return {
            "id": self.id,
            "type": self.type.value,
            "pool": self.pool.value,
            "points": list(self.points),
            "level": self.level.value,
            "difficulty": self.difficulty,
            "stem": self.stem.dump(),
            **self.body.dump(),
            "explanation": self.explanation.dump(),
            "source": self.source,
        }

    def content_hash(self) -> str:
        """SHA-256 (hex) of the content: equal hashes mean that no new version is needed."""
        canonical = json.dumps(self.dump(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def load_question(raw: object) -> Question:
    """A question that was checked before it was stored; raises ValueError where it is broken."""
    problems = Problems()
    question = Question.read(raw, problems=problems)
    if question is None:
        raise ValueError("; ".join(map(str, problems)))
    return question
