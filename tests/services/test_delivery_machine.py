"""Random exams against the model: nothing with a receipt is lost, nobody gains a minute.

Hypothesis draws stories of one candidate: saves from several tabs, lost answers of the network,
reloads, take-overs, breaks, proctors, sweeps, and a server that dies in the middle of any act.
Every step is done by the services and by `delivery_model`; after every step the rows have to be
what the model says. QIJUE_TEST_EXAMPLES=3000 makes it a long search.
"""

from __future__ import annotations

import itertools
import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, tuple_

from app.db import db
from app.domain.errors import DomainError
from app.domain.receipts import tab_token
from app.jobs.sweeping import sweep_attempts
from app.models.attempts import Save
from app.queries.notices import notices_since
from app.services import attempts, grading, held_saves, proctoring, saves, starting
from app.services.saves import IncomingEvent, IncomingSave
from app.services.trail import Actor
from tests.services import delivery_hall
from tests.services.delivery_hall import Hall, Killed, moment
from tests.services.delivery_model import GRACE, HOUR, MINUTE, OPEN, SECOND, Life, Refused
from tests.services.delivery_pages import Tab, deaths, places, rarely, tabs, then, turns, yes_no
from tests.services.delivery_rows import Rows
from tests.services.scenes import KEY, signer

EXAMPLES = {"sqlite": 30, "postgresql": 10}
STEPS = 30
windows = st.sampled_from([HOUR, 100 * MINUTE, 6 * HOUR, 60 * HOUR])


@pytest.fixture
def hall(app):
    made = delivery_hall.build(app)
    db.session.remove()
    with made.death.listening():
        yield made


