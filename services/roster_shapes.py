"""The JSON shapes of a course's people: rosters, sections, places and the line, looks."""

from __future__ import annotations

from coursewright.services.shapes import (
    COUNT,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    optional,
    shape,
)

FLAG: Schema = {"type": "boolean"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 255}
LABEL: Schema = {"type": "string", "minLength": 1, "maxLength": 80}
ROLE = one_of("student", "assistant", "instructor")
ROOM: Schema = {"type": "integer", "minimum": 0, "maximum": 100_000}
PAIR: Schema = {"type": "array", "items": maybe(TEXT), "minItems": 2, "maxItems": 2}
NAMES: Schema = {"type": "array", "items": NAME, "maxItems": 20_000}

COMPONENTS: dict[str, Schema] = {
    "Enrolment": shape(course=TEXT, role=maybe(ROLE), place=maybe(COUNT), waiting=COUNT),
    "Member": shape(
        name=TEXT,
        display_name=TEXT,
        role=ROLE,
        since=TIME,
        section=maybe(TEXT),
        group=maybe(TEXT),
    ),
    "RosterSent": {
        **optional(csv=TEXT, apply=FLAG, seen={"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        "required": ["csv"],
    },
    "RosterChange": shape(
        line=COUNT,
        name=TEXT,
        display_name=TEXT,
        role=ROLE,
        section=maybe(TEXT),
        group=maybe(TEXT),
        differs={"type": "object", "additionalProperties": PAIR},
    ),
    "WrongLine": shape(line=COUNT, name=TEXT, reason=TEXT),
    "RosterPlan": shape(
        applied=FLAG,
        added=many("RosterChange"),
        changed=many("RosterChange"),
        unchanged=COUNT,
        wrong=many("WrongLine"),
        sections={"type": "array", "items": TEXT},
        ignored={"type": "array", "items": TEXT},
        beyond=COUNT,
        digest=TEXT,
    ),
    "Section": shape(
        name=TEXT,
        capacity=maybe(COUNT),
        students=COUNT,
        assistants={"type": "array", "items": TEXT},
    ),
    "Sections": shape(sections=many("Section")),
    "SectionSent": optional(capacity=maybe(ROOM), assistants=NAMES, name=LABEL),
    "PlacementSent": {
        **optional(people=NAMES, section=maybe(LABEL), group=maybe(LABEL), beyond=FLAG),
        "required": ["people"],
    },
    "Placement": shape(moved=COUNT),
    "PersonInLine": shape(
        name=TEXT, display_name=TEXT, section=maybe(TEXT), place=COUNT, since=TIME
    ),
    "Line": shape(capacity=maybe(COUNT), taken=COUNT, may_wait=FLAG, waiting=many("PersonInLine")),
    "PlacesSent": shape(capacity=maybe(ROOM), may_wait=FLAG),
    "TurnSent": shape(place={"type": "integer", "minimum": 1, "maximum": 1_000_000}),
    "MyTurn": shape(course=TEXT, title=TEXT, place=COUNT, waiting=COUNT, since=TIME),
    "MyTurns": shape(waiting=many("MyTurn")),
    "Look": shape(
        id=COUNT,
        at=TIME,
        by=TEXT,
        what=TEXT,
        lesson=maybe(TEXT),
        submission=maybe(COUNT),
        request_id=maybe(TEXT),
    ),
    "Looks": shape(looks=many("Look"), next=maybe(COUNT)),
}
