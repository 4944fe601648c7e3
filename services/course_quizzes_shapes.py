"""The JSON shapes of quizzes from the bank: as they are set, as one person takes them."""

from __future__ import annotations

from coursewright.records.bank_tables import QUIZ_STATES, TOLD
from coursewright.records.course import KINDS, MOST_ATTEMPTS
from coursewright.services.quizzes_shapes import ANSWER
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    paged,
    ref,
    shape,
)

FLAG: Schema = {"type": "boolean"}
PICK: Schema = {
    "oneOf": [
        shape(question={"type": "integer", "minimum": 1, "maximum": 2**63 - 1}),
        shape(
            concept={"type": "string", "minLength": 1, "maxLength": 80},
            count={"type": "integer", "minimum": 1, "maximum": 200},
        ),
    ]
}
SETTINGS: dict[str, Schema] = {
    "title": TEXT,
    "lesson": maybe(TEXT),
    "state": one_of(*QUIZ_STATES),
    "picks": {"type": "array", "items": PICK, "maxItems": 100},
    "minutes": maybe({"type": "integer", "minimum": 1, "maximum": 10_080}),
    "attempts": {"type": "integer", "minimum": 1, "maximum": MOST_ATTEMPTS},
    "shuffled": FLAG,
    "told": one_of(*TOLD),
    "opens_at": maybe(TIME),
    "closes_at": maybe(TIME),
    "zone": {"type": "string", "maxLength": 64},
}
SENT: Schema = {
    "type": "object",
    "properties": {**SETTINGS, "version": COUNT},
    "required": ["title", "picks"],
    "additionalProperties": False,
}
ANSWERS: Schema = {
    "type": "object",
    "properties": {
        "answers": {"type": "object", "additionalProperties": ANSWER, "maxProperties": 500}
    },
    "required": ["answers"],
    "additionalProperties": False,
}
TRIED = {
    "attempt": COUNT,
    "started_at": TIME,
    "submitted_at": TIME,
    "by_time": FLAG,
    "points": maybe(NUMBER),
    "max_points": NUMBER,
    "results": maybe(many("QuizResult")),
    "questions": many("QuizQuestion"),
}

COMPONENTS: dict[str, Schema] = {
    "CourseQuizSettings": shape(key=TEXT, **SETTINGS, version=COUNT),
    "CourseQuizSent": SENT,
    "CourseQuizMade": {
        **SENT,
        "properties": {"key": {"type": "string", "maxLength": 200}, **SENT["properties"]},
        "required": ["key", "title", "picks"],
    },
    "CourseQuizAsked": shape(
        key=TEXT,
        kind=one_of(*KINDS),
        prompt=TEXT,
        code=TEXT,
        options={"type": "array", "items": TEXT},
        points=NUMBER,
        answer=ANSWER,
    ),
    "CourseQuizRunning": shape(
        attempt=COUNT,
        started_at=TIME,
        deadline=maybe(TIME),
        seconds_left=maybe(NUMBER),
        saved_at=maybe(TIME),
        questions=many("CourseQuizAsked"),
    ),
    "CourseQuizTry": shape(**TRIED),
    "CourseQuiz": shape(
        key=TEXT,
        title=TEXT,
        lesson=maybe(TEXT),
        state=one_of(*QUIZ_STATES),
        asks=COUNT,
        minutes=maybe(COUNT),
        extra_minutes=COUNT,
        allowed=maybe(COUNT),
        left=maybe(COUNT),
        opens_at=maybe(TIME),
        closes_at=maybe(TIME),
        zone=TEXT,
        closed=maybe(TEXT),
        told=one_of(*TOLD),
        best=maybe(NUMBER),
        running=maybe(ref("CourseQuizRunning")),
        tries=many("CourseQuizTry"),
    ),
    "CourseQuizzes": shape(quizzes=many("CourseQuiz")),
    "CourseQuizAnswers": ANSWERS,
    "CourseQuizSaved": shape(
        attempt=COUNT,
        saved_at=maybe(TIME),
        seconds_left=maybe(NUMBER),
        wrong={"type": "object", "additionalProperties": TEXT},
    ),
    "CourseQuizReceipt": shape(
        attempt=COUNT,
        handed_in=FLAG,
        repeated=FLAG,
        by_time=FLAG,
        submitted_at=maybe(TIME),
        wrong={"type": "object", "additionalProperties": TEXT},
        quiz=ref("CourseQuiz"),
    ),
    "CourseQuizRelease": shape(quiz=TEXT, held=FLAG, with_lesson=FLAG, graded=COUNT),
    "CourseQuizLine": shape(
        person=TEXT,
        display_name=TEXT,
        attempt=COUNT,
        started_at=TIME,
        submitted_at=maybe(TIME),
        by_time=FLAG,
        points=maybe(NUMBER),
        max_points=NUMBER,
    ),
    "CourseQuizLines": paged(attempts=many("CourseQuizLine")),
}
