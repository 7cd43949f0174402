"""The pages of `test_delivery_machine`: tabs with what they have not sent, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st

from app.services.saves import Saved
from tests.services.delivery_hall import CHOICES
from tests.services.delivery_model import GRACE, MINUTE, SECOND, Item

yes_no = st.booleans()
rarely = st.sampled_from([False, False, False, True])
places = st.sampled_from([0, 0, 0, 1, 2, 3])
"""Where a page opens: the same address and browser, another address, browser, or both."""
tabs = st.sampled_from([0, 0, 0, 1, 1, 2])
"""Which of the last three tabs: mostly the one that writes."""
deaths = st.sampled_from([*[None] * 14, "answer", "answer", "commit", 1, 2, 3, 4, 6])
"""Where the server dies: nowhere, after the commit, at the commit, or at the nth statement."""


@dataclass
class Turn:
    """What a page does in one moment, and how long before it nothing happens.

    doctored: how it is not the page that was given out. late: also when all is over.
    """

    waits: int
    tab: int
    writes: list[tuple[int, int]]
    sends: str
    again: int
    doctored: str | None
    signals: int
    moves_to: str | None
    late: bool
    dies: str | int | None


@dataclass
class Tab:
    """A page in some browser: what it was given, and what it has not yet heard to be stored.

    seen: how many notices it has had.
    """

    life: int
    epoch: int
    token: str
    address: str
    section: int
    seen: int
    seen_id: int
    seq: int = 0
    queue: list[Item] = field(default_factory=list)
    sent: list[Item] = field(default_factory=list)

    def write(self, position: int, answer: object) -> None:
        self.seq += 1
        self.queue.append((position, self.seq, answer))

    def fill_in(self, turn: Turn, sections: Mapping[int, int]) -> None:
        """What the candidate writes; the page does not show what lies ahead."""
        for position, choice in turn.writes:
            if sections[position] > self.section and turn.doctored != "section":
                position -= 2
            self.write(position, CHOICES[position][choice])

    def batch(self, turn: Turn) -> list[Item]:
        """What it sends: some of what is not known to be stored, and old things again."""
        fresh = {
            "all": self.queue,
            "reversed": self.queue[::-1],
            "last": self.queue[-1:],
            "first": self.queue[:1],
        }[turn.sends]
        again = self.sent[-turn.again :] if turn.again else []
        if turn.doctored == "answer":
            again = [(position, seq, CHOICES[position][3]) for position, seq, _ in again]
        return [*fresh, *again]

    def hear(self, saved: Saved) -> None:
        """What the page does with the answer to a batch."""
        stored = {given.seq for given in saved.receipts}
        self.sent += [item for item in self.queue if item[1] in stored]
        self.queue = [item for item in self.queue if item[1] not in stored]
        self.section = saved.section
        self.seen += len(saved.notices)
        self.seen_id = saved.notices[-1].id if saved.notices else self.seen_id


turns = st.builds(
    Turn,
    waits=st.sampled_from([*[0] * 6, 999, 5 * SECOND, GRACE + 1, 30_500, MINUTE]),
    tab=tabs,
    writes=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=4),
    sends=st.sampled_from([*["all"] * 4, "reversed", "last", "first", "nothing"]),
    again=st.integers(0, 2),
    doctored=st.sampled_from([*[None] * 16, "token", "epoch", "answer", "section"]),
    signals=st.sampled_from([0, 0, 0, 1]),
    moves_to=st.sampled_from([*[None] * 6, "10.0.0.7", "10.0.0.1"]),
    late=rarely,
    dies=deaths,
)
then = st.lists(turns, max_size=2)
