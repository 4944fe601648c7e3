"""The JSON shapes of messages to a selection of a class."""

from __future__ import annotations

from coursewright.records.messages import LONGEST
from coursewright.services.shapes import COUNT, TEXT, TIME, Schema, many, maybe, shape

PERSON: Schema = {"type": "string", "minLength": 1, "maxLength": 255}

COMPONENTS: dict[str, Schema] = {
    "MessageSent": shape(
        to={"type": "array", "items": PERSON, "minItems": 1, "maxItems": 10_000},
        text={"type": "string", "minLength": 1, "maxLength": LONGEST},
    ),
    "MessageNumber": shape(id=COUNT),
    "SentMessageOf": shape(
        id=COUNT, sent_by=TEXT, text=TEXT, created_at=TIME, people=COUNT, read=COUNT
    ),
    "SentMessages": shape(messages=many("SentMessageOf")),
    "ReceivedMessage": shape(
        id=COUNT,
        course=TEXT,
        course_title=TEXT,
        sent_by=TEXT,
        text=TEXT,
        created_at=TIME,
        read_at=maybe(TIME),
    ),
    "ReceivedMessages": shape(messages=many("ReceivedMessage")),
}
