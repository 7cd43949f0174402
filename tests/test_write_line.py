"""The line of SQLite's writers: one at a time, and a dead one stops nobody."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from sqlalchemy import create_engine

from app.write_line import WriteLine, turn_to_write

HOLD = """
import sys
from app.write_line import WriteLine
with WriteLine(sys.argv[1]).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "database-line")


@pytest.fixture
def holder(path):
    """Another process whose turn it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"mine\n"
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        pipe.close()


def waiting(line):
    """A thread that wants its turn, and an event that tells when it has it."""
    has_it = threading.Event()

    def run():
        with line.turn():
            has_it.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, has_it


def test_a_thread_waits_until_the_one_before_it_is_done(path):
    line = WriteLine(path)

    with line.turn():
        thread, has_it = waiting(line)
        was_early = has_it.wait(0.2)
    thread.join(5)

    assert (was_early, has_it.is_set()) == (False, True)


def test_a_process_waits_for_another_one(path, holder):
    thread, has_it = waiting(WriteLine(path))
    was_early = has_it.wait(0.2)

    holder.stdin.close()
    thread.join(5)

    assert (was_early, has_it.is_set()) == (False, True)


def test_a_killed_process_gives_its_turn_back(path, holder):
    thread, has_it = waiting(WriteLine(path))
    was_early = has_it.wait(0.2)

    holder.kill()
    thread.join(5)

    assert (was_early, has_it.is_set()) == (False, True)


def test_an_error_ends_the_turn(path):
    line = WriteLine(path)

    with pytest.raises(ValueError, match="no"), line.turn():
        raise ValueError("no")

    thread, has_it = waiting(line)
    thread.join(5)
    assert has_it.is_set()


def test_each_sqlite_file_has_one_line_and_postgresql_none(tmp_path):
    with turn_to_write(create_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")):
        with turn_to_write(create_engine(f"sqlite:///{tmp_path / 'b.sqlite3'}")):
            pass
        with turn_to_write(create_engine("postgresql+psycopg://localhost/a")):
            pass
        with turn_to_write(create_engine("sqlite:///:memory:")):
            pass

    assert {file.name for file in tmp_path.iterdir()} == {"a.sqlite3-line", "b.sqlite3-line"}
