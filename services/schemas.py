"""The JSON shapes of the API (JSON Schema 2020-12), and what each verb says about itself.

One source: these schemas check what comes in, stand in the OpenAPI document, and are what the
tests hold every answer against.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from coursewright.grader.mastery import LEVELS as LEVELS_OF_MASTERY
from coursewright.grader.mastery import WEIGHTS
from coursewright.records.accommodations import LARGEST, MOST_MINUTES, REASON
from coursewright.records.course import LEVELS
from coursewright.records.errors import Invalid
from coursewright.records.tables import PROPOSAL_STATES
from coursewright.services import (
    bank_shapes,
    checks_shapes,
    classroom_shapes,
    copies_shapes,
    course_quizzes_shapes,
    generations_shapes,
    grades_shapes,
    health_shapes,
    hints_shapes,
    joining_shapes,
    life_shapes,
    messages_shapes,
    quizzes_shapes,
    requests_shapes,
    roster_shapes,
    sources_shapes,
    study_sessions_shapes,
    versions_shapes,
)
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    PART,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    optional,
    paged,
    ref,
    shape,
)

# jsonschema imports this package only for its `iri` format check, which no schema here uses;
# building its grammars takes as long as the rest of the service's start.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from jsonschema import Draft202012Validator  # noqa: E402

V = TypeVar("V", bound=Callable[..., Any])

ROLE = one_of("student", "assistant", "instructor")
STATE = one_of("received", "graded", "failed", "held")

# A time that is sent may also be without an offset; then it is one of the zone.
DEADLINE = {
    "due": maybe(TEXT),
    "zone": TEXT,
    "grace_minutes": COUNT,
    "penalty_per_day": PART,
    "penalty_cap": PART,
    "cut_off": maybe(TEXT),
    "attempts": maybe(COUNT),
}
EXTENSION = {
    "due": maybe(TEXT),
    "cut_off": maybe(TEXT),
    "extra_attempts": {"type": "integer", "minimum": 0, "maximum": 10_000},
    "reason": TEXT,
}

EXTRA_TIME = {
    "factor": {"type": "number", "minimum": 1, "maximum": LARGEST},
    "minutes": {"type": "integer", "minimum": 0, "maximum": MOST_MINUTES},
    "reason": {"type": "string", "maxLength": REASON},
}

REGRADE = {
    "id": COUNT,
    "state": one_of("grading", "ready", "applied", "discarded"),
    "lesson": maybe(TEXT),
    "person": maybe(TEXT),
    "cell": maybe(TEXT),
    "requested_by": maybe(TEXT),
    "created_at": TIME,
    "total": COUNT,
    "done": COUNT,
    "failed": COUNT,
}

COMPONENTS: dict[str, Schema] = {
    "Problem": shape(type=TEXT, title=TEXT, status=COUNT, detail=TEXT, request_id=TEXT),
    "Course": shape(
        key=TEXT,
        title=TEXT,
        summary=TEXT,
        level=one_of(*LEVELS),
        version=COUNT,
        lessons=COUNT,
        role=maybe(ROLE),
    ),
    "Catalogue": paged(courses=many("Course")),
    "Nothing": {"type": "object", "maxProperties": 0},
    "LessonStanding": shape(
        key=TEXT,
        title=TEXT,
        minutes=COUNT,
        objectives={"type": "array", "items": TEXT},
        points=NUMBER,
        state=one_of("new", "submitted", "graded", "failed", "held"),
        unread=maybe(COUNT),
        score=maybe(NUMBER),
        max_score=maybe(NUMBER),
        attempts=COUNT,
        due=maybe(TIME),
        cut_off=maybe(TIME),
        zone=maybe(TEXT),
        allowed=maybe(COUNT),
        late=maybe(ref("Late")),
        changed_in=COUNT,
    ),
    "Late": shape(days=COUNT, penalty=PART, raw_score=maybe(NUMBER), sentence=TEXT),
    "Module": shape(key=TEXT, title=TEXT, lessons=many("LessonStanding")),
    "Outline": shape(key=TEXT, title=TEXT, summary=TEXT, version=COUNT, modules=many("Module")),
    "Notebook": {
        "type": "object",
        "description": "A Jupyter notebook, nbformat 4",
        "properties": {
            "nbformat": {"const": 4},
            "nbformat_minor": COUNT,
            "metadata": {"type": "object"},
            "cells": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["nbformat", "nbformat_minor", "metadata", "cells"],
    },
    "Lesson": shape(key=TEXT, title=TEXT, version=COUNT, notebook=ref("Notebook")),
    "Receipt": shape(
        id=COUNT,
        attempt=COUNT,
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        received_at=TIME,
        state=STATE,
        repeated={"type": "boolean"},
    ),
    "Cell": shape(
        grade_id=TEXT,
        exercise=maybe(TEXT),
        title=TEXT,
        points=NUMBER,
        max_points=NUMBER,
        status=one_of("passed", "failed", "partial", "manual", "error", "timeout"),
        message=TEXT,
    ),
    "Submission": shape(
        id=COUNT,
        attempt=COUNT,
        received_at=TIME,
        state=STATE,
        points=maybe(NUMBER),
        max_points=maybe(NUMBER),
        mode=maybe(one_of("shared", "isolated")),
        cells=many("Cell"),
        sha256=TEXT,
        raw_points=maybe(NUMBER),
        late=maybe(ref("Late")),
    ),
    "Submissions": paged(submissions=many("Submission")),
    "Members": paged(members=many("Member")),
    "Role": shape(role=ROLE),
    "GradebookRow": shape(
        person=TEXT,
        display_name=TEXT,
        role=maybe(ROLE),
        lesson=TEXT,
        submission_id=maybe(COUNT),
        attempt=COUNT,
        points=maybe(NUMBER),
        max_points=maybe(NUMBER),
        state=one_of("new", "received", "graded", "failed"),
        mode=maybe(one_of("shared", "isolated")),
        received_at=maybe(TIME),
        raw_points=maybe(NUMBER),
        days_late=COUNT,
    ),
    "Gradebook": paged(rows=many("GradebookRow")),
    "Deadline": shape(lesson=TEXT, **DEADLINE),
    "Extension": shape(lesson=TEXT, person=maybe(TEXT), group=maybe(TEXT), **EXTENSION),
    "Deadlines": shape(
        deadlines=many("Deadline"),
        extensions=many("Extension"),
        groups={"type": "object", "additionalProperties": TEXT},
    ),
    "DeadlineSent": optional(**DEADLINE),
    "ExtensionSent": optional(**EXTENSION),
    "ExtraTime": shape(**EXTRA_TIME, person=TEXT, display_name=TEXT),
    "ExtraTimes": shape(people=many("ExtraTime")),
    "ExtraTimeSent": optional(**EXTRA_TIME),
    "Group": shape(group=maybe(TEXT)),
    "Regrade": shape(**REGRADE),
    "Regrades": paged(regrades=many("Regrade")),
    "RegradeSent": optional(lesson=TEXT, person=TEXT, cell=TEXT),
    "CellChange": shape(
        grade_id=TEXT,
        points_before=maybe(NUMBER),
        points_after=maybe(NUMBER),
        status_before=maybe(TEXT),
        status_after=maybe(TEXT),
    ),
    "Difference": shape(
        submission_id=COUNT,
        person=TEXT,
        display_name=TEXT,
        lesson=TEXT,
        attempt=COUNT,
        state=one_of(*PROPOSAL_STATES),
        points_before=maybe(NUMBER),
        points_after=maybe(NUMBER),
        max_points_before=maybe(NUMBER),
        max_points_after=maybe(NUMBER),
        error=maybe(TEXT),
        cells=many("CellChange"),
    ),
    "RegradeWithDifferences": shape(**REGRADE, differences=many("Difference")),
    "RubricItem": shape(id=COUNT, grade_id=TEXT, label=TEXT, points=NUMBER),
    "Rubric": shape(items=many("RubricItem")),
    "RubricItemSent": shape(grade_id=TEXT, label=TEXT, points=NUMBER),
    "RubricItemChanged": shape(label=TEXT, points=NUMBER),
    "RubricChange": shape(submissions=COUNT),
    "Mark": shape(
        number=COUNT,
        counts={"type": "boolean"},
        items={"type": "array", "items": COUNT},
        adjustment=NUMBER,
        extra_credit=NUMBER,
        keeps={"type": "boolean"},
        comment=TEXT,
        marked_by=TEXT,
        marked_at=TIME,
    ),
    "MarkedCell": shape(
        grade_id=TEXT,
        exercise=maybe(TEXT),
        points=NUMBER,
        max_points=NUMBER,
        status=TEXT,
        message=TEXT,
        version=COUNT,
        before=NUMBER,
        history=many("Mark"),
    ),
    "Marks": shape(cells=many("MarkedCell")),
    "MarkSent": optional(
        items={"type": "array", "items": COUNT, "maxItems": 100},
        adjustment=NUMBER,
        extra_credit={"type": "number", "minimum": 0},
        keeps={"type": "boolean"},
        comment=TEXT,
    ),
    "Concept": shape(
        concept=TEXT,
        score=PART,
        level=one_of(*(level.name for level in LEVELS_OF_MASTERY)),
        colour=one_of(*(level.colour for level in LEVELS_OF_MASTERY)),
        evidence=shape(**{name: maybe(PART) for name in WEIGHTS}),
        updated_at=TIME,
    ),
    "Mastery": shape(concepts=many("Concept")),
    "Health": shape(status=one_of("ok")),
    **health_shapes.COMPONENTS,
    **study_sessions_shapes.COMPONENTS,
    **versions_shapes.COMPONENTS,
    **generations_shapes.COMPONENTS,
    **sources_shapes.COMPONENTS,
    **checks_shapes.COMPONENTS,
    **copies_shapes.COMPONENTS,
    **classroom_shapes.COMPONENTS,
    **joining_shapes.COMPONENTS,
    **life_shapes.COMPONENTS,
    **quizzes_shapes.COMPONENTS,
    **hints_shapes.COMPONENTS,
    **roster_shapes.COMPONENTS,
    **grades_shapes.COMPONENTS,
    **requests_shapes.COMPONENTS,
    **messages_shapes.COMPONENTS,
    **bank_shapes.COMPONENTS,
    **course_quizzes_shapes.COMPONENTS,
}


@dataclass(frozen=True)
class About:
    """What a verb takes and gives: names in COMPONENTS, or a media type for what is not JSON.

    `conflicts`: what it asks may contradict what is stored (409). `slowed`: it may be tried too
    often (429). `query`: what may stand behind the address's question mark; `needed` must.
    `matched`: it honours If-Match (412).
    """

    answers: Mapping[int, str] = field(default_factory=dict)
    takes: str | None = None
    headers: Mapping[str, Schema] = field(default_factory=dict)
    conflicts: bool = False
    slowed: bool = False
    query: Mapping[str, Schema] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    matched: bool = False


def documented(
    answers: Mapping[int, str],
    *,
    takes: str | None = None,
    headers: Mapping[str, Schema] | None = None,
    conflicts: bool = False,
    slowed: bool = False,
    query: Mapping[str, Schema] | None = None,
    needed: tuple[str, ...] = (),
    matched: bool = False,
) -> Callable[[V], V]:
    """Write down beside a verb what it takes and gives; stands above its guard."""
    names = [name for name in (*answers.values(), takes) if name and "/" not in name]
    unknown = [name for name in names if name not in COMPONENTS]
    if unknown:
        raise ValueError(f"No such schema: {', '.join(unknown)}")

    def note(verb: V) -> V:
        told = (answers, takes, headers or {}, conflicts, slowed, query or {}, needed, matched)
        verb.about = About(*told)  # type: ignore[attr-defined]
        return verb

    return note


def about(verb: Callable[..., Any]) -> About:
    return getattr(verb, "about", About())


def validate(data: Any, name: str | None) -> Any:
    """`data`, when it has the shape `name`; raises Invalid with the first place that has not."""
    if name is None:
        raise Invalid("This address takes no body")
    schema = {"components": {"schemas": COMPONENTS}, **ref(name)}
    error = next(iter(sorted(Draft202012Validator(schema).iter_errors(data), key=str)), None)
    if error is not None:
        raise Invalid(f"The body does not fit at {error.json_path}: {error.message}")
    return data
