"""Candidates over HTTP: each logs in, reads, starts, saves and submits, as a browser would."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_CSRF = re.compile(r'data-csrf="([^"]+)"')
_POSITIONS = re.compile(r'data-position="(\d+)" data-widget="(\w+)"')
_FIRST_VALUE = re.compile(r'name="q(\d+)" value="(\w+)"')


@dataclass(slots=True)
class Times:
    """Milliseconds of every request by step. errors: answers that were not the expected ones."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0


class Candidate:
    """One candidate with one connection that is kept open."""

    def __init__(
        self, port: int, username: str, password: str, sitting_id: int, *, saves: int
    ) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._username, self._password = username, password
        self._sitting_id, self._saves = sitting_id, saves
        self.times = Times()

    def run(self) -> Times:
        """The whole story; what goes wrong is counted."""
        token = _TOKEN.search(self._get("/login", "log-in page"))
        assert token is not None
        login = {"username": self._username, "password": self._password}
        self._post("/login", "log-in", {**login, "csrf_token": token.group(1)}, expect=302)
        self._get("/lessons/service-environment", "lesson page")
        rules = f"/exams/{self._sitting_id}"
        csrf = _TOKEN.search(self._get(rules, "rules"))
        assert csrf is not None
        form = {"csrf_token": csrf.group(1), "agree": "yes"}
        self._post(f"{rules}/register", "register", form, expect=302)
        page_url = self._post(f"{rules}/start", "start", form, expect=302)
        page = self._get(page_url, "exam page")
        self._work(page_url, page)
        self._post(f"{page_url}/submit", "submit", form, expect=302)
        self._connection.close()
        return self.times

    def _work(self, page_url: str, page: str) -> None:
        csrf = _CSRF.search(page)
        assert csrf is not None
        claim = self._json(f"{page_url}/tab", "claim", {}, csrf.group(1))
        choices = dict(_FIRST_VALUE.findall(page))
        singles = [int(p) for p, widget in _POSITIONS.findall(page) if widget == "choice"]
        for seq in range(1, self._saves + 1):
            position = singles[seq % len(singles)]
            save = {
                "position": position,
                "seq": seq,
                "answer": choices[str(position)],
                "flagged": False,
                "spent_ms": 1000,
            }
            self._json(
                f"{page_url}/saves",
                "save",
                {"token": claim["token"], "epoch": claim["epoch"], "saves": [save]},
            )

    def _get(self, path: str, step: str) -> str:
        return self._ask("GET", path, step, None, {}, expect=200)[1]

    def _post(self, path: str, step: str, form: dict[str, str], *, expect: int) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, step, urlencode(form), headers, expect=expect)[0]

    def _json(self, path: str, step: str, body: object, csrf: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "X-CSRFToken": csrf}
        answer: dict[str, Any] = json.loads(
            self._ask("POST", path, step, json.dumps(body), headers, expect=200)[1]
        )
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        step: str,
        body: str | None,
        headers: dict[str, str],
        *,
        expect: int,
    ) -> tuple[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        began = time.perf_counter()
        self._connection.request(method, path, body, {**headers, "Cookie": cookie})
        response = self._connection.getresponse()
        text = response.read().decode()
        self.times.milliseconds[step].append((time.perf_counter() - began) * 1000)
        self.times.errors += response.status != expect
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.headers.get("Location", ""), text


def run_candidates(candidates: list[Candidate], *, threads: int) -> tuple[Times, float]:
    """All of them, `threads` at a time; their times together, and the seconds it took."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(Candidate.run, candidates[:-1]))
    seconds = time.perf_counter() - began
    together = Times()
    for times in results:
        together.errors += times.errors
        for step, found in times.milliseconds.items():
            together.milliseconds[step].extend(found)
    return together, seconds
