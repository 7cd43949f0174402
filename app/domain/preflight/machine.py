"""Whether the machine is ready: clock, worker, disk, mail, and what the database promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.preflight.checks import Check, Subject, go, no_go, warn
from app.domain.text import N_, Said

WORKER = "worker"
"""The name under which the worker notes its signs of life."""

SILENT_AFTER = timedelta(minutes=3)
"""The worker notes one every minute."""

CLOCK_WARN, CLOCK_NO_GO = timedelta(seconds=1), timedelta(seconds=5)
"""How far two clocks may be apart."""

GIB = 1024**3
RESERVE = GIB
"""Bytes that stay free whatever the exam takes."""

SAVES_PER_QUESTION, BYTES_PER_SAVE = 20, 600
SAVES_PER_TEXT, BYTES_PER_TEXT = 300, 2500
"""A text is saved while it is typed, and every save holds the whole of it."""
BYTES_PER_CANDIDATE = 100_000
"""Attempt, layout, events, marks, log-ins."""
COPIES = 2
"""What is written stands in the write-ahead log as well, until that is emptied."""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """offset: the database's clock minus this server's, None where there is one clock alone.

    newest: the latest moment that the database has on record. synchronised: None where the
    system does not tell.
    """

    offset: timedelta | None
    newest: datetime | None
    synchronised: bool | None


def clock(facts: ClockFacts, *, now: datetime) -> list[Check]:
    """Whether there is one time, and it runs forward."""
    return [
        *([] if facts.offset is None else [_offset(facts.offset)]),
        _newest(facts.newest, now=now),
        _synchronised(facts.synchronised),
    ]


def worker(beat_at: datetime | None, *, now: datetime) -> Check:
    """Whether somebody closes and grades attempts while nobody looks."""
    if beat_at is None:
        return no_go(
            Subject.WORKER,
            N_("The worker has never run. Start the server with its worker, or flask worker."),
        )
    age = now - beat_at
    if age > SILENT_AFTER or age < -CLOCK_NO_GO:
        return no_go(
            Subject.WORKER,
            N_("The worker is silent: its last sign of life is of %(at)s."),
            at=beat_at,
        )
    return go(
        Subject.WORKER,
        N_("The worker is alive: its last sign of life is %(seconds)s s old."),
        seconds=max(0, int(age.total_seconds())),
    )


def bytes_needed(*, candidates: int, questions: int, texts: int) -> int:
    """What an exam may write: questions that a rule scores, and texts that people mark."""
    per_candidate = (
        BYTES_PER_CANDIDATE
        + questions * SAVES_PER_QUESTION * BYTES_PER_SAVE
        + texts * SAVES_PER_TEXT * BYTES_PER_TEXT
    )
    return candidates * per_candidate * COPIES + RESERVE


def disk(name: str, free: int | None, *, need: int) -> Check:
    """Whether the exam fits. name: what lies there. free: bytes, None where it cannot be told."""
    needed = f"{need / GIB:.1f}"
    if free is None:
        return warn(
            Subject.DISK,
            N_(
                "%(name)s: how much is free cannot be told from here. The exam may need"
                " %(need)s GiB; look there."
            ),
            name=Said(name),
            need=needed,
        )
    verdict = no_go if free < need else go
    return verdict(
        Subject.DISK,
        N_("%(name)s: %(free)s GiB are free, the exam may need %(need)s GiB."),
        name=Said(name),
        free=f"{free / GIB:.1f}",
        need=needed,
    )


def mail(problem: str | None, *, given_up: int, waiting: int) -> list[Check]:
    """Whether mails go out. problem: why not, None where they do. waiting: overdue ones."""
    if problem is not None:
        first = no_go(Subject.MAIL, N_("Mails do not go out: %(problem)s"), problem=problem)
    else:
        first = go(Subject.MAIL, N_("Mails go out."))
    checks = [first]
    if given_up:
        checks.append(warn(Subject.MAIL, N_("Mails that were given up: %(count)s"), count=given_up))
    if waiting:
        checks.append(warn(Subject.MAIL, N_("Mails that wait too long: %(count)s"), count=waiting))
    return checks


SAFE_SETTINGS: dict[str, dict[str, frozenset[str]]] = {
    "sqlite": {
        "journal_mode": frozenset({"wal"}),
        "synchronous": frozenset({"2", "3"}),  # FULL, EXTRA
    },
    "postgresql": {
        "fsync": frozenset({"on"}),
        "synchronous_commit": frozenset({"on", "remote_apply", "remote_write", "local"}),
        "full_page_writes": frozenset({"on"}),
    },
}
"""Per kind of database: the values under which a commit that was answered is on the disk."""


def database(kind: str, found: Mapping[str, str], *, is_migrated: bool) -> list[Check]:
    """Whether a receipt's answer survives a power cut. found: setting → value."""
    wrong = [
        no_go(
            Subject.DATABASE,
            N_(
                "The database setting %(setting)s is %(value)s. An answer with a receipt could"
                " be lost in a power cut."
            ),
            setting=setting,
            value=found.get(setting, "?"),
        )
        for setting, safe in SAFE_SETTINGS[kind].items()
        if found.get(setting) not in safe
    ]
    if not is_migrated:
        wrong.append(
            no_go(
                Subject.DATABASE,
                N_("The tables are not those of this release. Run flask setup."),
            )
        )
    if wrong:
        return wrong
    settings = ", ".join(f"{setting} = {found[setting]}" for setting in SAFE_SETTINGS[kind])
    return [
        go(
            Subject.DATABASE,
            N_("Every commit is on the disk before it is answered (%(settings)s)."),
            settings=settings,
        )
    ]


def _offset(offset: timedelta) -> Check:
    apart = abs(offset)
    verdict = no_go if apart > CLOCK_NO_GO else warn if apart > CLOCK_WARN else go
    return verdict(
        Subject.CLOCK,
        N_("This server's clock and the database's are %(seconds)s s apart."),
        seconds=f"{apart.total_seconds():.1f}",
    )


def _newest(newest: datetime | None, *, now: datetime) -> Check:
    if newest is not None and newest - now > CLOCK_NO_GO:
        return no_go(
            Subject.CLOCK,
            N_("The newest entry is dated %(at)s, in the future: the clock was set back."),
            at=newest,
        )
    return go(Subject.CLOCK, N_("Nothing on record lies in the future."))


def _synchronised(synchronised: bool | None) -> Check:
    if synchronised is None:
        return warn(
            Subject.CLOCK,
            N_("Whether this server's clock is synchronised cannot be told. Compare it by eye."),
        )
    if not synchronised:  # no reason to stop: one clock decides, and every exam runs by it
        return warn(
            Subject.CLOCK,
            N_(
                "This server's clock is not synchronised with a time server. Compare it with the"
                " clock of the room."
            ),
        )
    return go(Subject.CLOCK, N_("This server's clock is synchronised."))
