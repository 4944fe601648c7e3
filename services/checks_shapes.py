"""The JSON shapes of checks and of publishing."""

from __future__ import annotations

from coursewright.records.tables import CHECK_STATES
from coursewright.services.shapes import COUNT, TEXT, Schema, many, maybe, one_of, ref, shape

YES_OR_NO: Schema = {"type": "boolean"}

COMPONENTS: dict[str, Schema] = {
    "CheckNumber": shape(id=COUNT),
    "CheckFinding": shape(gate=TEXT, message=TEXT, blocks=YES_OR_NO, cell=maybe(TEXT)),
    "CheckedPlace": shape(
        place=TEXT,
        lesson=maybe(TEXT),
        exercise=maybe(TEXT),
        passed=YES_OR_NO,
        findings=many("CheckFinding"),
    ),
    "Check": shape(
        id=COUNT,
        course=TEXT,
        state=one_of(*CHECK_STATES),
        message=maybe(TEXT),
        done=COUNT,
        total=COUNT,
        accepted=maybe(YES_OR_NO),
        places=many("CheckedPlace"),
    ),
    "PublicationSent": {
        "type": "object",
        "properties": {
            "source": ref("Source"),
            "message": TEXT,
            "check": COUNT,
            "despite": maybe(TEXT),
            "base": maybe(COUNT),
        },
        "required": ["source", "message", "check"],
        "additionalProperties": False,
    },
    "Published": shape(version=COUNT, created=YES_OR_NO),
}
