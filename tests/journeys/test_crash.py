"""kill -9 between save and submit: every receipt that was handed out still holds (promise 1)."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import psycopg
import pytest
from sqlalchemy import select

from app.domain.receipts import receipt
from app.models.attempts import Save
from app.models.results import Result
from tests.conftest import POSTGRESQL
from tests.journeys.answers import right, wrong
from tests.journeys.servers import House

pytestmark = [pytest.mark.journey, pytest.mark.server]
CANDIDATES = 3
KILLS = 3
GONE = (urllib.error.URLError, http.client.HTTPException, OSError)


class Browser:
    """One candidate over plain HTTP. receipts: what the server has promised, by (epoch, seq)."""

    def __init__(self, house, person):
        self.house, self.person = house, person
        self.receipts = {}
        self._cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(self._cookies)
        self._csrf = ""

    def get(self, path):
        with self._opener.open(self.house.url + path, timeout=10) as response:
            text = response.read().decode()
        found = re.search(r'(?:csrf_token" value|data-csrf)="([^"]+)"', text)
        self._csrf = found.group(1) if found else self._csrf
        return response.url, text

    def post(self, path, **fields):
        data = urllib.parse.urlencode({"csrf_token": self._csrf, **fields}).encode()
        with self._opener.open(self.house.url + path, data, timeout=10) as response:
            return response.url, response.read().decode()

    def post_json(self, path, body):
        request = urllib.request.Request(
            self.house.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "X-CSRFToken": self._csrf},
        )
        with self._opener.open(request, timeout=10) as response:
            return json.loads(response.read())

    def begin(self):
        self.get("/login")
        self.post("/login", username=self.person.username, password=self.person.password)
        self.get("/account/password")
        new = {"new": "nine-lanterns-4", "again": "nine-lanterns-4"}
        self.post("/account/password", current=self.person.password, **new)
        _, text = self.get("/exams")
        sitting = re.search(r'href="(/exams/\d+)"', text).group(1)
        self.get(sitting)
        self.post(f"{sitting}/register")
        self.get(sitting)
        url, _ = self.post(f"{sitting}/start", agree="yes")
        self.attempt_id = int(re.search(r"/attempts/(\d+)", url).group(1))
        self.paper = self.house.paper(self.attempt_id)

    def claim(self):
        self.get(f"/attempts/{self.attempt_id}")
        self._tab = self.post_json(f"/attempts/{self.attempt_id}/tab", {})
        self._seq = self._tab["next_seq"]

    def save(self, *answers):
        """Send (position, answer) pairs; remember the receipts that came back."""
        rows = [
            {"position": position, "seq": self._seq + n, "answer": answer}
            for n, (position, answer) in enumerate(answers)
        ]
        self._seq += len(rows)
        body = {"token": self._tab["token"], "epoch": self._tab["epoch"], "saves": rows}
        for given in self.post_json(f"/attempts/{self.attempt_id}/saves", body)["receipts"]:
            self.receipts[self._tab["epoch"], given["seq"]] = given

    def save_until_the_server_is_gone(self):
        try:
            while True:
                for position, question in self.paper.items():
                    self.save((position, wrong(question)), (position, right(question)))
        except GONE:
            return

    def hand_in(self):
        self.claim()
        self.save(*((position, right(question)) for position, question in self.paper.items()))
        self.get(f"/attempts/{self.attempt_id}")
        self.post(f"/attempts/{self.attempt_id}/submit")


@pytest.fixture
def house(db_kind, tmp_path):
    """A server of its own on either database."""
    url, name = "", f"qijue_crash_{uuid.uuid4().hex[:12]}"
    if db_kind == "postgresql":
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = f"{POSTGRESQL.rpartition('/')[0]}/{name}"
    made = House(tmp_path, url)
    try:
        made.set_up()
        made.start()
        yield made
    finally:
        made.tear_down()
        if url:
            with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_every_receipt_holds_although_the_server_is_killed_again_and_again(house):
    browsers = [Browser(house, house.trainee()) for _ in range(CANDIDATES)]
    for browser in browsers:
        browser.begin()

    for kill in range(KILLS):
        for browser in browsers:
            browser.claim()
        threads = [threading.Thread(target=b.save_until_the_server_is_gone) for b in browsers]
        for thread in threads:
            thread.start()
        time.sleep(0.4 + 0.2 * kill)  # let them save; the kill comes at no chosen moment
        house.kill()
        for thread in threads:
            thread.join(timeout=15)
        house.start()

    for browser in browsers:
        assert len({epoch for epoch, _ in browser.receipts}) == KILLS
        assert broken_receipts(house, browser) == []
        browser.hand_in()
        assert broken_receipts(house, browser) == []
        assert score(house, browser.attempt_id) == 100


def broken_receipts(house, browser):
    """Receipts whose row is missing, or differs, or does not fit the signature."""
    key = bytes.fromhex(json.loads((house.folder / "secrets.json").read_text())["receipt_key"])
    with house.database() as session:
        rows = {
            (row.epoch, row.seq): row
            for row in session.scalars(select(Save).where(Save.attempt_id == browser.attempt_id))
        }
    return [
        given
        for place, given in browser.receipts.items()
        if place not in rows or not _fits(rows[place], given, key)
    ]


def _fits(row, given, key):
    signed = receipt(
        key=key,
        attempt_id=row.attempt_id,
        position=given["position"],
        epoch=row.epoch,
        seq=given["seq"],
        answer=row.answer,
        state=given["state"],
        received_at=row.received_at,
    )
    return row.receipt == given["receipt"] == signed


def score(house, attempt_id):
    with house.database() as session:
        return session.scalar(
            select(Result.score).where(Result.attempt_id == attempt_id, Result.current)
        )
