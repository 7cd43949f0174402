"""Nine o'clock: everybody starts within a minute, saves every 15 s and hands in.

A real server (`flask serve`: two processes of two threads) on an empty database; one client
process in which every candidate has a connection, cookies and a clock of their own. Before nine
they log in and wait at the rules; the sitting opens at nine; within `--rush` seconds each
reloads the rules, starts, loads the exam page with all its files, claims it, and from then on
saves one answer every 15 s with the page's heartbeats between. In the last 30 s all hand in. At
the end every receipt is looked up in the database. Loopback only; it stops by itself.

    python -m benchmarks.nine_oclock --candidates 500 1000 2000 --database sqlite postgresql
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.candidate import Candidate, go
from benchmarks.databases import KINDS
from benchmarks.promises import broken
from benchmarks.roundtrips import count_statements
from benchmarks.server import PASSWORD, Installation, Server, installation, move_opening, serving
from benchmarks.tally import Tally, percentile, table

STEPS = (
    "log-in page", "log-in", "rules", "register", "start", "exam page", "static file", "claim",
    "start to writing", "save", "heartbeat", "submit", "result",
)  # fmt: skip
SUBMIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """The timetable in seconds: waiting room before nine, rush after it, and all of the exam."""

    ramp: float
    rush: float
    duration: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to. late: how late the client's own clock woke it, sorted, in ms."""

    tally: Tally
    finished: int
    receipts: int
    lost: int
    connections: int
    seconds: float
    cpu: tuple[float, float, float]
    late: list[float]


def main() -> None:
    """Run every size on every database."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--candidates", type=int, nargs="+", default=[500, 1000, 2000])
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rush", type=float, default=60, help="all start within these seconds")
    parser.add_argument("--duration", type=float, default=150, help="seconds from nine to the end")
    parser.add_argument("--ramp", type=float, default=None, help="seconds of log-ins before nine")
    parser.add_argument("--serve", default="", help='options of `flask serve`: "--workers 2"')
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args()
    for kind in given.database:
        for count in given.candidates:
            ramp = max(20.0, 0.06 * count) if given.ramp is None else given.ramp
            day = Day(ramp, given.rush, given.duration)
            with installation(kind, candidates=count + 1) as made:
                with serving(made, options=given.serve.split()) as server:
                    outcome = asyncio.run(_run(made, server, day, seed=given.seed))
                counts = count_statements(made)
            _print(f"{kind}, {count} candidates {given.serve}", day, outcome, counts)


async def _run(made: Installation, server: Server, day: Day, *, seed: int) -> Outcome:
    loop = asyncio.get_running_loop()
    draw = random.Random(seed)
    tally, imports = Tally(), {}
    candidates = [
        Candidate(
            server.port,
            username,
            PASSWORD,
            made.sitting_id,
            tally=tally,
            imports=imports,
            draw=random.Random(f"{seed}:{username}"),
        )
        for username in made.usernames[:-1]
    ]
    began, nine = loop.time(), loop.time() + day.ramp
    move_opening(made, datetime.now(UTC) + timedelta(seconds=day.ramp))
    end = nine + day.duration
    server_cpu, database_cpu = server.cpu_seconds()
    client_cpu = time.process_time()
    lag = asyncio.create_task(_measure_lag())
    stories = [
        _story(
            candidate,
            arrive_at=began + draw.uniform(0, 0.8 * day.ramp),
            start_at=nine + draw.uniform(0, day.rush),
            submit_at=end - draw.uniform(0, SUBMIT_SECONDS),
        )
        for candidate in candidates
    ]
    finished = sum(await asyncio.gather(*stories))
    lag.cancel()
    after = server.cpu_seconds()
    receipts = [place for candidate in candidates for place in candidate.receipts]
    cpu = (
        after[0] - server_cpu,
        after[1] - database_cpu,
        time.process_time() - client_cpu,
    )
    return Outcome(
        tally=tally,
        finished=finished,
        receipts=len(receipts),
        lost=len(broken(made, receipts)),
        connections=sum(candidate.connections for candidate in candidates),
        seconds=loop.time() - began,
        cpu=cpu,
        late=sorted(_LATE),
    )


_LATE: list[float] = []


async def _measure_lag() -> None:
    """Whether the client itself is in time: else its times would be its own."""
    _LATE.clear()
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + 0.05
        await asyncio.sleep(0.05)
        _LATE.append((loop.time() - due) * 1000)


async def _story(
    candidate: Candidate, *, arrive_at: float, start_at: float, submit_at: float
) -> bool:
    async def until(moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))

    return await go(
        candidate,
        lambda: until(arrive_at),
        candidate.log_in,
        lambda: until(start_at),
        candidate.start,
        lambda: candidate.work(until=submit_at),
        candidate.submit,
    )


def _print(name: str, day: Day, outcome: Outcome, counts: dict[str, tuple[int, int]]) -> None:
    server, database, client = outcome.cpu
    errors = sum(outcome.tally.errors.values())
    saves = len(outcome.tally.milliseconds["save"])
    print(
        f"\n{name}: {outcome.finished} finished, {errors} errors,"
        f" {outcome.receipts} receipts of which {outcome.lost} lost,"
        f" {outcome.connections} connections, {outcome.seconds:.0f} s"
        f" ({saves / day.duration:.1f} saves/s)"
    )
    print(
        f"CPU seconds: server {server:.1f}, PostgreSQL {database:.1f}, client {client:.1f};"
        f" the client woke up {percentile(outcome.late, 50):.1f} ms late (p50),"
        f" {percentile(outcome.late, 99):.1f} ms (p99)"
    )
    print(table(outcome.tally, STEPS, counts=counts))
    for text, number in outcome.tally.errors.most_common():
        print(f"- {number} × {text}")


if __name__ == "__main__":
    main()
