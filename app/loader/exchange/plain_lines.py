"""What one line of a pasted question paper is: a heading, a question, options, an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.questions.kinds import QuestionType
from app.loader.exchange.sheet_columns import heading, type_of

LETTERS = "ABCDEFGHIJKLMNOPQRST"

_NUMERAL = "一二三四五六七八九十百"
_HEADING = re.compile(
    rf"(?P<count>第?[{_NUMERAL}]+(?:部分|大题)?\s*[、.．:：\s]|part\s+\w+\s*[.:]?\s|[IVX]+\.\s)?\s*"
    r"(?P<open>[【\[])?(?P<word>[^【】\[\]（）():：]{1,24})(?P<close>[】\]])?\s*"
    r"(?:[（(](?P<remark>.*)[)）])?\s*[:：]?",
    re.IGNORECASE,
)
_START = re.compile(
    r"(?P<bare>\d{1,4})\s*(?P<sign>[、,，:：)）]|[.．](?!\d))\s*(?P<text>.*)"
    r"|[（(]\s*(?P<round>\d{1,4})\s*[)）]\s*[、.．]?\s*(?P<text2>.*)"
    r"|(?:第\s*(?P<said>\d{1,4})\s*题|(?:Q|Question)\s*(?P<q>\d{1,4}))\s*[:：、.．)）]?\s*(?P<text3>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(
    r"(?:\d{1,2}\s*[、)）]|\d{1,2}[.．](?!\d)|[（(]\s*\d{1,2}\s*[)）]|[①-⑳])\s*", re.IGNORECASE
)
_MARK = (
    r"(?<![A-Za-z0-9Ａ-Ｚ])(?:[（(]\s*(?P<round>[{0}])\s*[)）]|(?P<bare>[{0}])\s*[.．、:：)）])\s*"
)
_TAG = re.compile(r"[【\[（(]\s*([^【】\[\]（）()]{2,16})\s*[】\])）]\s*")

_LABELS = {
    "answer": "答案 正确答案 标准答案 答 本题答案 answer rightanswer correctanswer key ans",
    "model_answer": "参考答案 参考答案要点 范例答案 modelanswer sampleanswer",
    "explanation": "解析 答案解析 试题解析 题目解析 解释 分析 explanation rationale feedback",
    "difficulty": "难度 难易度 难易程度 难度等级 difficulty",
    "points": "知识点 考点 所属考点 point points knowledgepoint knowledgepoints",
    "level": "认知层次 层次 认知水平 level cognitivelevel",
    "pool": "题库 题池 pool",
    "source": "来源 出处 source",
    "type": "题型 类型 type",
    "key_points": "采分点 得分点 评分要点 评分标准 要点 keypoints keypoint",
    "tolerance": "误差 允许误差 tolerance",
    "unit": "单位 unit",
    "id": "题号 编号 id",
    "score": "分值 分数 本题分值 score marks",
}
LABELS = {heading(word): field for field, words in _LABELS.items() for word in words.split()}
_LONGEST_LABEL = 16
_CLOSING = frozenset({"answer", "explanation", "difficulty", "points"})
"""Fields that may follow a stem or options without a new line."""
_SMALL = "abcdefghijklmnopqrstuvwxyz"
_LABEL = re.compile(
    r"(?:^|(?<=\s)|(?<=[。；;]))"
    rf"(?:[【\[]\s*(?P<boxed>[^【】\[\]]{{1,{_LONGEST_LABEL}}}?)\s*[】\]]\s*[:：]?"
    rf"|(?P<plain>[A-Za-z][A-Za-z ]{{0,{_LONGEST_LABEL}}}|[\u4e00-\u9fff]{{1,6}})\s*[:：])\s*"
)
_LISTS_TOO = frozenset({"选择题", "客观题"})
"""Headings that tell nothing of how many options are right."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over questions. type: None where it does not tell. known: whether we know it."""

    type: QuestionType | None
    remark: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Start:
    """The first line of a question. style: how its number is written."""

    number: int
    style: str
    text: str


def read_heading(line: str) -> Heading | None:
    """ "一、单选题（每题 2 分）", "【判断题】", "Part I. Multiple choice"."""
    match = _HEADING.fullmatch(line)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    word = re.sub(r"\s*questions?$", "", match["word"].strip(), flags=re.IGNORECASE)
    remark = (match["remark"] or "").strip()
    if heading(word) in _LISTS_TOO:
        return Heading(None, remark)
    kind = type_of(word)
    if kind is not None:
        return Heading(kind, remark)
    told_by_number = match["count"] and match["word"].rstrip().endswith("题")
    return Heading(None, remark, known=False) if told_by_number else None


