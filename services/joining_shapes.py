"""The shapes of joining and of where one stands."""

from __future__ import annotations

from coursewright.services.shapes import COUNT, TEXT, TIME, Schema, many, maybe, optional, shape

FLAG: Schema = {"type": "boolean"}

COMPONENTS: dict[str, Schema] = {
    "CodeSent": shape(code={"type": "string", "minLength": 1, "maxLength": 40}),
    "Code": shape(
        code=TEXT,
        uses=COUNT,
        left=maybe(COUNT),
        expires_at=maybe(TIME),
        valid=FLAG,
        section=maybe(TEXT),
    ),
    "Joining": shape(open=FLAG, codes=many("Code")),
    "JoiningSent": shape(open=FLAG),
    "CodeWanted": optional(
        expires_at=maybe(TIME),
        most_uses=maybe({"type": "integer", "minimum": 1, "maximum": 100_000}),
        section=maybe(TEXT),
    ),
    "ReadMark": shape(submission=COUNT),
    "Unread": shape(course=TEXT, lesson=TEXT, title=TEXT, submission=COUNT),
    "Due": shape(course=TEXT, course_title=TEXT, lesson=TEXT, title=TEXT, due=TIME, zone=TEXT),
    "Standing": shape(streak=shape(days=COUNT, today=FLAG), unread=many("Unread"), due=many("Due")),
}
