"""Which mode a notebook is graded in: settled by its author's own solution, once per source.

Isolated when the author's solution gets full marks there; the run also records which truths his
objects decide, and no answer may decide others. Else shared.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursewright.grader import isolated
from coursewright.grader.assemble import Assembly, assemble
from coursewright.grader.isolated_plan import Plan, plan
from coursewright.grader.limits import Limits
from coursewright.grader.result import Mode
from coursewright.grader.score import Marker
from coursewright.grader.shared import Outcome

REMEMBERED = 256  # sources
TRIES = 3  # runs of the author's solution, while they end by a limit


@dataclass(frozen=True)
class Settled:
    """`truths` by grade_id, see isolated.py."""

    mode: Mode
    plan: Plan
    truths: isolated.Truths = field(default_factory=dict)


_lock = threading.Lock()
_settled: OrderedDict[tuple[str, Limits], Settled] = OrderedDict()


def settle(source: Mapping[str, Any], limits: Limits) -> Settled:
    """The source's mode. Raises Invalid, or Unavailable."""
    content = json.dumps(source, sort_keys=True, default=str).encode()
    key = (hashlib.sha256(content).hexdigest(), limits)
    with _lock:
        known = _settled.get(key)
    if known is None:
        known = _try(assemble(source, source), limits)
        with _lock:
            _settled[key] = known
            while len(_settled) > REMEMBERED:
                _settled.popitem(last=False)
    return known


def _try(assembly: Assembly, limits: Limits) -> Settled:
    about = plan(assembly.source)
    for _ in range(TRIES):
        seen = isolated.run(assembly, about, limits)
        marks = Marker(assembly, seen.outcomes, limits).cells()
        if all(mark.status == "passed" for mark in marks if assembly.step(mark.grade_id)):
            return Settled("isolated", about, seen.truths)
        if not is_chance(seen.outcomes.values()):
            break
    return Settled("shared", about)


def is_chance(outcomes: Iterable[Outcome]) -> bool:
    """Whether a run that was not good enough may be so by chance: a busy machine is late."""
    return any(outcome.end in ("time", "never", "died") for outcome in outcomes)
