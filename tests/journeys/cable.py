"""The cable between browser and server, which a test can pull out.

The browser's own offline mode is not enough: what a closing page sends, and what a service worker
asks for, may pass it by.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Cable:
    """Forwards a port of its own to the server's; url: what the browser opens."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = set()
        self._is_cut = False
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Nothing passes any more, and what was under way breaks off."""
        with self._lock:
            self._is_cut = True
            ends = list(self._open)
        for end in ends:
            _drop(end)

    def mend(self):
        with self._lock:
            self._is_cut = False

    def close(self):
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            self._connect(browser)

    def _connect(self, browser):
        with self._lock:
            if self._is_cut:
                _drop(browser)
                return
            try:
                server = socket.create_connection(self._target)
            except OSError:
                _drop(browser)
                return
            self._open |= {browser, server}
        for source, sink in ((browser, server), (server, browser)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        _drop(source)
        _drop(sink)
        with self._lock:
            self._open -= {source, sink}


def _drop(end):
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
