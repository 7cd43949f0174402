"""What a dossier says beside the rows: what is derived from them, by the rules of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.dossiers.evidence import read_evidence
from app.domain.dossiers.scores import counting_answers
from app.domain.dossiers.timeline import timeline
from app.domain.events import SIGNALS, Event


def derived(rows: Mapping[str, Any]) -> dict[str, Any]:
    """answers, time and signals of a dossier that has everything else."""
    evidence = read_evidence(rows)
    return {
        "answers": counting_answers(evidence),
        "time": [change.dump() for change in timeline(evidence).changes],
        "signals": {
            "signals": _ids(rows, SIGNALS),
            "statements": _ids(rows, {Event.STATEMENT}),
            "reviews": _ids(rows, {Event.SIGNALS_REVIEWED}),
        },
    }


def _ids(rows: Mapping[str, Any], kinds: Iterable[str]) -> list[int]:
    wanted = set(kinds)
    return [event["id"] for event in rows["events"] if event["kind"] in wanted]