def read_start(line: str) -> Start | None:
    """ "1、…", "1. …", "(1) …", "第1题 …", "Question 1: …"."""
    match = _START.fullmatch(line)
    if match is None:
        return None
    for group, text, style in (
        ("bare", "text", "bare"),
        ("round", "text2", "round"),
        ("said", "text3", "said"),
        ("q", "text3", "said"),
    ):
        if match[group]:
            return Start(int(match[group]), style, match[text].strip())
    return None


def read_options(line: str, expected: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the options of a line, and (letter, text) of each from `expected` on.

    Options of a line follow each other in the alphabet, so that a B. inside a text is none.
    """
    found: list[tuple[str, str]] = []
    before, position = line, 0
    letter: str | None = expected
    while letter:
        match = _mark_of(letter).search(line, position)
        if match is None:
            break
        text = line[position : match.start()].strip()
        if found:
            found[-1] = (found[-1][0], text)
        else:
            before = text
        found.append((letter, ""))
        position = match.end()
        letter = _next(letter)
    if found:
        found[-1] = (found[-1][0], line[position:].strip())
    return before, found


def read_labels(line: str) -> list[tuple[str, str]]:
    """(field, text) of "答案：B 解析：…"; empty where the line does not begin with a label."""
    marks = [(match, field) for match in _LABEL.finditer(line) if (field := _field_of(match))]
    if not marks or marks[0][0].start() != 0:
        return []
    ends = [match.start() for match, _ in marks[1:]] + [len(line)]
    return [
        (field, line[match.end() : end].strip())
        for (match, field), end in zip(marks, ends, strict=True)
    ]


def cut_labels(line: str) -> tuple[str, list[tuple[str, str]]]:
    """A stem or options, and the labels that follow them in the same line."""
    for match in _LABEL.finditer(line):
        known = _field_of(match) in _CLOSING and match[0][0] not in _SMALL
        if known and match.start() and (labels := read_labels(line[match.start() :])):
            return line[: match.start()].strip(), labels
    return line, []


def is_numbered(lines: Sequence[str]) -> bool:
    """Whether questions have numbers: lists below an answer do not count."""
    in_list = False
    for line in lines:
        if not line:
            in_list = False
        elif (labels := read_labels(line)) and not labels[-1][1]:
            in_list = True
        elif not in_list and read_start(line):
            return True
    return False


def read_tag(text: str) -> tuple[QuestionType | None, str]:
    """The type in brackets at the beginning or end of a stem, and the stem without it."""
    for match in (_TAG.match(text), *list(_TAG.finditer(text))[-1:]):
        if match is None or (kind := type_of(match[1])) is None:
            continue
        if match.start() == 0 or match.end() == len(text):
            return kind, (text[: match.start()] + text[match.end() :]).strip()
    return None, text


def list_items(text: str) -> list[str]:
    """The entries of a numbered list; empty where the text is none."""
    items: list[str] = []
    for line in text.split("\n"):
        pieces = _inline(line.strip())
        if not pieces:
            return []
        items.extend(pieces)
    return items


def is_item(line: str) -> int | None:
    """The number with which an entry of a list begins."""
    match = _ITEM.match(line)
    if match is None:
        return None
    digits = re.search(r"\d+", unicodedata.normalize("NFKC", match.group()))
    return int(digits.group()) if digits else None


def _inline(line: str) -> list[str]:
    """ "（1）甲；（2）乙" in one line."""
    starts = [match for match in _ITEM.finditer(line) if match.start() == 0 or _numbers(match)]
    if not starts or starts[0].start() != 0:
        return []
    ends = [match.start() for match in starts[1:]] + [len(line)]
    return [
        line[match.end() : end].strip().rstrip("；;，,")
        for match, end in zip(starts, ends, strict=True)
    ]


def _numbers(match: re.Match[str]) -> bool:
    """Whether it can be an entry inside a line: only numbers in brackets or circles are."""
    return not match.group().strip()[0].isdecimal()


def _field_of(match: re.Match[str]) -> str | None:
    return LABELS.get(heading(match["boxed"] or match["plain"]))


def _mark_of(letter: str) -> re.Pattern[str]:
    return _MARKS[letter]


def _next(letter: str) -> str | None:
    place = LETTERS.index(letter) + 1
    return LETTERS[place] if place < len(LETTERS) else None


_MARKS = {
    letter: re.compile(_MARK.format(f"{letter}{chr(ord(letter) + 0xFEE0)}{letter.lower()}"))
    for letter in LETTERS
}
