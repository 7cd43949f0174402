"""Who marks what: nobody their own answers or trainees, nobody one answer twice; evenly."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_


class NotForYou(DomainError):
    """The person may not mark this answer."""

    def __init__(self) -> None:
        super().__init__(
            "not-for-you",
            N_("This answer is not for this person: nobody marks trainees of their own, or one "
               "answer twice."),
            kind=ErrorKind.FORBIDDEN,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A marking that somebody has to do.

    barred: everybody who may not: the candidate, who trained the candidate, and who has marked
    this answer or handed it back.
    """

    id: int
    script_id: int
    barred: frozenset[int]


def may_mark(person: int, *, barred: Collection[int | None]) -> bool:
    """Whether a person may mark an answer from which these are barred."""
    return person not in barred


def distribute(
    work: Sequence[Work], markers: Sequence[int], *, load: Mapping[int, int], seed: int
) -> dict[int, int]:
    """Marking id → who gets it; what nobody may mark is left out.

    load: how many each has already; who has fewest comes first. The order is drawn by `seed`:
    the same work, people and seed give the same distribution. Work that few may do comes first,
    so that evenness never leaves something over that somebody could have done.
    """
    draw = random.Random(seed)
    has = {person: load.get(person, 0) for person in markers}
    lots = {person: draw.random() for person in sorted(markers)}
    scripts: dict[int, set[int]] = {}
    given: dict[int, int] = {}
    ordered = sorted(work, key=lambda one: one.id)
    draw.shuffle(ordered)
    ordered.sort(key=lambda one: sum(may_mark(p, barred=one.barred) for p in markers))
    for one in ordered:
        taken = scripts.setdefault(one.script_id, set())
        able = [p for p in markers if may_mark(p, barred=one.barred) and p not in taken]
        if not able:
            continue
        chosen = min(able, key=lambda person: (has[person], lots[person]))
        given[one.id] = chosen
        taken.add(chosen)
        has[chosen] += 1
    return given


def is_check_due(done: int, *, share: Fraction, seed: str) -> bool:
    """Whether the next answer of somebody who has done `done` is to be a check script.

    One in each block of 1/share, at a place that `seed` draws anew for every block: as many as
    the policy says, and nobody can count off when it comes.
    """
    if not share:
        return False
    block = max(round(1 / share), 1)
    number, place = divmod(done, block)
    return random.Random(f"{seed}:{number}").randrange(block) == place


def sample_bound(share: Fraction) -> int:
    """What `shuffle % SAMPLE_OF` of a script is below when it belongs to the sample."""
    return round(share * SAMPLE_OF)


SAMPLE_OF = 1000
"""Into how many parts scripts are drawn for reading again. The part comes from the drawn number
that also orders them, but says nothing about the order: its last digits, not its first."""
