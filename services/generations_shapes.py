"""The JSON shapes of generated courses; services/schemas.py puts all shapes together."""

from __future__ import annotations

from coursewright.records.course import LEVELS
from coursewright.records.tables import GENERATION_STATES
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
    shape,
)

OBJECT: Schema = {"type": "object"}
SOURCES: Schema = {"type": "object", "additionalProperties": TEXT, "maxProperties": 20}
WHOLE: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53}
POSITIVE: Schema = {"type": "number", "exclusiveMinimum": 0}

GENERATION = {
    "id": COUNT,
    "topic": TEXT,
    "provider": TEXT,
    "state": one_of(*GENERATION_STATES),
    "message": maybe(TEXT),
    "course": maybe(TEXT),
    "requested_by": maybe(TEXT),
    "created_at": TIME,
    "settled_at": maybe(TIME),
}
LIMITS: Schema = {
    "type": "object",
    "properties": {
        "tokens": maybe(WHOLE),
        "money": maybe(POSITIVE),
        "seconds": maybe(POSITIVE),
    },
    "additionalProperties": False,
}

COMPONENTS: dict[str, Schema] = {
    "Provider": shape(name=TEXT, ready={"type": "boolean"}, why=TEXT),
    "GenerationOptions": shape(
        providers=many("Provider"),
        levels={"type": "array", "items": one_of(*LEVELS)},
        topics={"type": "array", "items": TEXT},
        defaults=OBJECT,
    ),
    "RequestSent": shape(request=OBJECT, provider=TEXT),
    "RequestProblem": shape(field=TEXT, message=TEXT),
    "RequestProblems": shape(problems=many("RequestProblem")),
    "Generation": shape(**GENERATION),
    "Generations": paged(generations=many("Generation")),
    "GenerationSent": {
        "type": "object",
        "properties": {
            "request": OBJECT,
            "provider": TEXT,
            "seed": {"type": "integer", "minimum": 0, "maximum": 2**31},
            "sources": SOURCES,
            "limits": LIMITS,
        },
        "required": ["request", "provider"],
        "additionalProperties": False,
    },
    "GenerationNumber": shape(id=COUNT),
    "Piece": shape(kind=TEXT, place=TEXT, state=TEXT, detail=TEXT, total=COUNT),
    "GenerationProgress": shape(
        **GENERATION,
        pieces=many("Piece"),
        calls=COUNT,
        tokens=COUNT,
        cost=maybe(NUMBER),
        report=maybe(OBJECT),
        seed=COUNT,
        limits=shape(tokens=maybe(COUNT), money=maybe(NUMBER), seconds=maybe(NUMBER)),
    ),
    "Receipts": shape(receipts=OBJECT),
    "LimitsSent": {
        "type": "object",
        "properties": {"limits": LIMITS},
        "additionalProperties": False,
    },
}
