"""What was measured, step by step, and the table of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Milliseconds of every request by step; errors: what was not the expected answer."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    def error(self, step: str, what: str) -> None:
        """Count an answer that was not the expected one."""
        self.errors[f"{step}: {what}"] += 1

    def errors_of(self, step: str) -> int:
        """Errors of one step."""
        return sum(count for text, count in self.errors.items() if text.startswith(f"{step}: "))


def percentile(found: Sequence[float], share: float) -> float:
    """The value below which `share` percent lie; found: sorted, at least one."""
    return found[min(len(found) - 1, round(share / 100 * (len(found) - 1)))]


def table(
    tally: Tally, steps: Iterable[str], *, counts: Mapping[str, tuple[int, int]] | None = None
) -> str:
    """One row a step in Markdown. counts: (statements, commits) of one request by step."""
    lines = [
        "| step | requests | errors | p50 ms | p95 ms | p99 ms | max ms | statements | commits |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for step in steps:
        found = sorted(tally.milliseconds.get(step, ()))
        if not found:
            continue
        times = [f"{percentile(found, share):.1f}" for share in (50, 95, 99, 100)]
        statements, commits = map(str, (counts or {}).get(step, ("", "")))
        cells = [step, str(len(found)), str(tally.errors_of(step)), *times, statements, commits]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
