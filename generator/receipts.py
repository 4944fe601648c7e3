"""A receipt for each piece: what it was made of, by whom, what it took, and what every gate saw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from coursewright.generator.calls import Call
from coursewright.generator.made import Generated
from coursewright.generator.outcomes import ExerciseOutcome, LessonOutcome, Outcome
from coursewright.generator.steps import digest


def receipts(made: Generated, maker: str, calls: Sequence[Call]) -> dict[str, dict[str, Any]]:
    """By place; all calls of the course stand in its own receipt."""
    pieces = [
        one
        for lesson in made.lessons
        for one in (lesson.text, *lesson.exercises, *lesson.questions)
    ]
    found = of_outcomes(pieces, maker)
    found["course"] = {
        "place": "course",
        "maker": maker,
        "request": digest(made.request),
        "outline": digest(made.outline),
        "gates": [gate.to_json() for gate in made.gates],
        "calls": [_call(call) for call in calls],
    }
    return found


def of_outcomes(outcomes: Iterable[Outcome], maker: str) -> dict[str, dict[str, Any]]:
    """By place."""
    return {
        outcome.place: {
            "place": outcome.place,
            "maker": maker,
            "state": outcome.state,
            "rounds": outcome.rounds,
            "reasons": outcome.reasons,
            "digest": digest(outcome.model_dump(mode="json", include={"draft"})),
            **_parts(outcome),
            "gates": outcome.gates,
        }
        for outcome in outcomes
    }


def _parts(outcome: Outcome) -> dict[str, Any]:
    """Hashes of what it consists of: two receipts tell whether two pieces are one."""
    draft = getattr(outcome, "draft", None)
    if isinstance(outcome, ExerciseOutcome) and draft is not None:
        return {
            "spec": digest(draft.spec),
            "reference": digest(draft.reference),
            "tests": digest(draft.tests),
        }
    if isinstance(outcome, LessonOutcome) and draft is not None:
        return {"text": digest(draft)}
    return {}


def _call(call: Call) -> dict[str, Any]:
    return {
        "key": call.key,
        "purpose": call.purpose,
        "model": call.model,
        "fingerprint": call.fingerprint,
        "prompt": call.prompt,
        "completion": call.completion,
        "cost": call.cost,
        "seconds": round(call.seconds, 2),
        "failure": call.failure,
    }


def write(directory: Path, found: dict[str, dict[str, Any]]) -> None:
    """One file a piece; its place is its name."""
    for place, receipt in found.items():
        path = directory / f"{place}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(receipt, indent=1) + "\n", encoding="utf-8")
