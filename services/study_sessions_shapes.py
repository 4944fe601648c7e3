"""The JSON shapes of sessions of work; see services/shapes.py."""

from __future__ import annotations

from coursewright.services.shapes import COUNT, NUMBER, TIME, Schema, many, shape

COMPONENTS: dict[str, Schema] = {
    "StudySession": shape(
        began_at=TIME, ended_at=TIME, seconds=NUMBER, acts=COUNT, submitted=COUNT
    ),
    "StudySessions": shape(
        sessions=many("StudySession"), streak=shape(days=COUNT, today={"type": "boolean"})
    ),
}
