"""The JSON shapes of readiness; see services/shapes.py."""

from __future__ import annotations

from coursewright.services.shapes import Schema, one_of, shape

COMPONENTS: dict[str, Schema] = {
    "Readiness": shape(
        status=one_of("ok", "degraded"),
        parts=shape(
            database=one_of("ok"),
            schema=one_of("current", "newer"),
            exchange=one_of("idle", "listening", "away"),
        ),
    ),
}
