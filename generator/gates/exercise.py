"""All gates of one exercise, in their order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from coursewright.generator.gates import imports, leaks, parsing, reading, taught
from coursewright.generator.gates.cheating import check_cheating
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.promises import check_promises
from coursewright.generator.gates.reference import check_reference
from coursewright.generator.gates.repeats import check_repeats
from coursewright.generator.gates.solver import check_solver
from coursewright.generator.gates.start import check_start
from coursewright.generator.gates.strength import Tried, check_strength, tried
from coursewright.generator.gates.subject import Subject
from coursewright.generator.gates.trial import Trial
from coursewright.generator.gates.whole import check_whole
from coursewright.records.errors import Invalid

READ = (leaks.check, reading.check, taught.check)  # gates that run nothing


def check(subject: Subject, seed: int = 0) -> tuple[GateResult, ...]:
    """The results in order. They end where later gates would make no sense: with a cell that is
    no Python, with a reference that does not pass. Raises Unavailable without a sandbox."""
    found = [timed(parsing.check, subject)]
    if not found[0].passed:
        return tuple(found)
    found.append(timed(imports.check, subject))
    try:
        found += _tried(subject, seed)
    except Invalid as error:
        found.append(GateResult("G3", (Finding("G3", subject.place, str(error)),)))
    return (*found, *(timed(gate, subject) for gate in READ))


def _tried(subject: Subject, seed: int) -> Iterator[GateResult]:
    trial = Trial(subject)
    reference = timed(check_reference, trial)
    yield reference
    if not reference.passed:
        return
    yield timed(check_start, trial)
    yield timed(check_cheating, trial)
    began = time.monotonic()
    mutated: Sequence[Tried] = tried(trial, seed)
    strength = timed(check_strength, trial, mutated)
    yield replace(strength, seconds=round(time.monotonic() - began, 3))
    yield timed(check_promises, trial, mutated)
    yield timed(check_repeats, trial, seed)
    yield timed(check_whole, subject)
    yield timed(check_solver, trial)


def timed(gate: Callable[..., GateResult], *given: object) -> GateResult:
    """The gate's result, with its seconds of wall time."""
    began = time.monotonic()
    result = gate(*given)
    return replace(result, seconds=round(time.monotonic() - began, 3))