def test_random_exams_lose_no_receipt_and_gain_no_minute(hall, db_kind):
    run_state_machine_as_test(
        lambda: Delivery(hall),
        settings=settings(
            max_examples=int(os.environ.get("QIJUE_TEST_EXAMPLES", EXAMPLES[db_kind])),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


class Delivery(RuleBasedStateMachine):
    """One candidate with their tabs, the proctor, the worker and the server's clock."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self.hall = hall
        self.now = 0
        self.world = None
        self.tabs: list[Tab] = []
        self.touched, self.refusal = True, None
        self.rows = Rows()
        self.ids: list[int] = []
        self.forms, self.absences = itertools.count(), itertools.count()
        self.handed_out: dict[tuple[int, int, int], saves.Receipt] = {}
        db.session.remove()
        self.savepoint = db.session.get_bind().begin_nested()

    def teardown(self) -> None:
        """In the end the worker closes and grades everything."""
        try:
            if self.world:
                self.now = max([self.now, *(life.deadline for life in self.world.lives)]) + HOUR
                self.rows = Rows()
                self.sweep(dies=None)
                self.rows_are_what_the_model_says()
                assert not [life for life in self.world.lives if life.state in OPEN]
        finally:
            db.session.remove()
            self.savepoint.rollback()

    # ------------------------------------------------------------------ starting, tabs

    @initialize(
        number=st.integers(0, 1),
        closes=st.tuples(windows, windows),
        factor=st.sampled_from([1.0, 1.25, 2.0]),
        breaks=st.sampled_from([0, 1, 15]),
        late=st.sampled_from([0, 90]),
    )
    def arrive(self, number, closes, factor, breaks, late):
        self.world = self.hall.open(closes=closes, factor=factor, breaks=breaks, late=late)
        self.enter(number, place=0, dies=None)

    @rule(number=st.integers(0, 1), place=places, dies=deaths)
    def enter(self, number, place, dies):
        """Start, or go on with what is open; then the page opens."""
        done = self.do(
            starting.start,
            lambda: self.world.start(self.now, number=number),
            self.hall.registration_ids[number],
            dies=dies,
            user_id=self.hall.user_id,
            seed=self.now + number,
            actor=self.candidate(),
        )
        if done is None:
            return
        attempt_id, life = done
        index = self.world.lives.index(life)
        if index == len(self.ids):
            self.ids.append(attempt_id)
        assert self.ids[index] == attempt_id
        self.open_tab(place, dies=None)

    @rule(place=places, dies=deaths, then=then)
    def open_tab(self, place, dies, then=()):
        """A second tab, or another device: it takes over."""
        self.claim(f"10.0.0.{place % 2}", f"browser {place // 2}", dies=dies)
        self.work(then)

    @precondition(lambda self: self.tabs)
    @rule(number=tabs, kept=yes_no, dies=deaths)
    def reload(self, number, kept, dies):
        """The page again; what it had not yet sent was kept in the browser, or was not."""
        tab = self.tab(number)
        if self.life.state not in OPEN or self.ids[tab.life] != self.ids[-1]:
            self.enter(number % 2, place=0, dies=dies)
            return
        if self.claim(self.life.address, self.life.browser, dies=dies):
            self.tabs = [other for other in self.tabs if other is not tab]
            for position, _, answer in tab.queue if kept else []:
                self.tabs[-1].write(position, answer)

    def claim(self, address, browser, *, dies):
        done = self.do(
            attempts.claim_tab,
            lambda: self.life.claim(self.now, address=address, browser=browser),
            self.ids[-1],
            dies=dies,
            user_id=self.hall.user_id,
            actor=Actor(self.hall.user_id, address, browser),
        )
        if done is None or dies == "answer":
            return False
        epoch, right_epoch = done
        assert epoch == right_epoch
        notices = notices_since(self.ids[-1])
        assert [notice.kind for notice in notices] == self.life.notices[:50]
        token = tab_token(key=KEY, attempt_id=self.ids[-1], user_id=self.hall.user_id, epoch=epoch)
        self.tabs = [
            *self.tabs[-2:],
            Tab(
                life=len(self.ids) - 1,
                epoch=epoch,
                token=token,
                address=address,
                section=self.life.section,
                seen=len(notices),
                seen_id=notices[-1].id if notices else 0,
            ),
        ]
        return True

    # --------------------------------------------------------------------------- saves

    @rule(then=st.lists(turns, min_size=1, max_size=4))
    def work(self, then):
        """Write and send, in whatever tab."""
        for turn in then if self.tabs else ():
            self.now += turn.waits
            tab = self.tab(turn.tab)
            life = self.world.lives[tab.life]
            if turn.late or (life.state in OPEN and not life.is_over(self.now)):
                tab.fill_in(turn, life.place.sections)
                if turn.sends != "nothing":
                    tab.address = turn.moves_to or tab.address
                    self.send(tab, tab.batch(turn), turn)

    def send(self, tab, batch, turn):
        life, attempt_id = self.world.lives[tab.life], self.ids[tab.life]

        def expected():
            if turn.doctored in ("token", "epoch"):
                raise Refused("tab-unknown")
            return life.save(
                self.now,
                epoch=tab.epoch,
                items=batch,
                signals=turn.signals,
                address=tab.address,
                seen=tab.seen,
            )

        done = self.do(
            saves.save,
            expected,
            attempt_id,
            dies=turn.dies,
            user_id=self.hall.user_id,
            token=tab.token[::-1] if turn.doctored == "token" else tab.token,
            epoch=tab.epoch + (turn.doctored == "epoch"),
            saves=[IncomingSave(place, seq, answer, False, 5) for place, seq, answer in batch],
            events=[
                IncomingEvent("window_left", next(self.absences), {"seconds": 3})
                for _ in range(turn.signals)
            ]
            + [IncomingEvent("submit", 5, {})],
            key=KEY,
            actor=Actor(self.hall.user_id, tab.address, "any"),
            seen_notice=tab.seen_id,
        )
        if done is None:
            if self.refusal == "invalid-answer":  # for good: it is not tried again
                tab.queue = [item for item in tab.queue if item not in batch]
            return
        saved, right = done
        assert [(r.seq, r.position, str(r.state), r.at) for r in saved.receipts] == [
            (seq, row.position, row.state, moment(row.at)) for seq, row in right.receipts
        ]
        assert saved.remaining == timedelta(milliseconds=right.remaining)
        assert (saved.writing, str(saved.attempt), saved.section) == (
            right.writing,
            right.state,
            right.section,
        )
        assert [notice.kind for notice in saved.notices] == right.notices
        if any(r.state == "accepted" and r.at == moment(self.now) for r in saved.receipts):
            assert life.worked(self.now) <= life.allowed + GRACE
        if turn.dies != "answer":
            tab.hear(saved)
            for given in saved.receipts:
                self.handed_out[attempt_id, tab.epoch, given.seq] = given

    @precondition(lambda self: self.tabs and self.life.place.last_section > 1)
    @rule(number=tabs, contrary=rarely, dies=deaths, then=then)
    def close_section(self, number, contrary, dies, then):
        tab = self.tab(number)
        section = tab.section if not contrary else 3 - tab.section
        life = self.world.lives[tab.life]
        done = self.do(
            attempts.close_section,
            lambda: life.close_section(self.now, section=section, epoch=tab.epoch),
            self.ids[tab.life],
            dies=dies,
            user_id=self.hall.user_id,
            section=section,
            epoch=tab.epoch,
            actor=self.candidate(),
        )
        if done and dies != "answer":
            tab.section = life.section
        self.work(then)

    # ------------------------------------------------------------------------- the clock

    @rule(
        passed=st.sampled_from(
            [1, 999, SECOND, 5 * SECOND, GRACE + 1, GRACE + 1, 30_500, 30_500, MINUTE]
            + [5 * MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR]
        ),
        then=then,
    )
    def time_passes(self, passed, then):
        self.now += passed
        self.work(then)

    @rule(
        delta=st.sampled_from([-SECOND, -1, 0, 1, GRACE - 1, GRACE, GRACE + 1, 59_999, MINUTE]),
        then=then,
    )
    def time_passes_to_an_edge(self, delta, then):
        """The edges are a pause's beginning and end, or else the deadline."""
        edges = [self.life.deadline]
        if self.life.pause:
            edges = [at for at in self.life.pause[1:] if at + delta > self.now]
        if self.life.state in OPEN and edges:
            self.now = max(self.now, edges[0] + delta)
        self.work(then)

    # ---------------------------------------------------- pauses, the proctor, the end

    @rule(contrary=rarely, dies=deaths, then=then)
    def candidate_pauses(self, contrary, dies, then):
        """Or comes back from the break."""
        back = (self.life.pause is not None) is not contrary
        self.do(
            attempts.end_break if back else attempts.take_break,
            lambda: (self.life.end_break if back else self.life.take_break)(self.now),
            self.ids[-1],
            dies=dies,
            user_id=self.hall.user_id,
            actor=self.candidate(),
        )
        self.work(then)

    @rule(contrary=rarely, dies=deaths, twice=yes_no, then=then)
    def proctor_pauses(self, contrary, dies, twice, then):
        """Or lets the clock run again."""
        on = (self.life.pause is None) is not contrary
        self.at_the_desk(
            proctoring.pause if on else proctoring.resume,
            lambda: (self.life.proctor_pause if on else self.life.proctor_resume)(self.now),
            dies=dies,
            twice=twice,
            reason="alarm",
        )
        self.work(then)

    @rule(minutes=st.sampled_from([1, 10, 30]), beyond=yes_no, dies=deaths, twice=yes_no, then=then)
    def proctor_adds_minutes(self, minutes, beyond, dies, twice, then):
        self.at_the_desk(
            proctoring.add_minutes,
            lambda: self.life.add_minutes(self.now, minutes=minutes, beyond=beyond),
            dies=dies,
            twice=twice,
            minutes=minutes,
            beyond_window=beyond,
            reason="noise",
        )
        self.work(then)

    @rule(dies=deaths, twice=yes_no)
    def proctor_says_something(self, dies, twice):
        self.at_the_desk(
            proctoring.message,
            lambda: self.life.say(self.now),
            dies=dies,
            twice=twice,
            text="quiet",
        )

    @rule(
        how=st.sampled_from(["submit", "submit", "force", "void"]),
        surely=st.integers(0, 2),
        dies=deaths,
        twice=yes_no,
        then=then,
    )
    def it_ends(self, how, surely, dies, twice, then):
        if self.life.state in OPEN and not surely:
            return
        self.end(how, dies=dies, twice=twice)
        self.work(then)

    def end(self, how, *, dies, twice):
        if how != "submit":
            self.at_the_desk(
                proctoring.void if how == "void" else proctoring.force_submit,
                lambda: (self.life.void if how == "void" else self.life.force_submit)(self.now),
                dies=dies,
                twice=twice,
                reason="the room closes",
            )
            return
        self.do(
            attempts.submit,
            lambda: self.life.submit(self.now),
            self.ids[-1],
            dies=dies,
            user_id=self.hall.user_id,
            actor=self.candidate(),
        )

    @precondition(lambda self: any(life.held for life in self.world.lives))
    @rule(which=st.sampled_from(["all", "first", "last"]), accepted=yes_no, dies=deaths)
    def proctor_decides_held_saves(self, which, accepted, dies):
        attempt_id, life = next(
            (id_, life) for id_, life in zip(self.ids, self.world.lives, strict=True) if life.held
        )
        keys = {"all": life.held, "first": life.held[:1], "last": life.held[-1:]}[which]
        places = tuple_(Save.epoch, Save.seq)
        chosen = select(Save.id).where(Save.attempt_id == attempt_id, places.in_(keys))
        self.do(
            held_saves.decide,
            lambda: life.decide(self.now, keys=keys, accepted=accepted),
            self.sitting_of(life),
            attempt_id,
            dies=dies,
            save_ids=set(db.session.scalars(chosen)),
            accepted=accepted,
            reason="the line was down",
            signer=signer(self.hall.app),
            actor=self.hall.proctor,
        )

    @rule(dies=st.sampled_from([None, None, None, 1, 2]))
    def sweep(self, dies):
        """dies: at which of the sweep's commits."""
        due = self.world.due(self.now)
        self.touched = True
        closed = [life for life in self.world.lives if life.state in ("submitted", "expired")]
        steps = [(life, Life.expire) for life in due]
        steps += [(life, Life.grade) for life in self.world.lives if life in due + closed]
        try:
            with self.hall.death.at_hand(**({"commit": dies} if dies else {})):
                swept = sweep_attempts(signer=signer(self.hall.app), now=moment(self.now))
        except Killed:
            steps = steps[: dies - 1]
        else:
            done = (swept.closed, swept.graded, swept.failed)
            assert done == (len(due), len(due) + len(closed), 0)
        for life, step in steps:
            step(life, self.now)

    @rule()
    def somebody_looks(self):
        """Opening the page of an attempt closes and grades what is over."""
        self.touched = True
        is_over = self.life.state in OPEN and self.life.is_over(self.now)
        assert attempts.expire(self.ids[-1], now=moment(self.now)) is is_over
        if is_over:
            self.life.expire(self.now)
        grading.grade(self.ids[-1], signer=signer(self.hall.app), now=moment(self.now))
        self.life.grade(self.now)

    # ------------------------------------------------------------------------ invariants

    @invariant()
    def rows_are_what_the_model_says(self):
        if self.world is not None and self.touched:
            self.touched = False
            self.rows.check(self.world, self.ids, self.handed_out)

    # --------------------------------------------------------------------------- the acts

    @property
    def life(self) -> Life:
        """The latest attempt."""
        return self.world.lives[-1]

    def tab(self, number: int) -> Tab:
        """The newest tab, the one before, …"""
        return self.tabs[-1 - number % len(self.tabs)]

    def sitting_of(self, life: Life) -> int:
        return self.hall.sitting_ids[self.world.places.index(life.place)]

    def candidate(self) -> Actor:
        return Actor(self.hall.user_id, "10.0.0.0", "browser 0")

    def at_the_desk(self, act, expected, *, dies, twice, **arguments):
        """An act of the proctor's; the same form sent twice does it once."""
        sitting_id = self.sitting_of(self.life)
        arguments |= {"actor": self.hall.proctor, "key": f"form {next(self.forms)}"}
        done = self.do(act, expected, sitting_id, self.ids[-1:], dies=dies, **arguments)
        if done and twice:
            act(sitting_id, self.ids[-1:], now=moment(self.now), **arguments)

    def do(self, act, expected, *arguments, dies, **named):
        """The act of the product and of the model; both answers, or None where it did nothing.

        dies: where the server does. An act that was cut short has changed nothing; one that
        is refused is refused by both, for the same reason.
        """
        at = {"commit": 1} if dies == "commit" else {}
        if isinstance(dies, int):
            at = {"statement": dies}
        self.touched, self.refusal, code = True, None, None
        try:
            with self.hall.death.at_hand(**at):
                value = act(*arguments, now=moment(self.now), **named)
        except Killed:
            return None
        except DomainError as error:
            code = error.code
        try:
            right = expected()
        except Refused as refused:
            self.refusal = refused.code
            assert code == refused.code
            return None
        assert code is None, f"refused with {code}"
        return value, right
