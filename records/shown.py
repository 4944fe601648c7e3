"""What a submission's cells showed when they were graded: JSON beside the feedback page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import blobs
from coursewright.records.tables import Feedback, Grading

Outputs = Mapping[str, Sequence[Mapping[str, Any]]]


def keep(session: Session, outputs: Outputs) -> str | None:
    """By cell id, as nbformat has them. The SHA-256 to find them by; None where is nothing."""
    kept = {name: list(found) for name, found in outputs.items() if found}
    return blobs.put(session, json.dumps(kept).encode()) if kept else None


def shown(session: Session, submission_id: int) -> dict[str, list[dict[str, Any]]]:
    """What the newest grading has."""
    sha = session.scalar(
        select(Feedback.outputs_sha)
        .join(Grading, Grading.id == Feedback.grading_id)
        .where(Grading.submission_id == submission_id)
        .order_by(Grading.number.desc())
        .limit(1)
    )
    return {} if sha is None else json.loads(blobs.get(session, sha))
