"""What an exam's delivery promises, written a second time: slowly, in plain Python.

Nothing of the product is used here. Times are whole milliseconds since the sittings opened.
Every act is a method: it raises Refused before it has changed anything, or changes this model
as the product has to change its rows. `test_delivery_machine` does the same acts to both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
GRACE = 10 * SECOND
SWEPT_AFTER = 60 * SECOND
LONGEST_PAUSE = 12 * HOUR
OPEN = ("in_progress", "paused")

Item = tuple[int, int, object]
"""What a page sends: position, seq, answer."""


class Refused(Exception):
    """The act is not allowed; `code` is the product's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Place:
    """A registration in a sitting.

    closes, limit, wait, late, breaks: milliseconds. late: how far this person may work beyond
    the window's end. sections, points, right: of every position.
    """

    closes: int
    limit: int
    attempts: int
    wait: int
    papers: int
    factor: float
    late: int
    breaks: int
    sections: Mapping[int, int]
    points: Mapping[int, int]
    right: Mapping[int, object]

    @property
    def last_section(self) -> int:
        return max(self.sections.values())


@dataclass
class Row:
    """A stored save."""

    position: int
    answer: object
    state: str
    at: int
    decided: bool = False


@dataclass
class Answered:
    """What a batch of saves is answered with. receipts: (seq, row) in the order of seq."""

    receipts: list[tuple[int, Row]]
    remaining: int
    writing: bool
    state: str
    section: int
    notices: list[str]


