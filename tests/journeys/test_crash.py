"""kill -9 again and again, of the server and of its database: every receipt holds (promise 1).

`--kills 200` tells the long stories. The last two tests show that a broken promise is found.
"""

from __future__ import annotations

import pytest

from tests.chaos import postgresql
from tests.chaos.ledger import Ledger
from tests.chaos.power_cut import lose_the_tail
from tests.chaos.story import Story, entered
from tests.journeys.servers import House

pytestmark = [pytest.mark.journey, pytest.mark.server]


@pytest.fixture
def house(tmp_path):
    """An installation of its own on SQLite; the stories start its server."""
    made = House(tmp_path)
    try:
        made.set_up()
        yield made
    finally:
        made.tear_down()


@pytest.fixture
def cluster():
    if reason := postgresql.reason():
        pytest.skip(reason)
    made = postgresql.Cluster()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def house_on_postgresql(cluster, tmp_path):
    made = House(tmp_path, cluster.url)
    try:
        made.set_up()
        yield made
    finally:
        made.tear_down()


@pytest.fixture
def story(request):
    """A story of as many kills as the command line asks for, told within its minutes."""
    kills, minutes = (request.config.getoption(name) for name in ("--kills", "--minutes"))
    return lambda house: Story(house, kills, minutes * 60)


def test_every_receipt_holds_although_the_server_is_killed(house, story):
    def strike(draw):
        house.kill()
        house.start("--no-worker")

    told = story(house)
    told.tell(strike)

    assert told.broken == []
    assert told.outages > 0
    assert set(told.scores) == {100}


def test_every_receipt_holds_although_postgresql_is_killed_too(house_on_postgresql, cluster, story):
    def restart_the_server():
        house_on_postgresql.kill()
        house_on_postgresql.start("--no-worker")

    def restart_the_database():
        cluster.stop_at_once()
        cluster.start()

    def kill_the_database():
        cluster.kill()
        cluster.start()

    strikes = (restart_the_server, restart_the_database, kill_the_database, cluster.kill_a_backend)
    told = story(house_on_postgresql)
    told.tell(lambda draw: draw.choice(strikes)())

    assert told.broken == []
    assert told.outages > 0
    assert set(told.scores) == {100}


def test_a_commit_that_is_dropped_is_found(house):
    house.start_application("tests.chaos.dropped_commits")
    candidate = entered(house)

    candidate.save(batches=30)

    assert candidate.problems == []
    assert Ledger(house, [candidate]).broken() != []


@pytest.mark.parametrize(("frames", "is_broken"), [(0, False), (40, True)])
def test_a_save_that_never_reached_the_disk_is_found(house, frames, is_broken):
    house.start_application("tests.chaos.unsynced")
    candidate = entered(house)
    candidate.save(batches=30)
    house.kill()

    lose_the_tail(house.folder / "qijue.sqlite3", frames=frames)

    assert (Ledger(house, [candidate]).broken() != []) == is_broken
