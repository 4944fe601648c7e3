"""The JSON shapes of a class at work: what pods tell, the live list, the queue, releases."""

from __future__ import annotations

from coursewright.records.activity import NAMES
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

SHORT: Schema = {"type": "string", "maxLength": 255}
YES_OR_NO: Schema = {"type": "boolean"}
STATE = one_of("received", "graded", "failed")

COMPONENTS: dict[str, Schema] = {
    "ActivitySent": shape(
        name=one_of(*NAMES),
        lesson=SHORT,
        exercise=maybe(SHORT),
        detail={"type": "object", "maxProperties": 8, "additionalProperties": COUNT},
    ),
    "Activity": shape(kept=YES_OR_NO),
    "Pupil": shape(
        person=TEXT,
        display_name=TEXT,
        section=maybe(TEXT),
        group=maybe(TEXT),
        here=YES_OR_NO,
        lesson=maybe(TEXT),
        exercise=maybe(TEXT),
        checks=COUNT,
        hints=COUNT,
        attempts=COUNT,
        passed=maybe(COUNT),
        total=maybe(COUNT),
        points=maybe(NUMBER),
        max_points=maybe(NUMBER),
        submission=maybe(COUNT),
        stuck_since=maybe(TIME),
        last_at=maybe(TIME),
    ),
    "ClassRow": shape(
        person=TEXT,
        display_name=TEXT,
        section=maybe(TEXT),
        group=maybe(TEXT),
        here=YES_OR_NO,
        lesson=TEXT,
        exercise=TEXT,
        checks=COUNT,
        attempts=COUNT,
        hints=COUNT,
        result=TEXT,
        stuck_since=maybe(TIME),
        last_at=maybe(TIME),
    ),
    "ClassRows": shape(id=COUNT, at=TIME, rows=many("ClassRow")),
    "ClassExercise": shape(key=TEXT, title=TEXT),
    "ClassLesson": shape(key=TEXT, title=TEXT, held=YES_OR_NO, exercises=many("ClassExercise")),
    "ClassTotals": shape(students=COUNT, here=COUNT, stuck=COUNT, waiting=COUNT),
    "Class": paged(
        at=TIME,
        title=TEXT,
        role=maybe(TEXT),
        lessons=many("ClassLesson"),
        sections={"type": "array", "items": TEXT},
        groups={"type": "array", "items": TEXT},
        totals=ref("ClassTotals"),
        students=many("Pupil"),
    ),
    "Waiting": shape(
        submission=COUNT,
        person=maybe(TEXT),
        display_name=TEXT,
        lesson=TEXT,
        attempt=COUNT,
        received_at=TIME,
        cells=COUNT,
    ),
    "Ungraded": paged(waiting=many("Waiting")),
    "Paper": shape(
        submission=COUNT,
        person=maybe(TEXT),
        display_name=TEXT,
        lesson=TEXT,
        title=TEXT,
        attempt=COUNT,
        received_at=TIME,
        state=STATE,
        cells=many("MarkedCell"),
        items=many("RubricItem"),
    ),
    "Release": shape(lesson=TEXT, held=YES_OR_NO, held_at=maybe(TIME), graded=COUNT),
    "ReleaseSent": shape(held=YES_OR_NO),
}
