"""A PostgreSQL of one's own, to be killed: never the one that the machine shares."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.journeys import processes

USER = "postgres"
"""Whom it runs as where the tests run as root, which PostgreSQL refuses."""


def binaries():
    """The folder of initdb and pg_ctl, the newest release's; None where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if not found and on_path:
        found = [Path(on_path).resolve()]
    return found[-1].parent if found else None


def reason():
    """Why no cluster can be made here, or None."""
    if binaries() is None:
        return "no initdb of PostgreSQL on this machine"
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return f"PostgreSQL does not run as root, and there is no user {USER}"
    return None


class Cluster:
    """A server in a temporary folder with its own port; every commit goes to the disk."""

    def __init__(self):
        # Not below pytest's folder, which is closed to the user that PostgreSQL runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="qijue-cluster-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER)
        self._data = self._folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._postmaster = None
        self._run("initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-sync")

    @property
    def url(self):
        """Its database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def start(self):
        options = ("-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder))
        # Our own child, so that a killed one is not left over as a process that seems to live.
        self._postmaster = self._open("postgres", *options, "-c", "fsync=on")
        self.wait_until_it_answers()

    def stop_at_once(self):
        """As an administrator in a hurry: no checkpoint, recovery at the next start."""
        self._run("pg_ctl", "-m", "immediate", "--no-wait", "stop")
        self._postmaster.wait(timeout=30)

    def kill(self):
        """SIGKILL for the postmaster and everything that it started."""
        self._postmaster.send_signal(signal.SIGSTOP)  # or it would start others meanwhile
        started = processes.children(self._postmaster.pid)
        for pid in (self._postmaster.pid, *started):
            _kill(pid)
        self._postmaster.wait(timeout=30)
        # As long as one lives, its shared memory keeps the next server from starting.
        processes.wait_until_gone(lambda: processes.living(started))

    def kill_a_backend(self):
        """SIGKILL for one backend that serves a client: PostgreSQL restarts itself."""
        with psycopg.connect(self.url, autocommit=True) as witness:
            found = witness.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 1"
            ).fetchone()
            if found is None:
                return
            _kill(found[0])
            # The restart begins a moment later, and ends this connection as well.
            with suppress(psycopg.OperationalError):
                witness.execute("SELECT pg_sleep(30)")
        self.wait_until_it_answers()

    def wait_until_it_answers(self):
        until = time.monotonic() + 90
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self._folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def remove(self):
        if self._postmaster is not None and self._postmaster.poll() is None:
            self.kill()
        shutil.rmtree(self._folder)

    def _run(self, program, *options):
        done = self._open(program, *options).wait(timeout=120)
        assert done == 0, (self._folder / "log").read_text()

    def _open(self, program, *options):
        command = [binaries() / program, "-D", self._data, *options]
        as_user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **as_user)


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it was faster
        return
