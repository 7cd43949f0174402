"""The columns of the question sheet and the words in them, in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.text import Text

E = TypeVar("E", bound=StrEnum)

OPTION_LETTERS = "abcdefghijklmnopqrst"
"""Letters that columns of options may have: key points need more than options do."""
SHOWN_OPTIONS = 8
"""Pairs of option columns in the template: A to H."""
PART = "part"
"""The type of a row that is a task of the case above it."""
CASE_PART = Text("案例小题", "Case task")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. key: "stem.zh"; title: its heading; others: further headings it is known by."""

    key: str
    title: Text
    width: int = 14
    others: tuple[str, ...] = ()


def _both(
    key: str, zh: str, en: str, width: int, zh_others: str = "", en_others: str = ""
) -> list[Column]:
    """A column for each language. A heading without a language means the Chinese one."""
    bare = (zh, en, *zh_others.split(), *filter(None, en_others.split(",")))
    return [
        Column(
            f"{key}.zh",
            Text(f"{zh}（中文）", f"{en} (Chinese)"),
            width,
            (*bare, *(f"{other}{mark}" for other in bare for mark in ("中文", "zh", "chinese"))),
        ),
        Column(
            f"{key}.en",
            Text(f"{zh}（英文）", f"{en} (English)"),
            width,
            tuple(f"{other}{mark}" for other in bare for mark in ("英文", "en", "english")),
        ),
    ]


def option_columns(count: int) -> list[Column]:
    """The first `count` pairs of option columns."""
    return [
        column
        for letter in OPTION_LETTERS[:count]
        for column in _both(
            f"option.{letter}",
            f"选项{letter.upper()}",
            f"Option {letter.upper()}",
            24,
            f"{letter} 答案选项{letter} {letter}选项 {letter}项",
            f"choice {letter}",
        )
    ]


def feedback_columns(count: int) -> list[Column]:
    """The first `count` pairs of columns with what is said to those who choose an option."""
    return [
        column
        for letter in OPTION_LETTERS[:count]
        for column in _both(
            f"feedback.{letter}",
            f"选项{letter.upper()}反馈",
            f"Option {letter.upper()} feedback",
            20,
            f"反馈{letter}",
            f"feedback {letter}",
        )
    ]


HEAD = [
    Column(
        "id", Text("题号", "Id"), 11, ("编号", "题目编号", "序号", "no", "number", "question id")
    ),
    Column("type", Text("题型", "Type"), 10, ("题目类型", "试题类型", "类型", "question type")),
    Column("pool", Text("题库", "Pool"), 8, ("题池", "所属题库", "用途", "question pool")),
    Column(
        "points", Text("考点", "Points"), 12, ("知识点", "所属考点", "point", "knowledge points")
    ),
    Column("level", Text("认知层次", "Level"), 10, ("层次", "认知水平", "cognitive level")),
    Column("difficulty", Text("难度", "Difficulty"), 6, ("难易度", "难易程度", "难度系数")),
    *_both("stem", "题干", "Stem", 48, "题目 试题 问题 题目内容 试题内容 题干内容", "question"),
]
ANSWER = Column(
    "answer",
    Text("答案", "Answer"),
    12,
    ("正确答案", "标准答案", "key", "right answer", "correct answer"),
)
TAIL = [
    Column("fixed", Text("固定位置的选项", "Fixed options"), 10, ("固定选项", "fixed")),
    Column(
        "interchangeable",
        Text("各空可互换", "Gaps interchangeable"),
        10,
        ("答案可互换", "答案可互换顺序", "interchangeable"),
    ),
    Column("tolerance", Text("误差", "Tolerance"), 8, ("允许误差", "误差范围")),
    *_both("unit", "单位", "Unit", 8),
    Column("decimals", Text("小数位数", "Decimals"), 8, ("小数位", "保留小数", "decimal places")),
    Column("variables", Text("变量", "Variables"), 26, ("变量范围",)),
    *_both("distractors", "干扰项", "Distractors", 20),
    Column(
        "any_of",
        Text("答对几点得满分", "Key points for full marks"),
        10,
        ("满分要点数", "any of"),
    ),
    *_both("model_answer", "参考答案", "Model answer", 40, "答案要点 范文"),
    *_both("explanation", "解析", "Explanation", 40, "答案解析 试题解析 题目解析", "feedback"),
    Column("source", Text("来源", "Source"), 20, ("出处", "试题来源", "题目来源")),
]


def columns(options: int = SHOWN_OPTIONS, *, feedback: int = 0) -> list[Column]:
    """The columns of a sheet in their order."""
    return [*HEAD, *option_columns(options), *feedback_columns(feedback), ANSWER, *TAIL]


def heading(raw: object) -> str:
    """A heading as it is compared: without blanks, brackets, width and case."""
    folded = unicodedata.normalize("NFKC", str(raw)).casefold()
    return re.sub(r"[\s()\[\]【】*:_\-/·|.,]+", "", folded)


def keys_of(row: Sequence[Any]) -> list[str]:
    """The key of the column under each heading of a row, "" where it is none of ours."""
    return [KEYS.get(heading(cell), "") for cell in row]


