"""A candidate over HTTP: log-in, rules, start, saves and submit, as a browser would."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.connection import Answer, BrokenAnswer, Connection
from benchmarks.tally import Tally

SAVE_EVERY = 15.0
"""Seconds from one changed answer to the next."""
HEARTBEAT_AFTER = 14.0
"""Seconds without a request after which the page speaks up (`js/exam/sync.js`)."""

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_CSRF = re.compile(rb'data-csrf="([^"]+)"')
_SECTION = re.compile(
    rb'data-position="(\d+)" data-widget="choice".*?name="q\d+"[^>]* value="(\w+)"', re.DOTALL
)
_FILES = re.compile(rb'<(?:link|script)[^>]* (?:href|src)="([^"#]+)"')
_IMPORTS = {
    ".js": re.compile(rb'(?:^|\n)(?:import|export)[^;"]*?"(\.{1,2}/[^"]+)"'),
    ".css": re.compile(rb'url\("?([^")]+\.woff2[^")]*)"?\)'),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a server has handed a receipt out for."""

    attempt_id: int
    epoch: int
    seq: int
    answer: str
    receipt: str


class Stopped(Exception):
    """This candidate cannot go on: what came back was not the expected answer."""


class Candidate:
    """One person with one browser and one connection.

    imports: script or style sheet → what it loads, shared by all, so that each is looked at once.
    """

    def __init__(
        self,
        port: int,
        username: str,
        password: str,
        sitting_id: int,
        *,
        tally: Tally,
        imports: dict[str, tuple[str, ...]],
        draw: random.Random,
    ) -> None:
        self._connection = Connection(port)
        self._login = {"username": username, "password": password}
        self._rules = f"/exams/{sitting_id}"
        self._tally, self._imports, self._draw = tally, imports, draw
        self._kept_files: set[str] = set()
        self._csrf = b""
        self._last_request = 0.0
        self.receipts: list[Place] = []

    @property
    def connections(self) -> int:
        """How often a connection was opened."""
        return self._connection.opened

    async def log_in(self) -> None:
        """Log in, see the rules, take a place: what happens before nine."""
        await self._page(f"/login?{urlencode({'next': self._rules})}", "log-in page")
        form = {**self._login, "next": self._rules}
        await self._post("/login", "log-in", form)
        await self._page(self._rules, "rules")
        await self._post(f"{self._rules}/register", "register", {})
        await self._page(self._rules, "rules")

    async def start(self) -> None:
        """Reload the rules, start, open the exam page and claim it."""
        await self._page(self._rules, "rules")
        began = asyncio.get_running_loop().time()
        self._path = (await self._post(f"{self._rules}/start", "start", {"agree": "yes"})).location
        page = await self._page(self._path, "exam page")
        self._choices = [(int(position), value) for position, value in _SECTION.findall(page)]
        self._draw.shuffle(self._choices)
        await self.claim()
        seconds = asyncio.get_running_loop().time() - began
        self._tally.milliseconds["start to writing"].append(seconds * 1000)

    async def claim(self) -> None:
        """Make this the writing tab."""
        claim = await self._json(f"{self._path}/tab", "claim", {}, csrf=self._csrf)
        self._token, self._epoch, self._seq = claim["token"], claim["epoch"], 0

    async def work(self, *, until: float) -> None:
        """Save every 15 s, with the page's heartbeats between, until the loop's time `until`."""
        loop = asyncio.get_running_loop()
        next_save = loop.time() + SAVE_EVERY
        while True:
            next_request = min(next_save, self._last_request + HEARTBEAT_AFTER)
            if min(next_save, next_request) >= until:
                break
            await asyncio.sleep(max(0.0, next_request - loop.time()))
            if next_request < next_save:
                await self._batch("heartbeat")
            else:
                next_save += SAVE_EVERY
                await self.save()
        await asyncio.sleep(max(0.0, until - loop.time()))

    async def save(self) -> None:
        """Change one answer and send it."""
        self._seq += 1
        position, value = self._choices[self._seq % len(self._choices)]
        answer = value.decode()
        save = {
            "position": position,
            "seq": self._seq,
            "answer": answer,
            "flagged": False,
            "spent_ms": 1000,
        }
        for given in (await self._batch("save", save))["receipts"]:
            attempt_id = int(self._path.rpartition("/")[2])
            place = Place(attempt_id, self._epoch, given["seq"], answer, given["receipt"])
            self.receipts.append(place)

    async def submit(self) -> None:
        """Hand in and look at what comes of it."""
        await self._post(f"{self._path}/submit", "submit", {})
        await self._page(f"{self._path}/done", "result")
        self._connection.close()

    async def _batch(self, step: str, *saves: dict[str, object]) -> dict[str, Any]:
        body = {"token": self._token, "epoch": self._epoch, "saves": saves, "events": []}
        return await self._json(f"{self._path}/saves", step, body)

    async def _page(self, path: str, step: str) -> bytes:
        page = (await self._timed(step, 200, "GET", path)).body
        token = _CSRF.search(page) or _TOKEN.search(page)
        self._csrf = token.group(1) if token else self._csrf
        for name in _FILES.findall(page):
            await self._file(name.decode())
        return page

    async def _file(self, path: str) -> None:
        """A style sheet or script with everything that it imports, once."""
        if path in self._kept_files:
            return
        self._kept_files.add(path)
        body = (await self._timed("static file", 200, "GET", path)).body
        if path not in self._imports:
            pattern = _IMPORTS.get(PurePosixPath(urlsplit(path).path).suffix)
            found = pattern.findall(body) if pattern else ()
            self._imports[path] = tuple(urljoin(path, name.decode()) for name in found)
        for name in self._imports[path]:
            await self._file(name)

    async def _post(self, path: str, step: str, form: dict[str, str]) -> Answer:
        body = urlencode({"csrf_token": self._csrf.decode(), **form}).encode()
        return await self._timed(step, 302, "POST", path, kind=_FORM, body=body)

    async def _json(
        self, path: str, step: str, body: object, *, csrf: bytes = b""
    ) -> dict[str, Any]:
        headers = f"Accept: {_JSON}\r\n"
        if csrf:
            headers += f"X-CSRFToken: {csrf.decode()}\r\n"
        sent = json.dumps(body, separators=(",", ":")).encode()
        answer = await self._timed(step, 200, "POST", path, kind=_JSON, body=sent, headers=headers)
        found: dict[str, Any] = json.loads(answer.body)
        return found

    async def _timed(
        self,
        step: str,
        expected: int,
        method: str,
        path: str,
        *,
        kind: str = "",
        body: bytes = b"",
        headers: str = "",
    ) -> Answer:
        loop = asyncio.get_running_loop()
        began = self._last_request = loop.time()
        try:
            answer = await self._connection.ask(method, path, kind=kind, body=body, headers=headers)
        except (BrokenAnswer, OSError) as error:
            self._tally.error(step, type(error).__name__)
            raise Stopped from error
        self._tally.milliseconds[step].append((loop.time() - began) * 1000)
        if answer.status != expected:
            self._tally.error(step, str(answer.status))
            raise Stopped(answer.body.decode()[:500])
        return answer


async def go(candidate: Candidate, *steps: Callable[[], Awaitable[None]]) -> bool:
    """The candidate's steps one after the other; whether all went well (else it is counted)."""
    try:
        for step in steps:
            await step()
    except Stopped:
        return False
    return True
