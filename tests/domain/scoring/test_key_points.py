"""Trying a short answer out: which key points it would hit."""

from __future__ import annotations

import pytest

from app.domain.scoring.key_points import try_out
from tests.factories import content

BODY = content(
    type="short_answer",
    key_points=[
        {"zh": "倾听", "en": "listen", "weight": 2, "synonyms": {"zh": ["听取"], "en": []}},
        {"zh": "确认 CRM", "en": "confirm", "weight": 1},
        {"zh": "回访", "en": "call back", "weight": 1},
    ],
    any_of=2,
    model_answer={"zh": "先倾听，再确认", "en": "Listen, then confirm"},
).body


@pytest.mark.parametrize(
    ("answer", "wordings", "share"),
    [
        ("", [None, None, None], 0),
        ("先倾听客户", ["倾听", None, None], 2 / 3),
        ("听 取意见，然后回访", ["听取", None, "回访"], 1),
        ("在ＣＲＭ里确认", [None, None, None], 0),
        ("确认ｃｒｍ", [None, "确认 CRM", None], 1 / 3),
        ("First LISTEN. Then call-back!", ["listen", None, "call back"], 1),
        ("A glistening thing", [None, None, None], 0),
        ("倾听、确认CRM、回访", ["倾听", "确认 CRM", "回访"], 1),
    ],
)
def test_wordings_are_found_whatever_their_width_case_and_punctuation(answer, wordings, share):
    found = try_out(BODY, answer)

    assert [hit.wording for hit in found.hits] == wordings
    assert found.share == pytest.approx(share)
