"""Two processes of two threads that write all the time: SQLite's own waiting, and our line.

python -m benchmarks.write_line --seconds 8
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from app.write_line import WriteLine
from benchmarks.tally import percentile

PROCESSES = THREADS = 2
SAVE, GRADE = 0.001, 0.006
"""Seconds of work inside a transaction: of a save, and of a grading, which is every third."""
PAUSE = 0.004
"""Seconds between two transactions of a thread, on average."""


def main() -> None:
    """Print how long a transaction takes from wanting to write to having written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    seconds = parser.parse_args().seconds
    print("| waiting | transactions | p50 ms | p95 ms | p99 ms | max ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, in_line in (("SQLite's own", False), ("in line", True)):
        times = sorted(_run(in_line, seconds))
        shown = [percentile(times, share) for share in (50, 95, 99)]
        cells = " | ".join(f"{value:.1f}" for value in [*shown, times[-1]])
        print(f"| {name} | {len(times)} | {cells} |")


def _run(in_line: bool, seconds: float) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "database")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rows (content)")
        connection.close()
        with ProcessPoolExecutor(PROCESSES) as pool:
            jobs = [pool.submit(_process, path, in_line, seconds) for _ in range(PROCESSES)]
            return [each for job in jobs for each in job.result()]


def _process(path: str, in_line: bool, seconds: float) -> list[float]:
    line = WriteLine(f"{path}-line") if in_line else None
    times: list[float] = []
    threads = [
        threading.Thread(target=_write, args=(path, line, seconds, times)) for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _write(path: str, line: WriteLine | None, seconds: float, times: list[float]) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA synchronous = FULL")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        turn: AbstractContextManager[None] = line.turn() if line else nullcontext()
        with turn:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO rows VALUES (?)", ("x" * 300,))
            time.sleep(GRADE if random.random() < 1 / 3 else SAVE)
            connection.execute("COMMIT")
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(random.expovariate(1 / PAUSE))
    connection.close()


if __name__ == "__main__":
    main()
