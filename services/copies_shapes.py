"""The JSON shapes of copies of work."""

from __future__ import annotations

from coursewright.services.shapes import COUNT, TEXT, TIME, Schema, many, maybe, paged, ref, shape

SHA: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

COMPONENTS: dict[str, Schema] = {
    "Copy": shape(lesson=TEXT, path=TEXT, sha256=SHA, size=COUNT, saved_at=TIME),
    "Copies": paged(copies=many("Copy")),
    "CopyAsked": shape(sha256=SHA, path={"type": "string", "minLength": 1, "maxLength": 1000}),
    "CopyFound": shape(copy=maybe(ref("Copy"))),
}
