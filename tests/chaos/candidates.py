"""Candidates who never stop saving, whatever happens to the server, and keep every receipt."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from app.domain.saves import SaveState
from tests.journeys.answers import right, wrong

RELOADS = 0.3
"""Share of failures after which the page is loaded again before it goes on sending."""
PATIENCE = 30


class Away(Exception):
    """No answer: the server is dead, or says that its database is."""


class Refused(Exception):
    """An answer that no kill explains."""


@dataclass(frozen=True)
class Promise:
    """A receipt, and the answer as it was sent for it."""

    attempt_id: int
    epoch: int
    position: int
    seq: int
    answer: object
    state: str
    receipt: str


@dataclass
class Batch:
    """Changes that have no receipt yet; they never change, only the sending is repeated."""

    token: str
    epoch: int
    rows: list[dict] = field(default_factory=list)
    tries: int = 0


class Candidate(threading.Thread):
    """One person with one page open. promises: grows only; problems: what must not happen."""

    def __init__(self, house, person, seed):
        super().__init__(daemon=True)
        self.house, self.person = house, person
        self.promises: list[Promise] = []
        self.problems: list[str] = []
        self.resent = self.outages = 0
        self.stopping = threading.Event()
        self._draw = random.Random(seed)
        self._cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE)
        self._csrf = ""
        self._newest: dict[int, tuple[int, int]] = {}
        self._sent: dict[tuple[int, int], object] = {}

    def begin(self):
        """From the first log-in into the exam, and its page open."""
        self._get("/login")
        login = {"username": self.person.username, "password": self.person.password}
        self._post("/login", **login)
        self._get("/account/password")
        new = {"new": "nine-lanterns-4", "again": "nine-lanterns-4"}
        self._post("/account/password", current=self.person.password, **new)
        sitting = re.search(r'href="(/exams/\d+)"', self._get("/exams")).group(1)
        self._get(sitting)
        self._post(f"{sitting}/register")
        self._get(sitting)
        self.attempt_id = int(self._post(f"{sitting}/start", agree="yes").rpartition("/")[2])
        self.paper = self.house.paper(self.attempt_id)
        self._open()

    def run(self):
        try:
            while not self.stopping.is_set():
                self._deliver(self._some_changes())
        except Refused as refusal:
            self.problems.append(str(refusal))

    def save(self, batches):
        """So many batches, without anything in the way."""
        for _ in range(batches):
            self._deliver(self._some_changes())

    def hand_in(self):
        """Answer everything rightly and hand in; again where the server died over it."""
        while True:
            try:
                if not self._open():
                    break  # the one before was closed, and only its answer got lost
                self._send(self._batch((p, right(q)) for p, q in self.paper.items()))
                self._get(f"/attempts/{self.attempt_id}")
                self._post(f"/attempts/{self.attempt_id}/submit")
                break
            except Away:
                self._wait_a_little()
        self._patiently(lambda: self._get(f"/attempts/{self.attempt_id}/done"))

    def _some_changes(self):
        """One to three questions, answered wrongly, rightly, or emptied."""
        picked = self._draw.sample(sorted(self.paper), self._draw.randint(1, 3))
        return self._batch(
            (position, self._draw.choice((right, wrong, lambda _: None))(self.paper[position]))
            for position in picked
        )

    def _batch(self, changes):
        batch = Batch(self._tab["token"], self._tab["epoch"])
        for position, answer in changes:
            self._seq += 1
            batch.rows.append({"position": position, "seq": self._seq, "answer": answer})
            self._sent[batch.epoch, self._seq] = self._stored(position, answer)
        return batch

    def _deliver(self, batch):
        """Send until the receipts are there, as the page does; sometimes it is loaded anew."""
        while True:
            try:
                self._send(batch)
                return
            except Away:
                self.outages += 1
                self._wait_a_little()
            if self._draw.random() < RELOADS:
                self._patiently(self._open)

    def _send(self, batch):
        batch.tries += 1
        self.resent += batch.tries > 1
        body = {"token": batch.token, "epoch": batch.epoch, "saves": batch.rows}
        answer = self._post_json(f"/attempts/{self.attempt_id}/saves", body)
        given = {receipt["seq"]: receipt for receipt in answer["receipts"]}
        if given.keys() != {row["seq"] for row in batch.rows}:
            raise Refused(f"{len(batch.rows)} changes were sent, but {answer} came back")
        for row in batch.rows:
            receipt = given[row["seq"]]
            place = (batch.epoch, row["seq"])
            self.promises.append(
                Promise(
                    attempt_id=self.attempt_id,
                    epoch=batch.epoch,
                    position=receipt["position"],
                    seq=row["seq"],
                    answer=self._sent[place],
                    state=receipt["state"],
                    receipt=receipt["receipt"],
                )
            )
            if receipt["state"] == SaveState.ACCEPTED:
                known = self._newest.get(row["position"], place)
                self._newest[row["position"]] = max(known, place)

    def _open(self):
        """Load the page and claim it; whether the attempt is still open."""
        status, text = self._ask("GET", f"/attempts/{self.attempt_id}")
        if status == 302:
            return False
        self._note_csrf(text)
        self._tab = self._post_json(f"/attempts/{self.attempt_id}/tab", {})
        self._seq = self._tab["next_seq"] - 1
        self._compare(self._tab["answers"])
        return True

    def _compare(self, shown):
        """What the page gets back must be the newest that has a receipt, or newer."""
        for position, newest in self._newest.items():
            found = shown.get(str(position))
            place = (found["epoch"], found["seq"]) if found else (0, 0)
            if place < newest or found["answer"] != self._sent[place]:
                self.problems.append(f"question {position}: {found} instead of {newest}")

    def _stored(self, position, answer):
        """An answer as the server keeps it."""
        return self.paper[position].body.read_answer(answer)

    def _patiently(self, act):
        while True:
            try:
                return act()
            except Away:
                self._wait_a_little()

    def _wait_a_little(self):
        time.sleep(self._draw.uniform(0.02, 0.1))

    def _get(self, path):
        _, text = self._ask("GET", path, expect=200)
        self._note_csrf(text)
        return text

    def _post(self, path, **fields):
        body = urlencode({"csrf_token": self._csrf, **fields})
        kind = "application/x-www-form-urlencoded"
        return self._ask("POST", path, body, {"Content-Type": kind}, expect=302)[1]

    def _post_json(self, path, body):
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf}
        return json.loads(self._ask("POST", path, json.dumps(body), headers, expect=200)[1])

    def _note_csrf(self, text):
        found = re.search(r'(?:csrf_token"[^>]* value|data-csrf)="([^"]+)"', text)
        self._csrf = found.group(1) if found else self._csrf

    def _ask(self, method, path, body=None, headers=None, *, expect=None):
        """(status, text), of a redirect its address. Raises Away, Refused."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            self._connection.request(method, path, body, {**(headers or {}), "Cookie": cookie})
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Away from error
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        if response.status >= 500:
            raise Away(f"{response.status}")
        if expect is not None and response.status != expect:
            raise Refused(f"{method} {path}: {response.status} {text[:300]}")
        return response.status, response.headers.get("Location") or text
