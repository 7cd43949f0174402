"""What graders in other programs need to mark a written answer: to read, and to read back."""

from __future__ import annotations

import json
from typing import Any

from app.domain.questions.question import Question
from app.domain.questions.written import Case, ShortAnswer
from app.domain.text import Language

_KNOWN = {
    "short_answer": frozenset({"type", "key_points", "model_answer", "any_of"}),
    "case": frozenset({"type", "stem", "parts"}),
}
_WORDS = {
    Language.ZH: {
        "model": "参考答案", "points": "采分点", "any": "答出其中 {count} 点即得满分",
        "part": "第 {number} 问", "weight": "权重 {weight}", "also": "也可写作：",
    },
    Language.EN: {
        "model": "Model answer", "points": "Key points", "any": "Any {count} of them are enough",
        "part": "Task {number}", "weight": "weight {weight}", "also": "also: ",
    },
}  # fmt: skip
"""The words around a rubric stand in the file itself, in both languages."""


def graders_text(question: Question) -> str:
    """Model answer, key points or rubric as Markdown, and behind it the same for `body_in`."""
    body = question.body
    lines: list[str] = []
    for language in Language:
        if isinstance(body, ShortAnswer):
            lines += _short_answer(body, language)
        if isinstance(body, Case):
            lines += _case(body, language)
    exact: dict[str, object] = {"type": question.type.value, **body.dump()}
    if isinstance(body, Case):
        exact["stem"] = question.stem.dump()
    return "\n".join([*lines, "```qijue", json.dumps(exact, ensure_ascii=False), "```"])


def case_text(question: Question, language: Language) -> str:
    """A case with its tasks one after another, for programs that ask one thing at a time."""
    assert isinstance(question.body, Case)
    words = _WORDS[language]["part"]
    tasks = [
        f"**{words.format(number=number)}** {part.stem.to(language)}"
        for number, part in enumerate(question.body.parts, start=1)
    ]
    return "\n\n".join([question.stem.to(language), *tasks])


def body_in(text: str) -> dict[str, Any] | None:
    """What `graders_text` wrote for reading back; None where there is nothing of it."""
    _, found, rest = text.partition("```qijue\n")
    if not found:
        return None
    try:
        body = json.loads(rest.partition("\n```")[0])
    except (ValueError, RecursionError):
        return None
    known = _KNOWN.get(str(body.get("type"))) if isinstance(body, dict) else None
    if known is None:
        return None
    return {name: value for name, value in body.items() if name in known}


def _short_answer(body: ShortAnswer, language: Language) -> list[str]:
    words = _WORDS[language]
    lines = [f"**{words['model']}** {body.model_answer.to(language)}", ""]
    lines.append(f"**{words['points']}**")
    if body.any_of != len(body.key_points):
        lines.append(words["any"].format(count=body.any_of))
    lines.append("")
    for point in body.key_points:
        also = point.zh if language == Language.ZH else point.en
        other = f"; {words['also']}{' / '.join(also)}" if also else ""
        weight = words["weight"].format(weight=f"{point.weight:g}")
        lines.append(f"- {point.text.to(language)} ({weight}{other})")
    return [*lines, ""]


def _case(body: Case, language: Language) -> list[str]:
    words, lines = _WORDS[language], []
    for number, part in enumerate(body.parts, start=1):
        lines += [f"**{words['part'].format(number=number)}**", ""]
        lines += [f"**{words['model']}** {part.model_answer.to(language)}", ""]
        for row in part.criteria:
            weight = words["weight"].format(weight=f"{row.weight:g}")
            levels = "; ".join(f"{share:.0%} {text.to(language)}" for share, text in row.levels)
            lines.append(f"- {row.name.to(language)} ({weight}): {levels}")
        lines.append("")
    return lines
