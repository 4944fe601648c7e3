"""The shapes of final grades: weights, exceptions, where somebody stands."""

from __future__ import annotations

from coursewright.records.weights import HEAVIEST, MOST, MOST_DROPPED, MOST_POINTS, NAME, REASON
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    ref,
    shape,
)

FLAG: Schema = {"type": "boolean"}
ITEM = shape(lesson=TEXT, quiz=TEXT)

COMPONENTS: dict[str, Schema] = {
    "GradeCategory": shape(
        name={"type": "string", "minLength": 1, "maxLength": NAME},
        weight={"type": "number", "minimum": 0, "maximum": HEAVIEST},
        drop_lowest={"type": "integer", "minimum": 0, "maximum": MOST_DROPPED},
        items={"type": "array", "items": ITEM, "maxItems": 1000},
    ),
    "Weights": shape(
        categories={"type": "array", "items": ref("GradeCategory"), "maxItems": MOST},
    ),
    "GradePart": shape(
        name=TEXT, weight=NUMBER, drop_lowest=COUNT, percent=maybe(NUMBER), final=maybe(NUMBER)
    ),
    "GradeException": shape(excused=FLAG, points=maybe(NUMBER), reason=TEXT, made_at=TIME),
    "GradeExceptionSent": {
        "type": "object",
        "properties": {
            "excused": FLAG,
            "points": maybe({"type": "number", "minimum": 0, "maximum": MOST_POINTS}),
            "reason": {"type": "string", "minLength": 1, "maxLength": REASON},
        },
        "required": ["reason"],
        "additionalProperties": False,
    },
    "GradeEntry": shape(
        lesson=TEXT,
        quiz=TEXT,
        title=TEXT,
        category=maybe(TEXT),
        state=one_of("open", "missing", "waiting", "held", "graded", "excused"),
        points=maybe(NUMBER),
        max_points=NUMBER,
        pending=NUMBER,
        dropped=FLAG,
        submission=maybe(COUNT),
        due=maybe(TIME),
        exception=maybe(ref("GradeException")),
    ),
    "StudentGrade": shape(
        person=TEXT,
        display_name=TEXT,
        group=maybe(TEXT),
        percent=maybe(NUMBER),
        final=maybe(NUMBER),
        categories=many("GradePart"),
        items=many("GradeEntry"),
    ),
    "Completion": shape(
        offered=FLAG, done=FLAG, missing={"type": "array", "items": TEXT}, code=maybe(TEXT)
    ),
    "Grades": shape(students=many("StudentGrade"), total=COUNT, next=maybe(TEXT)),
}
