"""The examples and the instructions of the template: one question of each type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.questions.kinds import QuestionType
from app.domain.text import Text

_HEAD: Mapping[str, Any] = {
    "pool": "practice",
    "points": ["PL05"],
    "level": "apply",
    "difficulty": 2,
    "source": "教材第二章",
}

_BODIES: Sequence[Mapping[str, Any]] = (
    {
        "type": "single",
        "stem": {
            "zh": "顾客投诉时，首先应当做什么？",
            "en": "What comes first when a customer complains?",
        },
        "options": [
            {"zh": "说明公司规定", "en": "Explaining the rules of the company"},
            {"zh": "耐心倾听并致歉", "en": "Listening patiently and apologising", "right": True},
            {"zh": "请顾客写成书面材料", "en": "Asking for it in writing"},
        ],
        "explanation": {
            "zh": "先倾听和致歉，顾客才愿意一起解决问题。",
            "en": "Only who is heard first is ready to solve the problem together.",
        },
    },
    {
        "type": "multiple",
        "stem": {"zh": "下列哪些属于服务补救？", "en": "Which of these are service recovery?"},
        "options": [
            {"zh": "当场道歉", "en": "Apologising on the spot", "right": True},
            {"zh": "提高价格", "en": "Raising prices"},
            {"zh": "给予补偿", "en": "Giving compensation", "right": True},
            {"zh": "事后回访", "en": "Calling back later", "right": True},
        ],
        "explanation": {
            "zh": "道歉、补偿和回访都是补救，提高价格不是。",
            "en": "Apology, compensation and a call back are recovery; a higher price is not.",
        },
    },
    {
        "type": "true_false",
        "stem": {
            "zh": "内部顾客也需要优质服务。",
            "en": "Internal customers need good service too.",
        },
        "answer": True,
        "explanation": {
            "zh": "内部服务的质量决定外部服务的质量。",
            "en": "The quality of internal service decides that of external service.",
        },
    },
    {
        "type": "fill_in",
        "stem": {
            "zh": "SWOT 中的 S 指____，T 指____。",
            "en": "In SWOT, S stands for ____ and T for ____.",
        },
        "blanks": [
            {"zh": ["优势", "长处"], "en": ["strengths", "strength"]},
            {"zh": ["威胁"], "en": ["threats", "threat"]},
        ],
        "explanation": {
            "zh": "四个字母依次是优势、劣势、机会和威胁。",
            "en": "The letters stand for strengths, weaknesses, opportunities and threats.",
        },
    },
    {
        "type": "numeric",
        "stem": {
            "zh": "今年流失顾客 {n} 名，每名每年贡献 {a} 元，共损失多少元？",
            "en": "{n} customers left this year, each worth {a} yuan a year. What is the loss?",
        },
        "answer": "n * a",
        "variables": [
            {"name": "n", "least": 200, "most": 600, "step": 50},
            {"name": "a", "least": 900, "most": 1500, "step": 100},
        ],
        "tolerance": 1,
        "unit": {"zh": "元", "en": "yuan"},
        "decimals": 0,
        "explanation": {
            "zh": "人数乘以每人的年贡献。",
            "en": "The number of customers times the yearly value of each.",
        },
    },
    {
        "type": "matching",
        "stem": {"zh": "把做法与目的配对。", "en": "Match each practice with its aim."},
        "pairs": [
            {
                "left": {"zh": "记录顾客偏好", "en": "Recording preferences"},
                "right": {"zh": "个性化服务", "en": "Personal service"},
            },
            {
                "left": {"zh": "按客流排班", "en": "Staffing by traffic"},
                "right": {"zh": "缩短等候", "en": "Shorter queues"},
            },
            {
                "left": {"zh": "定期回访", "en": "Regular calls"},
                "right": {"zh": "维系关系", "en": "Lasting ties"},
            },
        ],
        "distractors": [{"zh": "降低工资", "en": "Lower wages"}],
        "explanation": {
            "zh": "每种做法对应它最直接的目的。",
            "en": "Each practice goes with its most direct aim.",
        },
    },
    {
        "type": "ordering",
        "stem": {
            "zh": "按先后顺序排列处理投诉的步骤。",
            "en": "Put the steps of handling a complaint in order.",
        },
        "items": [
            {"zh": "倾听", "en": "Listen"},
            {"zh": "查明原因", "en": "Find the cause"},
            {"zh": "提出方案", "en": "Propose a solution"},
            {"zh": "回访", "en": "Call back"},
        ],
        "explanation": {
            "zh": "先听清楚，再查原因，然后解决，最后确认。",
            "en": "First listen, then find the cause, solve it, and confirm at the end.",
        },
    },
    {
        "type": "short_answer",
        "stem": {
            "zh": "简述服务补救的要点，至少答出两点。",
            "en": "Name the main points of service recovery; give at least two.",
        },
        "key_points": [
            {
                "zh": "及时道歉",
                "en": "Apologise at once",
                "weight": 2,
                "synonyms": {"zh": ["致歉", "表示歉意"], "en": ["say sorry"]},
            },
            {"zh": "合理补偿", "en": "Fair compensation", "weight": 2},
            {"zh": "事后回访", "en": "Call back afterwards", "weight": 1},
        ],
        "any_of": 2,
        "model_answer": {
            "zh": "先及时道歉，再给予合理补偿，事后回访确认。",
            "en": "Apologise at once, compensate fairly, and call back to confirm.",
        },
        "explanation": {
            "zh": "答出任意两点即可得满分。",
            "en": "Any two points earn full marks.",
        },
    },
    {
        "type": "case",
        "level": "analyse",
        "difficulty": 4,
        "stem": {
            "zh": "某酒店的差评一年增加三成，多数提到前台等候太久。总经理请你提出改进方案。",
            "en": "Bad reviews of a hotel rose by a third in a year, most about queues. "
            "The manager asks you for a plan.",
        },
        "parts": [
            {
                "stem": {"zh": "分析差评增加的原因。", "en": "Analyse why bad reviews increased."},
                "model_answer": {
                    "zh": "高峰时人手不足，入住手续繁琐。",
                    "en": "Too few staff at peak hours, and check-in takes many steps.",
                },
                "criteria": [
                    {
                        "name": {"zh": "原因准确", "en": "Right causes"},
                        "weight": 4,
                        "levels": [
                            {"share": 1, "zh": "人手和手续都说到", "en": "Both staff and steps"},
                            {"share": 0.5, "zh": "只说到一项", "en": "One of them"},
                            {"share": 0, "zh": "没有说到", "en": "Neither"},
                        ],
                    }
                ],
            },
            {
                "stem": {"zh": "提出两条改进措施。", "en": "Propose two measures."},
                "model_answer": {
                    "zh": "按客流排班；推行网上预登记。",
                    "en": "Staff by traffic; let guests register online beforehand.",
                },
                "criteria": [
                    {
                        "name": {"zh": "措施可行", "en": "Workable measures"},
                        "weight": 6,
                        "levels": [
                            {"share": 1, "zh": "两条都可行", "en": "Both workable"},
                            {"share": 0, "zh": "没有可行的措施", "en": "None workable"},
                        ],
                    }
                ],
            },
        ],
        "explanation": {
            "zh": "原因要联系材料，措施要针对原因。",
            "en": "Causes must come from the text, and measures must fit the causes.",
        },
    },
)

EXAMPLE_QUESTIONS: Sequence[Mapping[str, Any]] = tuple(
    {"id": f"PL05-{number:02}", **_HEAD, **body} for number, body in enumerate(_BODIES, start=1)
)
"""A valid question of each type, as `Question.dump` gives it."""

GENERAL_HELP: Sequence[Text] = (
    Text(
        "在“题目”表中填写，一行一题；列的顺序可以调整，用不到的列可以空着或删除。",
        "Fill in the sheet “Questions”, one row per question. Columns may be moved; "
        "leave empty or delete those that you do not need.",
    ),
    Text(
        "“示例”表中每种题型各有一题，可以复制到“题目”表中修改；“示例”表不会被导入。",
        "The sheet “Examples” has a question of each type to copy and change; it is not imported.",
    ),
    Text(
        "题号留空即由系统编号；填写已有的题号（如 PL05-01）表示修改该题。",
        "Without an id a question gets a new one; with an id such as PL05-01 that one is changed.",
    ),
    Text(
        "考点可填多个，用逗号分开，第一个是主要考点。难度为 1（易）到 5（难）。",
        "Several points are separated by commas, the main one first. Difficulty is 1 (easy) to 5.",
    ),
    Text(
        "一个单元格内有几项内容时用竖线 | 分开；文字本身含有 | / = ; 或 \\ 时，在前面加反斜杠 \\。",
        "Several things in one cell are separated by a bar |. "
        "Where | / = ; or \\ belongs to the text, put a backslash before it.",
    ),
)

TYPE_HELP: Mapping[QuestionType, Text] = {
    QuestionType.SINGLE: Text(
        "选项填入选项A、选项B……（至少三个），答案填字母，如 B。",
        "Options in Option A, Option B and so on (three or more); the answer is a letter, as B.",
    ),
    QuestionType.MULTIPLE: Text(
        "选项至少四个，答案填字母，如 ACD。“以上都是”之类的选项不打乱次序，"
        "把它的字母填入“固定位置的选项”。",
        "Four options or more; the answer is letters such as ACD. "
        "Letters in Fixed options keep their place when options are shuffled.",
    ),
    QuestionType.TRUE_FALSE: Text("答案填“正确”或“错误”。", "The answer is True or False."),
    QuestionType.FILL_IN: Text(
        "题干中用四个下划线 ____ 表示空；选项A 填第一空的答案，选项B 填第二空，"
        "同一空的几种说法用 | 分开。",
        "Four underscores ____ are a gap. Option A has the answer of the first gap, "
        "Option B of the second; wordings of one gap are separated by |.",
    ),
    QuestionType.NUMERIC: Text(
        "答案填数字或算式；误差填数字，或带百分号的比例，如 5%；"
        "变量每行一个，如 n: 200 ~ 600, 步长 50，题干中写 {n}。",
        "The answer is a number or a formula; the tolerance is a number or a share such as 5%. "
        "Variables stand one per line, n: 200 ~ 600, step 50, and as {n} in the stem.",
    ),
    QuestionType.MATCHING: Text(
        "每个选项填一对“左 = 右”；多出的右项填入干扰项，用 | 分开。",
        "Each option has a pair, left = right; distractors are further right entries, "
        "separated by |.",
    ),
    QuestionType.ORDERING: Text(
        "各项按正确顺序填入选项A、选项B……",
        "The entries in their right order in Option A, Option B …",
    ),
    QuestionType.SHORT_ANSWER: Text(
        "每个选项填一个采分点，如：及时道歉（2分）| 致歉 | 表示歉意，竖线后是同义说法；"
        "另填参考答案。",
        "Each option has a key point: Apologise at once (2 points) | say sorry; "
        "other wordings follow the bar. The model answer has its own column.",
    ),
    QuestionType.CASE: Text(
        "第一行题型为“案例题”，题干填材料；下面每个小题一行，题型为“案例小题”，"
        "选项填评分标准，如：原因准确（4分）| 100%：全部说到 | 50%：说到一半 | 0%：没有说到。",
        "The first row is the Case with its situation as the stem. Each task follows in a row of "
        "type Case task; its options have the criteria: Causes (4 points) | 100%: all | 0%: none.",
    ),
}
