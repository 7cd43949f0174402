"""How each type of question lies in the columns of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.questions.kinds import QuestionType
from app.domain.text import Language
from app.loader.exchange import sheet_choices, sheet_gaps, sheet_pairs, sheet_written
from app.loader.exchange.sheet_rows import Cells, Raw, Row


@dataclass(frozen=True, slots=True)
class SheetBody:
    """read: the type's own fields, from its row and the rows of its parts. write: its cells, and
    the cells of its parts, in the words of a language.
    """

    read: Callable[[Row, Sequence[Row]], Raw]
    write: Callable[[Mapping[str, Any], Language], tuple[Cells, list[Cells]]]


_CHOICE = SheetBody(sheet_choices.read_choice, sheet_choices.write_choice)

SHEET_BODIES: Mapping[QuestionType, SheetBody] = {
    QuestionType.SINGLE: _CHOICE,
    QuestionType.MULTIPLE: _CHOICE,
    QuestionType.TRUE_FALSE: SheetBody(
        sheet_choices.read_true_false, sheet_choices.write_true_false
    ),
    QuestionType.FILL_IN: SheetBody(sheet_gaps.read_fill_in, sheet_gaps.write_fill_in),
    QuestionType.NUMERIC: SheetBody(sheet_gaps.read_numeric, sheet_gaps.write_numeric),
    QuestionType.MATCHING: SheetBody(sheet_pairs.read_matching, sheet_pairs.write_matching),
    QuestionType.ORDERING: SheetBody(sheet_pairs.read_ordering, sheet_pairs.write_ordering),
    QuestionType.SHORT_ANSWER: SheetBody(
        sheet_written.read_short_answer, sheet_written.write_short_answer
    ),
    QuestionType.CASE: SheetBody(sheet_written.read_case, sheet_written.write_case),
}
