"""The full-text index of the bank: one row a question, with the tokens of its newest version.

The two databases search in ways of their own, and this is the one place that knows both. On
PostgreSQL the tokens are in `words`, with a GIN index over question_search_words(words), a
function that gives them back and keeps the planner to the index. On SQLite `words` is empty and
they are in the FTS5 table question_search_fts under the row's id, which has a narrow table to
join with; its tokenizer takes what stands between blanks, so that a token stays one token.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql.selectable import Select

from app.db import Base
from app.domain.questions.search_words import Word

question_search = Table(
    "question_search",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("question_id", String(20), ForeignKey("questions.id"), nullable=False),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql")),
    UniqueConstraint("question_id"),
)

WRITE = {
    "postgresql": (
        "INSERT INTO question_search (question_id, words)"
        " VALUES (:question_id, CAST(:words AS tsvector))"
        " ON CONFLICT (question_id) DO UPDATE SET words = excluded.words",
    ),
    "sqlite": (
        "INSERT INTO question_search (question_id) VALUES (:question_id)"
        " ON CONFLICT (question_id) DO NOTHING",
        "INSERT OR REPLACE INTO question_search_fts (rowid, words)"
        " SELECT id, :words FROM question_search WHERE question_id = :question_id",
    ),
}
"""By dialect, what writes one question: run with {question_id, words} of one or of many."""

COUNT = {
    "postgresql": (
        "SELECT word, (SELECT count(*) FROM (SELECT FROM question_search"
        " WHERE question_search_words(words) @@ CAST(quote_literal(word) AS tsquery)"
        " LIMIT 1000) AS hits) FROM unnest(CAST(:words AS text[])) AS word"
    ),
    "sqlite": (
        "SELECT term, doc FROM question_search_vocab"
        " WHERE term IN (SELECT value FROM json_each(:words))"
    ),
}
"""By dialect, in how many questions each word is; on PostgreSQL counted to 1,000."""


def is_beyond_the_models(name: str | None) -> bool:
    """Whether a table or an index belongs to the full-text search of one database alone."""
    return name is not None and name.startswith("question_search_")


def document(tokens: Sequence[str], *, dialect: str) -> str:
    """The tokens, in their places, as `WRITE` takes them."""
    if dialect == "sqlite":
        return " ".join(tokens)
    return " ".join(f"'{token}':{place}" for place, token in enumerate(tokens, start=1))


def all_of(words: Sequence[Word], *, dialect: str) -> Select[tuple[str]]:
    """Ids of the questions in which all of these words are, to be joined with questions."""
    # On SQLite the list of rows is only looked into, which is what the plus is for: otherwise
    # the planner may walk through the whole list once a question.
    row_id: ColumnElement[int] = literal_column("+question_search.id", Integer)
    return _matching([[word] for word in words], row_id, dialect=dialect)


def any_of(words: Sequence[Word], *, dialect: str) -> Select[tuple[str]]:
    """Ids of the questions in which at least one of these words is, to be read as they are."""
    return _matching([words], question_search.c.id, dialect=dialect)


def _matching(
    groups: Sequence[Sequence[Word]], row_id: ColumnElement[int], *, dialect: str
) -> Select[tuple[str]]:
    """Of every group at least one word."""
    found = select(question_search.c.question_id)
    if dialect == "sqlite":
        wanted = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in groups)
        fts = table("question_search_fts", column("rowid"))
        matches = literal_column("question_search_fts").op("MATCH")(wanted)
        # A list, worked out once: in a join the planner may ask the full text once a question.
        return found.where(row_id.in_(select(fts.c.rowid).where(matches)))
    wanted = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in groups)
    words = func.question_search_words(question_search.c.words)
    return found.where(words.op("@@")(cast(wanted, TSQUERY)))


def _fts5(word: Word) -> str:
    return f'"{" ".join(word.tokens)}"' + ("*" if word.open else "")


def _tsquery(word: Word) -> str:
    """A phrase; the tokens are letters and digits, so nothing in them needs an escape."""
    phrase = " <-> ".join(f"'{token}'" for token in word.tokens) + (":*" if word.open else "")
    return f"({phrase})"
