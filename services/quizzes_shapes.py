"""The JSON shapes of quizzes: as one person is asked, and what they answered."""

from __future__ import annotations

from coursewright.records.course import KINDS
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    shape,
)

YES_OR_NO: Schema = {"type": "boolean"}
# Options by their place among those shown, from 0; a number as it was written; text.
ANSWER: Schema = {
    "anyOf": [
        {"type": "null"},
        {"type": "number"},
        {"type": "string", "maxLength": 10_000},
        {"type": "array", "items": COUNT, "maxItems": 100},
    ]
}
SENT: Schema = {
    "type": "object",
    "properties": {
        "answers": {"type": "object", "additionalProperties": ANSWER, "maxProperties": 500},
        "version": maybe({"type": "integer", "minimum": 1}),
    },
    "required": ["answers"],
    "additionalProperties": False,
}

COMPONENTS: dict[str, Schema] = {
    "QuizQuestion": shape(
        key=TEXT,
        kind=one_of(*KINDS),
        prompt=TEXT,
        code=TEXT,
        options={"type": "array", "items": TEXT},
        points=NUMBER,
    ),
    "QuizTry": shape(attempt=COUNT, submitted_at=TIME, points=maybe(NUMBER), max_points=NUMBER),
    "QuizReason": shape(option=COUNT, text=TEXT),
    "QuizResult": shape(
        key=TEXT,
        answer=ANSWER,
        answered=YES_OR_NO,
        right=YES_OR_NO,
        points=NUMBER,
        max_points=NUMBER,
        explanation=TEXT,
        reasons=many("QuizReason"),
        solution=ANSWER,
    ),
    "Quiz": shape(
        key=TEXT,
        title=TEXT,
        questions=many("QuizQuestion"),
        allowed=maybe(COUNT),
        left=maybe(COUNT),
        closed=maybe(TEXT),
        best=maybe(NUMBER),
        max_points=NUMBER,
        tries=many("QuizTry"),
        results=many("QuizResult"),
        held=YES_OR_NO,
    ),
    "Quizzes": shape(lesson=TEXT, version=COUNT, quizzes=many("Quiz")),
    "QuizAnswers": SENT,
    "QuizReceipt": shape(
        attempt=COUNT,
        submitted_at=TIME,
        points=maybe(NUMBER),
        max_points=NUMBER,
        repeated=YES_OR_NO,
        version=COUNT,
        quiz={"$ref": "#/components/schemas/Quiz"},
    ),
}
