"""The JSON shapes of services/hints.py."""

from __future__ import annotations

from coursewright.services.shapes import COUNT, TEXT, Schema, ref, shape

COMPONENTS: dict[str, Schema] = {
    "Hints": shape(tiers=COUNT, given={"type": "array", "items": TEXT}),
    "LessonHints": shape(exercises={"type": "object", "additionalProperties": ref("Hints")}),
    "HintAsked": shape(tier={"type": "integer", "minimum": 1, "maximum": 1000}),
}
