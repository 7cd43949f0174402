"""The list of the bank: search, filters, hits, and where many are chosen."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.domain.questions.bank_filter import BankFilter, BankSort, StatisticsFilter
from app.domain.questions.kinds import Level, Pool, QuestionState, QuestionType
from app.domain.questions.search_hits import Piece, pieces
from app.domain.questions.search_words import Sought, query_tokens
from app.domain.statistics.items import Flag
from app.domain.text import Language
from app.queries.bank import BankRow, bank, bank_authors, bank_lessons
from app.queries.bulk_changes import MadeChange, bulk_changes
from app.queries.saved_filters import saved_filters
from app.services.bulk_changes import MOST_QUESTIONS
from app.web.access import me, requires
from app.web.bank.chips import chips
from app.web.bank.rows import seen_stems
from app.web.clock import zone
from app.web.languages import language

LONGEST_STEM = 110
"""Characters of a stem in the list."""
_MORE = (
    "point",
    "level",
    "difficulty",
    "live",
    "author",
    "used",
    "papers_least",
    "papers_most",
    "attempts_least",
    "attempts_most",
    "last_papers",
    "flag",
    "changed_since",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its stem in the reader's language, and in the other one where the hit is there.

    elsewhere: the hit is in the options, the explanation or another part.
    """

    row: BankRow
    stem: tuple[Piece, ...]
    other: tuple[Piece, ...] = ()
    elsewhere: bool = False


@requires(Permission.SEE_QUESTIONS)
def index() -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    return list_page()


def list_page(*, problem: str | None = None, name: str = "") -> str:
    """The list that the address asks for. problem, name: of a filter that could not be kept."""
    filters = BankFilter.read(request.args)
    page = bank(filters, page=request.args.get("page", 1, type=int), zone=zone())
    seen_stems([(row.id, row.pool) for row in page.rows], where="list")
    lessons, authors = bank_lessons(), bank_authors()
    sought = query_tokens(filters.search)
    return render_template(
        "bank/index.html",
        page=page,
        lines=[_line(row, sought) for row in page.rows],
        first=(page.number - 1) * page.size,
        filters=filters,
        kept=filters.dump(),
        chips=chips(filters, lessons=lessons, authors=authors),
        has_more=any(getattr(filters, name) not in ("", None) for name in _MORE),
        lessons=lessons,
        authors=authors,
        types=list(QuestionType),
        levels=list(Level),
        pools=list(Pool),
        states=list(QuestionState),
        sorts=list(BankSort),
        flags=[*StatisticsFilter, *Flag],
        saved=saved_filters(user_id=me().user_id),
        changed=_changed(),
        may_change=Permission.EDIT_QUESTIONS in me().permissions,
        most_chosen=MOST_QUESTIONS,
        problem=problem,
        filter_name=name,
    )


def _line(row: BankRow, sought: Sought) -> Line:
    mine, theirs = row.stem_zh, row.stem_en
    if language() == Language.EN:
        mine, theirs = theirs, mine
    stem = pieces(mine, sought, most=LONGEST_STEM)
    if not sought.words or any(piece.is_hit for piece in stem):
        return Line(row, stem)
    other = pieces(theirs, sought, most=LONGEST_STEM)
    if any(piece.is_hit for piece in other):
        return Line(row, stem, other)
    return Line(row, stem, elsewhere=True)


def _changed() -> MadeChange | None:
    """The change that was just made, for the notice with its undo."""
    number = request.args.get("changed", type=int)
    if number is None:
        return None
    made = bulk_changes(user_id=me().user_id, most=1)
    return next((change for change in made if change.id == number), None)
