"""Some candidates who save all the time, while something is killed again and again."""

from __future__ import annotations

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.models.results import Result
from tests.chaos.candidates import Candidate
from tests.chaos.ledger import Ledger

CANDIDATES = 4


def entered(house, seed=0):
    """A candidate whose exam is running."""
    candidate = Candidate(house, house.trainee(), seed)
    candidate.begin()
    return candidate


class Story:
    """What became of everybody. broken: receipts that do not hold; outages: cut-off requests."""

    def __init__(self, house, kills, seconds):
        self._house, self._kills, self._seconds = house, kills, seconds
        self._draw = random.Random()
        self._back_after = []

    def tell(self, strike):
        """Kill, check the new receipts, and go on; then hand in, and check all of them.

        strike: kills something at this moment, and returns when it is back.
        """
        self._house.start("--no-worker")
        candidates = [entered(self._house, self._draw.random()) for _ in range(CANDIDATES)]
        ledger = Ledger(self._house, candidates)
        began = time.monotonic()
        for candidate in candidates:
            candidate.start()
        while len(self._back_after) < self._kills and time.monotonic() < began + self._seconds:
            self._wait_until_all_save(candidates)
            time.sleep(self._draw.uniform(0, 0.4))
            self._strike(strike)
            assert ledger.broken_since_last_time() == [], f"after {len(self._back_after)} kills"
        kills, seconds = len(self._back_after), time.monotonic() - began
        self._hand_in(candidates, strike)
        self.broken = ledger.broken()
        self.scores = [self._score(candidate) for candidate in candidates]
        self.outages = sum(candidate.outages for candidate in candidates)
        self._house.stop()
        print(
            f"\n{kills} kills in {seconds:.0f} s: {len(ledger)} receipts,"
            f" {len(self.broken)} of them broken; {self.outages} requests cut off,"
            f" {sum(candidate.resent for candidate in candidates)} batches sent again;"
            f" back after {statistics.median(self._back_after):.1f} s (median)"
        )
        assert kills == self._kills, f"the time was over after {kills} kills"

    def _hand_in(self, candidates, strike):
        """All hand in at once, and one more kill comes in the middle of it."""
        for candidate in candidates:
            candidate.stopping.set()
        for candidate in candidates:
            candidate.join(timeout=60)
            assert not candidate.is_alive()
            assert candidate.problems == []
        with ThreadPoolExecutor(len(candidates)) as pool:
            handing_in = [pool.submit(candidate.hand_in) for candidate in candidates]
            time.sleep(self._draw.uniform(0, 0.2))
            self._strike(strike)
            for one in handing_in:
                one.result(timeout=60)

    def _strike(self, strike):
        at = time.monotonic()
        strike(self._draw)
        self._back_after.append(time.monotonic() - at)

    def _wait_until_all_save(self, candidates):
        """The next kill hits everybody in the middle of saving."""
        known = [len(candidate.promises) for candidate in candidates]
        until = time.monotonic() + 90
        while any(len(c.promises) <= before for c, before in zip(candidates, known, strict=True)):
            assert [problem for c in candidates for problem in c.problems] == []
            assert time.monotonic() < until, (self._house.folder / "server.log").read_text()[-3000:]
            time.sleep(0.01)

    def _score(self, candidate):
        with self._house.database() as session:
            return session.scalar(
                select(Result.score).where(
                    Result.attempt_id == candidate.attempt_id, Result.current
                )
            )
