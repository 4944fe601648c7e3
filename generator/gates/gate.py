"""What a gate says: each looks at one exercise, quiz item, lesson or course, and blocks or lets by.

The gates are numbered as in ../docs/gates.md. A finding is a sentence for a teacher, and for the
maker that is asked to repair what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`place` is lesson/exercise or lesson/quiz/item; `evidence` is JSON: what was seen."""

    gate: str
    place: str
    message: str
    blocks: bool = True
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GateResult:
    """`figures` is JSON: what was measured, also where nothing was found."""

    gate: str
    findings: tuple[Finding, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not any(finding.blocks for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "passed": self.passed}
