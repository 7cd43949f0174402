"""Saves at saturation: how many a second the server takes when candidates never pause.

A real server (`flask serve`: two processes of two threads) on an empty database; every candidate
has one connection and sends the next save as soon as the receipt of the one before is there. At
the end every receipt is looked up in the database. Loopback only; it stops by itself.

    python -m benchmarks.delivery [--candidates 8] [--seconds 20] [--database sqlite postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Iterable

from benchmarks.candidate import Candidate, go
from benchmarks.databases import KINDS
from benchmarks.promises import broken
from benchmarks.roundtrips import Counts, count_statements
from benchmarks.server import PASSWORD, Installation, Server, installation, serving
from benchmarks.tally import Tally, table

STEPS = ("log-in", "start", "exam page", "claim", "save", "submit")


def main() -> None:
    """Run on every database, and print the rate and one table each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--candidates", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--serve", default="", help='options of `flask serve`: "--workers 2"')
    given = parser.parse_args()
    for kind in given.database:
        with installation(kind, candidates=given.candidates + 1) as made:
            with serving(made, options=given.serve.split()) as server:
                lines, tally = asyncio.run(_run(made, server, seconds=given.seconds))
            _print(f"{kind}, {given.candidates} candidates", lines, tally, count_statements(made))


async def _run(made: Installation, server: Server, *, seconds: float) -> tuple[list[str], Tally]:
    tally, imports = Tally(), {}
    candidates = [
        Candidate(
            server.port,
            username,
            PASSWORD,
            made.sitting_id,
            tally=tally,
            imports=imports,
            draw=random.Random(username),
        )
        for username in made.usernames[:-1]
    ]
    ready = await _all(go(one, one.log_in, one.start) for one in candidates)
    before, client_before = server.cpu_seconds(), time.process_time()
    until = asyncio.get_running_loop().time() + seconds
    saved = await _all(go(one, lambda one=one: _save_until(one, until)) for one in candidates)
    after, client_after = server.cpu_seconds(), time.process_time()
    submitted = await _all(go(one, one.submit) for one in candidates)
    receipts = [place for one in candidates for place in one.receipts]
    rate = len(tally.milliseconds["save"]) / seconds
    return [
        f"{rate:.0f} saves/s over {seconds:.0f} s, {sum(tally.errors.values())} errors,"
        f" {len(receipts)} receipts of which {len(broken(made, receipts))} lost"
        f" (ready {ready}, saved {saved}, handed in {submitted} of {len(candidates)})",
        f"CPU seconds while saving: server {after[0] - before[0]:.1f},"
        f" PostgreSQL {after[1] - before[1]:.1f}, client {client_after - client_before:.1f}",
    ], tally


async def _all(stories: Iterable[Awaitable[bool]]) -> int:
    """How many of the stories ended well."""
    return sum(await asyncio.gather(*stories))


async def _save_until(candidate: Candidate, until: float) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        await candidate.save()


def _print(name: str, lines: list[str], tally: Tally, counts: Counts) -> None:
    print(f"\n{name}:", *lines, sep="\n")
    print(table(tally, STEPS, counts=counts))
    for text, number in tally.errors.most_common():
        print(f"- {number} × {text}")


if __name__ == "__main__":
    main()
