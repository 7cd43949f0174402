"""A small, faultless tree of content and questions, for tests to break."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.domain.problems import InvalidContent
from app.loader.tree import read_tree

TITLE = {"zh": "服务策划", "en": "Service planning"}
SYLLABUS = {
    "modules": [
        {
            "id": "planning",
            **TITLE,
            "weight": 100,
            "lessons": [
                {
                    "id": lesson,
                    **TITLE,
                    "points": [{"id": point, **TITLE, "source": "004 Q9"}],
                }
                for lesson, point in (("swot", "PL14"), ("teams", "PL20"))
            ],
        }
    ]
}
SCHEME = {
    "id": "unit",
    "version": 1,
    "title": TITLE,
    "summary": TITLE,
    "modules": ["planning"],
    "open": True,
    "review_on": "2031-11-01",
    "certificate": {"prefix": "QJ", "level": "U1", "validity_months": 24, "decision": "rule"},
    "exams": [
        {
            "id": "theory",
            "title": TITLE,
            "minutes": 40,
            "pass_mark": 60,
            "attempts": 2,
            "wait_hours": 24,
            "papers": 2,
            "release": "immediately",
            "scoring": {},
            "plan": [{"module": "planning", "type": "single", "count": 25, "points": 4}],
        }
    ],
}
LESSON = """---
id: {lesson}
title: 标题
points: [{point}]
minutes: 10
sources: ["004 Q9"]
---
## 步骤 {{#{point}}}

![图](figure:steps)
"""
FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>图</title></svg>'


def question(id_="PL14-01", **changes):
    """A single-choice question as a file has it."""
    return {
        "id": id_,
        "type": "single",
        "pool": "practice",
        "points": [id_[:4]],
        "level": "remember",
        "difficulty": 2,
        "stem": {"zh": "题干", "en": "Stem"},
        "options": [
            {"zh": "甲", "en": "first", "right": True},
            {"zh": "乙", "en": "second"},
            {"zh": "丙", "en": "third"},
        ],
        "explanation": {"zh": "解析", "en": "Reason"},
        "source": "004 Q9",
        **changes,
    }


class Files:
    """The tree under test: write files into it, then read the problems."""

    def __init__(self, root: Path) -> None:
        self.content, self.questions = root / "content", root / "questions"

    def write(self, name: str, value: object) -> None:
        """Write text, bytes, or anything else as YAML, to a path such as content/syllabus.yaml."""
        path = self.content.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, bytes):
            path.write_bytes(value)
        else:
            text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True)
            path.write_text(text, encoding="utf-8")

    def read(self):
        """The tree; raises InvalidContent."""
        return read_tree(self.content, self.questions)

    def problems(self) -> list[str]:
        """Every problem, as `flask content check` prints it."""
        try:
            self.read()
        except InvalidContent as invalid:
            return [str(problem) for problem in invalid.problems]
        return []


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A tree without a problem."""
    made = Files(tmp_path)
    made.write("content/syllabus.yaml", SYLLABUS)
    made.write("content/schemes/unit.yaml", SCHEME)
    for lesson, point in (("swot", "PL14"), ("teams", "PL20")):
        for language in ("zh", "en"):
            made.write(
                f"content/planning/{lesson}.{language}.md",
                LESSON.format(lesson=lesson, point=point),
            )
            made.write(f"content/figures/steps.{language}.svg", FIGURE)
        made.write(f"questions/planning/{lesson}.yaml", [question(f"{point}-01")])
    return made