@dataclass
class Life:
    """One attempt."""

    place: Place
    started: int
    address: str = ""
    browser: str = ""
    state: str = "in_progress"
    epoch: int = 0
    section: int = 1
    pause: tuple[str, int, int] | None = None
    stood_still: list[tuple[int, int]] = field(default_factory=list)
    granted: int = 0
    granted_beyond: int = 0
    break_used: int = 0
    closed: int | None = None
    ended_with: int | None = None
    score: int | None = None
    events: list[tuple[int, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: dict[tuple[int, int], Row] = field(default_factory=dict)
    current: dict[int, tuple[int, int, object]] = field(default_factory=dict)

    # ---------------------------------------------------------------------------- time

    @property
    def allowed(self) -> int:
        """Working time altogether."""
        return int(self.place.limit * self.place.factor) + self.granted

    @property
    def deadline(self) -> int:
        """The moment at which the working time is used up, or the window's end for this person."""
        if self.ended_with is not None:
            return self.ended_with
        still = sum((until - since) // SECOND * SECOND for since, until in self.stood_still)
        if self.pause:
            still += self.pause[2] - self.pause[1]
        extra = int(self.place.limit * self.place.factor) - self.place.limit + self.place.late
        window = self.place.closes + extra + self.granted_beyond
        return min(self.started + self.allowed, window) + still

    def worked(self, now: int) -> int:
        """How long the clock has run: the time since the start without real pauses."""
        still = sum(until - since for since, until in self.stood_still)
        if self.pause:
            still += min(now, self.pause[2]) - self.pause[1]
        return now - self.started - still

    def is_over(self, now: int) -> bool:
        return now > self.deadline + GRACE

    def pause_on(self, now: int) -> tuple[str, int, int] | None:
        return self.pause if self.pause and now < self.pause[2] else None

    def state_at(self, now: int) -> str:
        """The state once a pause that has ended by itself has been seen."""
        return "in_progress" if self.pause and not self.pause_on(now) else self.state

    def _settle(self, now: int) -> None:
        if self.pause and not self.pause_on(now):
            self._end_pause(self.pause[2])

    def _end_pause(self, at: int) -> None:
        kind, since, _ = self.pause
        if kind == "break":
            self.break_used += (at - since) // SECOND * SECOND
        self.stood_still.append((since, at))
        self.pause, self.state = None, "in_progress"
        self._note(at, "resume")

    def _note(self, at: int, kind: str) -> None:
        self.events.append((at, kind))
        if kind in ("message", "time_added", "pause", "resume"):
            self.notices.append(kind)

    def _close(self, state: str, kind: str, *, at: int, now: int) -> None:
        self.ended_with = self.deadline
        self.pause, self.state, self.closed = None, state, at
        self._note(now, kind)

    def _must_be_open(self, now: int, code: str = "move-refused") -> None:
        if self.state not in OPEN or self.is_over(now):
            raise Refused(code)

    # ----------------------------------------------------------------------- candidate

    def claim(self, now: int, *, address: str, browser: str) -> int:
        self._must_be_open(now)
        if self.pause_on(now):
            raise Refused("attempt-paused")
        self._settle(now)
        if self.epoch and browser != self.browser:
            self._note(now, "second_device")
        if self.epoch and address != self.address:
            self._note(now, "address_changed")
        self.address, self.browser = address, browser
        self.epoch += 1
        self._note(now, "tab_claimed")
        return self.epoch

    def save(
        self,
        now: int,
        *,
        epoch: int,
        items: Sequence[Item],
        signals: int,
        address: str,
        seen: int,
    ) -> Answered:
        """seen: how many notices the page has had."""
        if any(self.place.sections[position] > self.section for position, _, _ in items):
            raise Refused("invalid-answer")
        self._settle(now)
        in_time = self.state in OPEN and now <= self.deadline + GRACE
        if self.pause and now > self.pause[1] + GRACE:
            in_time = False
        for position, seq, answer in items:
            if (epoch, seq) in self.rows:
                continue
            left = self.place.sections[position] < self.section
            state = "accepted" if epoch == self.epoch else "superseded"
            self.rows[epoch, seq] = Row(position, answer, state, now)
            if left or not in_time:
                self.rows[epoch, seq].state = "held"
            elif state == "accepted":
                self._count(epoch, seq)
        self.events += [(now, "window_left")] * signals
        if self.state in OPEN and epoch == self.epoch and address != self.address:
            self._note(now, "address_changed")
            self.address = address
        over = self.state in OPEN and self.is_over(now)
        runs_from = self.pause[2] if self.pause else now
        return Answered(
            receipts=[(seq, self.rows[epoch, seq]) for seq in sorted({item[1] for item in items})],
            remaining=max(self.deadline - runs_from, 0),
            writing=epoch == self.epoch,
            state="expired" if over else self.state,
            section=self.section,
            notices=self.notices[seen:],
        )

    def _count(self, epoch: int, seq: int) -> None:
        """The newest write counts, whenever it came."""
        row = self.rows[epoch, seq]
        if self.current.get(row.position, (0, 0))[:2] < (epoch, seq):
            self.current[row.position] = (epoch, seq, row.answer)

    def close_section(self, now: int, *, section: int, epoch: int) -> None:
        self._must_be_open(now)
        if self.state_at(now) != "in_progress":
            raise Refused("move-refused")
        again = section == self.section - 1
        allowed = section == self.section < self.place.last_section and epoch == self.epoch
        if not again and not allowed:
            raise Refused("move-refused")
        self._settle(now)
        if not again:
            self.section += 1
            self._note(now, "section_closed")

    def take_break(self, now: int) -> None:
        if now >= self.deadline:
            raise Refused("move-refused")
        over_by_itself = self.pause and not self.pause_on(now) and self.pause[0] == "break"
        left = 0 if over_by_itself else self.place.breaks - self.break_used
        if left <= 0:
            raise Refused("no-break-left")
        if self.state_at(now) != "in_progress":
            raise Refused("move-refused")
        self._settle(now)
        self.pause, self.state = ("break", now, now + left), "paused"
        self._note(now, "pause")

    def end_break(self, now: int) -> None:
        on = self.pause_on(now)
        if on and on[0] == "proctor":
            raise Refused("attempt-paused")
        self._settle(now)
        if on:
            self._end_pause(now)

    def submit(self, now: int) -> None:
        if self.state not in OPEN:
            return
        if self.is_over(now):
            self.expire(now)
            return
        self._settle(now)
        self._close("submitted", "submit", at=now, now=now)

    # ------------------------------------------------------------- proctor, sweep, grading

    def say(self, now: int) -> None:
        self._must_be_open(now, "nobody-affected")
        self._settle(now)
        self._note(now, "message")

    def add_minutes(self, now: int, *, minutes: int, beyond: bool) -> None:
        self._must_be_open(now, "nobody-affected")
        self._settle(now)
        self._note(now, "time_added")
        self.granted += minutes * MINUTE
        self.granted_beyond += minutes * MINUTE if beyond else 0

    def proctor_pause(self, now: int) -> None:
        self._must_be_open(now, "nobody-affected")
        if self.state_at(now) != "in_progress" or now >= self.deadline:
            raise Refused("nobody-affected")
        self._settle(now)
        self.pause, self.state = ("proctor", now, now + LONGEST_PAUSE), "paused"
        self._note(now, "pause")

    def proctor_resume(self, now: int) -> None:
        self._must_be_open(now, "nobody-affected")
        on = self.pause_on(now)
        if not on or on[0] != "proctor":
            raise Refused("nobody-affected")
        self._end_pause(now)

    def force_submit(self, now: int) -> None:
        self._must_be_open(now, "nobody-affected")
        self._settle(now)
        self._note(now, "force_submit")
        self._close("submitted", "submit", at=now, now=now)

    def void(self, now: int) -> None:
        if self.state == "voided":
            raise Refused("nobody-affected")
        self._close("voided", "void", at=now if self.closed is None else self.closed, now=now)

    def expire(self, now: int) -> None:
        """Close what is over, as of its deadline."""
        self._settle(now)
        self._close("expired", "expire", at=self.deadline, now=now)

    def grade(self, now: int) -> None:
        if self.state not in ("submitted", "expired"):
            return
        self.score = self.worth
        self.state = "released"
        self.events += [(now, "score"), (now, "release")]

    @property
    def held(self) -> list[tuple[int, int]]:
        """Saves that wait for a decision."""
        return [key for key, row in self.rows.items() if row.state == "held" and not row.decided]

    def decide(self, now: int, *, keys: Sequence[tuple[int, int]], accepted: bool) -> None:
        self.events.append((now, "held_saves_decided"))
        for key in keys:
            self.rows[key].decided = True
            if accepted:
                self._count(*key)
        if accepted and self.state == "released":
            self.events.append((now, "rescored"))
            self.score = self.worth

    @property
    def worth(self) -> int:
        """Points of the answers that count."""
        return sum(
            self.place.points[position]
            for position, (_, _, answer) in self.current.items()
            if answer == self.place.right[position]
        )


@dataclass
class World:
    """One person with places in two sittings, and every attempt they have made."""

    places: list[Place]
    pass_mark: int = 60
    lives: list[Life] = field(default_factory=list)

    def start(self, now: int, *, number: int) -> Life:
        """The attempt that a start leads to: the open one, or a new one."""
        place, over = self.places[number], None
        for life in self.lives:
            if life.state in OPEN:
                if life.is_over(now):
                    over = life
                elif life.place is place:
                    return life
                else:
                    raise Refused("other-exam-open")
        if now >= place.closes:
            raise Refused("sitting-closed")
        here = [life for life in self.lives if life.place is place]
        counted = [life for life in here if life.state != "voided"]
        passed = any(life.score is not None and life.score >= self.pass_mark for life in counted)
        if passed or len(counted) >= place.attempts:
            raise Refused("no-attempt-left")
        ends = [life.deadline if life is over else life.closed for life in counted]
        if ends and now < max(ends) + place.wait:
            raise Refused("too-soon")
        if len(here) >= place.papers:
            raise Refused("no-attempt-left")
        if over:
            over.expire(now)
        started = Life(place, now)
        started.events.append((now, "start"))
        self.lives.append(started)
        return started

    def due(self, now: int) -> list[Life]:
        """What a sweep closes, in its order."""
        found = [
            life for life in self.lives if life.state in OPEN and now >= life.deadline + SWEPT_AFTER
        ]
        return sorted(found, key=lambda life: life.deadline)
