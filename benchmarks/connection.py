"""HTTP/1.1 over one connection that is kept open, at the least cost.

The client shares the machine with the server that it measures, so it reads no more of an
answer than a candidate's browser needs to go on: status, address, cookies, body.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

_COOKIE = re.compile(rb"(?i)\r\nset-cookie: *([^=\r]+)=([^;\r]*)")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_LOCATION = re.compile(rb"(?i)\r\nlocation: *([^\r]*)")
_WITHOUT_BODY = (204, 304)


class BrokenAnswer(Exception):
    """The connection ended, or what came is no answer of a known length."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. head: status line and header lines."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Path of the redirect, "" without one."""
        found = _LOCATION.search(self.head)
        return found.group(1).decode() if found else ""


class Connection(asyncio.Protocol):
    """One browser's connection with its cookies; opened again where the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._fixed = f"Host: 127.0.0.1:{port}\r\nUser-Agent: benchmark\r\n".encode()
        self._cookies: dict[bytes, bytes] = {}
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._missing = 0
        self._waiting: asyncio.Future[Answer] | None = None
        self.opened = 0

    async def ask(
        self, method: str, path: str, *, kind: str = "", body: bytes = b"", headers: str = ""
    ) -> Answer:
        """Send one request and wait for its answer.

        As a browser does, a request on a connection that turns out to have been closed
        meanwhile is sent once more on a new one. kind: content type of the body. Raises
        BrokenAnswer, OSError.
        """
        head = f"{method} {path} HTTP/1.1\r\n".encode() + self._fixed + headers.encode()
        if self._cookies:
            cookies = b"; ".join(b"%s=%s" % pair for pair in self._cookies.items())
            head += b"Cookie: " + cookies + b"\r\n"
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n".encode()
        request = head + b"\r\n" + body
        is_reused = self._transport is not None and not self._transport.is_closing()
        try:
            return await self._send(request)
        except BrokenAnswer:
            if not is_reused or self._received:
                raise
            return await self._send(request)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    async def _send(self, request: bytes) -> Answer:
        if self._waiting is not None and not self._waiting.done():
            raise RuntimeError("one request at a time on one connection")
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None
        self._received, self._missing = b"", 0
        self._waiting = loop.create_future()
        self._transport.write(request)
        return await self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A new connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.opened += 1

    def connection_lost(self, error: Exception | None) -> None:
        """The server has closed it, or the network has."""
        self._transport = None
        self._fail(f"the connection ended: {error}")

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self._received += data
        if len(self._received) < self._missing:
            return
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._received[: end + 2]
        status = int(head[9:12])
        length = _LENGTH.search(head)
        if length is None and status not in _WITHOUT_BODY:
            self._fail(f"an answer without a length: {head!r}")
            return
        self._missing = end + 4 + (int(length.group(1)) if length else 0)
        if len(self._received) < self._missing:
            return
        for name, value in _COOKIE.findall(head):
            self._cookies[name] = value
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(status, head, self._received[end + 4 :]))

    def _fail(self, reason: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(BrokenAnswer(reason))
