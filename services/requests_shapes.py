"""The shapes of requests about a mark."""

from __future__ import annotations

from coursewright.records.regrade_requests import LONGEST
from coursewright.records.tables import REQUEST_STATES
from coursewright.services.shapes import COUNT, TEXT, TIME, Schema, many, maybe, one_of, shape

FLAG: Schema = {"type": "boolean"}
WORDS: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
REQUEST: dict[str, Schema] = {
    "id": COUNT,
    "course": TEXT,
    "lesson": TEXT,
    "cell": TEXT,
    "title": TEXT,
    "submission": COUNT,
    "attempt": COUNT,
    "person": TEXT,
    "display_name": TEXT,
    "state": one_of(*REQUEST_STATES),
    "created_at": TIME,
    "changed_at": TIME,
}

COMPONENTS: dict[str, Schema] = {
    "MarkRequest": shape(**REQUEST),
    "MarkRequests": shape(requests=many("MarkRequest"), next=maybe(COUNT)),
    "MarkMessage": shape(author=TEXT, display_name=TEXT, teaches=FLAG, text=TEXT, written_at=TIME),
    "MarkThread": shape(**REQUEST, messages=many("MarkMessage")),
    "MarkAsked": shape(cell={"type": "string", "minLength": 1, "maxLength": 255}, text=WORDS),
    "MarkMessageSent": {
        "type": "object",
        "properties": {"text": WORDS, "settle": FLAG},
        "required": ["text"],
        "additionalProperties": False,
    },
    "MarkRequestState": shape(settled=FLAG),
}