def known_headings(row: Sequence[Any]) -> int:
    """How many different columns of ours a row names."""
    return len({key for key in keys_of(row) if key})


def _keys() -> dict[str, str]:
    found: dict[str, str] = {}
    every = columns(len(OPTION_LETTERS), feedback=len(OPTION_LETTERS))
    for column in every:
        for name in (column.key, column.title.zh, column.title.en):
            found[heading(name)] = column.key
    for column in every:
        for name in column.others:
            found.setdefault(heading(name), column.key)
    return found


KEYS: Mapping[str, str] = _keys()

TYPE_WORDS: Mapping[QuestionType, Text] = {
    QuestionType.SINGLE: Text("单选题", "Single choice"),
    QuestionType.MULTIPLE: Text("多选题", "Multiple choice"),
    QuestionType.TRUE_FALSE: Text("判断题", "True or false"),
    QuestionType.FILL_IN: Text("填空题", "Fill in"),
    QuestionType.NUMERIC: Text("计算题", "Numeric"),
    QuestionType.MATCHING: Text("配对题", "Matching"),
    QuestionType.ORDERING: Text("排序题", "Ordering"),
    QuestionType.SHORT_ANSWER: Text("简答题", "Short answer"),
    QuestionType.CASE: Text("案例题", "Case"),
}
POOL_WORDS: Mapping[Pool, Text] = {
    Pool.PRACTICE: Text("练习", "Practice"),
    Pool.EXAM: Text("考试", "Exam"),
}
LEVEL_WORDS: Mapping[Level, Text] = {
    Level.REMEMBER: Text("识记", "Remember"),
    Level.APPLY: Text("理解应用", "Apply"),
    Level.ANALYSE: Text("分析", "Analyse"),
}
DIFFICULTIES = (1, 2, 3, 4, 5)

_OTHER_WORDS: Mapping[StrEnum, str] = {
    QuestionType.SINGLE: "单选 单项选择 单项选择题 选择题 singlechoice mc",
    QuestionType.MULTIPLE: "多选 多项选择 多项选择题 不定项选择题 不定项 multiplechoice",
    QuestionType.TRUE_FALSE: "判断 是非题 是非 对错题 判断正误 truefalse tf",
    QuestionType.FILL_IN: "填空 fillintheblank fillinblank gap cloze",
    QuestionType.NUMERIC: "计算 数值题 数值 numerical calculation",
    QuestionType.MATCHING: "配对 匹配题 匹配 连线题 连线 match",
    QuestionType.ORDERING: "排序 排列题 order sequence",
    QuestionType.SHORT_ANSWER: "简答 问答题 问答 论述题 论述 主观题 名词解释 essay shortanswer",
    QuestionType.CASE: "案例 案例分析题 案例分析 综合题 材料题 casestudy",
    Pool.PRACTICE: "练习题库 练习题 练习池 practicepool",
    Pool.EXAM: "考试题库 考试题 考试池 试题库 exampool",
    Level.REMEMBER: "记忆 了解 识记层次 recall knowledge",
    Level.APPLY: "理解 应用 掌握 领会 understand application",
    Level.ANALYSE: "综合 评价 分析综合 analysis analyze",
}
_DIFFICULTY_WORDS = {
    "很易": 1, "极易": 1, "易": 2, "较易": 2, "容易": 2, "简单": 2, "中": 3, "中等": 3, "适中": 3,
    "一般": 3, "较难": 4, "难": 4, "困难": 4, "很难": 5, "极难": 5,
    "veryeasy": 1, "easy": 2, "medium": 3, "moderate": 3, "hard": 4, "difficult": 4, "veryhard": 5,
}  # fmt: skip
_PART_WORDS = frozenset(
    {"part", "案例小题", "小题", "子题", "小问", "casetask", "casepart", "task"}
)


def type_of(word: str) -> QuestionType | None:
    """The type that a word means."""
    return _TYPES.get(heading(word))


def pool_of(word: str) -> str | None:
    """The value of the pool that a word means."""
    pool = _POOLS.get(heading(word))
    return pool and pool.value


def level_of(word: str) -> str | None:
    """The value of the level that a word means."""
    level = _LEVELS.get(heading(word))
    return level and level.value


def difficulty_of(word: str) -> int | None:
    """1 to 5, as a digit, as stars or as a word."""
    folded = heading(word)
    if folded in _DIFFICULTY_WORDS:
        return _DIFFICULTY_WORDS[folded]
    if folded and not folded.strip("★☆"):
        return folded.count("★") or None
    return int(folded) if re.fullmatch(r"[1-5]", folded) else None


def is_part(word: str) -> bool:
    """Whether the row is a task of the case above it."""
    return heading(word) in _PART_WORDS


def _words(texts: Mapping[E, Text]) -> dict[str, E]:
    return {
        heading(word): member
        for member, text in texts.items()
        for word in (member.value, text.zh, text.en, *_OTHER_WORDS[member].split())
    }


_TYPES = _words(TYPE_WORDS)
_POOLS = _words(POOL_WORDS)
_LEVELS = _words(LEVEL_WORDS)
