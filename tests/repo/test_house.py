"""The house keeps its own rules: layers, names of files, pinned requirements, no machine in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
TEXT = {".py", ".html", ".md", ".css", ".js", ".yaml", ".toml", ".txt", ".po", ".typ", ".svg"}


def test_no_module_is_a_catch_all():
    names = {path.stem for path in TRACKED if path.suffix == ".py"}

    assert names.isdisjoint({"utils", "util", "helpers", "common", "misc", "tools"})


def test_the_readme_names_every_folder_of_the_program():
    readme = (ROOT / "README.md").read_text("utf-8")
    folders = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()}

    missing = {name for name in folders - {"__pycache__"} if f"app/{name}/" not in readme}

    assert missing == set()


def test_every_link_of_the_documents_leads_somewhere():
    broken = [
        f"{path.name}: {target}"
        for path in TRACKED
        if path.suffix == ".md" and "content" not in path.parts
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_every_requirement_is_pinned_and_frozen():
    frozen = (ROOT / "constraints.txt").read_text().lower().replace("_", "-")
    wanted = re.findall(
        r"^([\w.-]+)(?:\[\w+\])?(==[\w.]+)?",
        (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text(),
        flags=re.MULTILINE,
    )
    packages = [(name.lower().replace("_", "-"), pin) for name, pin in wanted if name[0] != "-"]

    unpinned = [name for name, pin in packages if not pin or f"{name}{pin}" not in frozen]

    assert unpinned == []


def test_no_path_of_a_machine_is_in_the_tree():
    homes = re.compile(r"(?<![\w.])/(?:home|Users|root|work|tmp)/\w")

    found = [
        path.relative_to(ROOT).as_posix()
        for path in TRACKED
        if path.suffix in TEXT and path.exists() and homes.search(path.read_text("utf-8"))
    ]

    assert found == []


def test_nothing_is_loaded_from_another_host():
    outside = re.compile(r"""(?:src|href|url|import|from)\s*[=(]?\s*["']?(?:https?:)?//(?!127)""")

    found = [
        path.relative_to(ROOT).as_posix()
        for path in TRACKED
        if path.suffix in {".html", ".css", ".js"} and outside.search(path.read_text("utf-8"))
    ]

    assert found == []


def test_dev_py_uses_the_standard_library_alone():
    source = (ROOT / "dev.py").read_text("utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, flags=re.MULTILINE))

    assert imported <= {
        "__future__", "argparse", "hashlib", "json", "os", "pathlib", "subprocess", "sys", "venv",
    }  # fmt: skip
