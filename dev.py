#!/usr/bin/env python3
"""Run Qijue, or test it, with nothing but Python 3.11+: `dev.py run`, `dev.py test`.

Standard library alone: it makes the environment (.venv), installs the pinned requirements and
hands over to the program itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FLASK = ("-m", "flask", "--app", "wsgi")


def main() -> int:
    """Parse the command line and do what it asks."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python would fail less clearly)
        print("Qijue needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="set everything up and start the server")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--no-demo", action="store_true", help="no demonstration organisation")
    test = commands.add_parser("test", help="run every check and the whole suite")
    test.add_argument("--require-all", action="store_true", help="a skipped test is a failure")
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return run_server(arguments) if arguments.command == "run" else run_tests(arguments, rest)


def run_server(arguments: argparse.Namespace) -> int:
    """Install, migrate, load, print where and how to log in, serve until stopped."""
    install("requirements.txt")
    demo = "--no-demo" if arguments.no_demo else "--demo"
    if code := flask("setup", demo):
        return code
    print(f"\nQijue 七诀: http://{arguments.host}:{arguments.port}  (Ctrl+C stops it)\n")
    print_logins()
    serve = ["serve", "--host", arguments.host, "--port", str(arguments.port)]
    if os.name == "posix":  # become the server, so that whoever stops this stops it
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), *FLASK, *serve])
    return flask(*serve)


def run_tests(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Lint, types, imports, then pytest on all cores; further arguments go to pytest."""
    install("requirements-dev.txt")
    pytest = ["-m", "pytest", "-n", str(os.cpu_count() or 2), *rest]
    if arguments.require_all:
        pytest.append("--require-all")
    checks = [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        pytest,
    ]
    failed = [check for check in checks if run([PYTHON, *check])]
    for check in failed:
        print(f"failed: {' '.join(check[1:3])}", file=sys.stderr)
    return 1 if failed else 0


def install(requirements: str) -> None:
    """Make .venv and install what the file pins; nothing to do where that was done before."""
    pinned = b"".join(path.read_bytes() for path in sorted(ROOT.glob("*requirements*.txt")))
    pinned += (ROOT / "constraints.txt").read_bytes() + sys.version.encode()
    wanted = f"{requirements} {hashlib.sha256(pinned).hexdigest()}"
    stamp = VENV / "installed"
    done = stamp.read_text().splitlines() if stamp.exists() else []
    if wanted in done:
        return
    if not PYTHON.exists():
        print("Making the environment …", flush=True)
        venv.create(VENV, with_pip=True)
    print(f"Installing {requirements} …", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if code := run([*pip, "-r", ROOT / requirements]):
        sys.exit(code)
    fresh = [line for line in done if line.endswith(wanted.split()[1])]
    stamp.write_text("\n".join([*fresh, wanted]) + "\n")


def print_logins() -> None:
    """Print the demonstration log-ins, where there are any."""
    instance = Path(os.environ.get("QIJUE_INSTANCE", ROOT / "instance"))
    path = instance / "demo-logins.json"
    if not path.exists():
        return
    print("Demonstration log-ins (also in instance/demo-logins.json):")
    for login in json.loads(path.read_text(encoding="utf-8")):
        print(f"  {login['role']:<11} {login['username']:<11} {login['password']}")
    print(flush=True)


def flask(*arguments: str) -> int:
    """Run one of the program's own commands."""
    return run([PYTHON, *FLASK, *arguments])


def run(command: list[object]) -> int:
    """Run a command in the project's folder; returns its exit code."""
    return subprocess.call([str(part) for part in command], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
