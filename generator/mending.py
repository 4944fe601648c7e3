"""What of an exercise a repair may change: the parts that the findings are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from coursewright.generator import fitness
from coursewright.generator.drafts import (
    Draft,
    ExerciseDraft,
    Hints,
    Line,
    Reference,
    Spec,
    Tests,
    Wrong,
)
from coursewright.generator.gates.gate import Finding

ALL = ("spec", "reference", "tests", "wrong", "hints")
# Where a fault that a gate names can lie; a gate that is not here may be about anything. Wrong
# answers follow the promises, so they may change where those may.
PARTS = {
    "G2": ("spec", "reference", "tests", "wrong"),
    "G3": ("spec", "reference", "tests", "wrong"),
    "G4": ("tests",),
    "G5": ("spec", "tests", "wrong"),
    "G6": ("reference", "tests"),
    "G7": ("tests", "wrong"),
    "G8": ("reference", "tests"),
    "G9": ("reference", "tests"),
    "G10": ("spec", "tests", "hints"),
    "G11": ("spec",),
    "solver": ("spec", "tests", "wrong"),
}
# Characters of a finding's evidence that are worth sending.
EVIDENCE = 6000


class Mended(Draft):
    """The parts that were changed; `why` is what was wrong."""

    spec: Spec | None
    reference: Reference | None
    tests: Tests | None
    wrong: Wrong | None
    hints: Hints | None
    why: Line


def parts(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The parts that may be changed, in their order."""
    named = {part for finding in findings for part in PARTS.get(finding.gate, ALL)}
    return tuple(part for part in ALL if part in named)


def told(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings as a model gets them."""
    return [
        {
            "gate": finding.gate,
            "message": finding.message,
            "evidence": json.dumps(dict(finding.evidence), default=str)[:EVIDENCE],
        }
        for finding in findings
    ]


def mend(draft: ExerciseDraft, mended: Mended, allowed: Sequence[str]) -> ExerciseDraft:
    """The draft with the changed parts that may be changed. An answer to another spec is void."""
    changes = _changes(mended, allowed)
    if "spec" in changes:
        names = ("key", "title", "concepts")
        kept = {name: getattr(draft.spec, name) for name in names}
        changes["spec"] = changes["spec"].model_copy(update=kept)
    return draft.model_copy(update={**changes, "second": None})


def wrong_with(mended: Mended, draft: ExerciseDraft, allowed: Sequence[str]) -> Iterator[str]:
    """What cannot be right about a repair, in a part that it gives or one that it puts wrong."""
    changes = _changes(mended, allowed)
    if not changes:
        yield f"nothing was changed; give at least one of {', '.join(allowed)}"
    if "spec" in changes:
        yield from (f"spec.{found}" for found in fitness.spec(changes["spec"]))
    before = set(_faults(draft))
    for name, found in _faults(draft.model_copy(update=changes)):
        if name in changes or ("spec" in changes and (name, found) not in before):
            yield f"{name}.{found}"


def _faults(draft: ExerciseDraft) -> Iterator[tuple[str, str]]:
    spec = draft.spec
    yield from (("reference", one) for one in fitness.reference(draft.reference, spec))
    yield from (("tests", one) for one in fitness.tests(draft.tests, spec))
    yield from (("wrong", one) for one in fitness.wrong(draft.wrong, spec))


def _changes(mended: Mended, allowed: Sequence[str]) -> dict[str, Any]:
    given = {name: getattr(mended, name) for name in allowed}
    return {name: part for name, part in given.items() if part is not None}
