"""G8: the reference passes every time, whatever the hashes and in whichever order tests run."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject, bare, missing
from coursewright.generator.gates.trial import Trial
from coursewright.records.course import HIDDEN, Cell
from coursewright.records.syntax import parse

RUNS = 10
SEEDS = (None, "0", "1")  # of hashes; Python draws its own where there is none
SHUFFLED = 3  # of the runs, where no test needs another one
CLOCKS = frozenset(("now", "today", "utcnow", "time", "monotonic", "perf_counter", "localtime"))


def check_repeats(trial: Trial, seed: int = 0) -> GateResult:
    subject = trial.subject
    failed: Counter[str] = Counter()
    seeds: dict[str, set[str]] = {}
    shuffled = 0
    for hash_seed, source in _runs(trial, seed):
        shuffled += source is not trial.source
        verdict = trial.again(subject.reference, source, hash_seed)
        for cell in verdict.failed:
            failed[cell.grade_id] += 1
            seeds.setdefault(cell.grade_id, set()).add(hash_seed or "random")
    findings = [
        Finding(
            "G8",
            subject.place,
            f"Test {name} failed in {times} of {RUNS} runs of the reference: the result depends"
            " on chance, on the order of a set, or on another test.",
            evidence={"test": name, "failed": times, "hash_seeds": sorted(seeds[name])},
        )
        for name, times in failed.items()
    ]
    findings += _clocks(subject)
    figures = {"runs": RUNS, "hash_seeds": [one or "random" for one in SEEDS], "shuffled": shuffled}
    return GateResult("G8", tuple(findings), figures)


def _runs(trial: Trial, seed: int) -> Iterator[tuple[str | None, dict[str, Any]]]:
    random = Random(seed)  # noqa: S311 (to repeat, not to guard)
    free = len(trial.subject.tests) > 1 and _are_independent(trial.subject)
    for number in range(RUNS):
        hash_seed = SEEDS[number % len(SEEDS)]
        # A source in another order has its mode settled anew; once for each hash seed is enough.
        yield (
            hash_seed,
            _turned(trial.subject, number, random) if free and number < SHUFFLED else trial.source,
        )


def _turned(subject: Subject, number: int, random: Random) -> dict[str, Any]:
    """Its tests in another order: turned round at first, so that each pair was seen both ways."""
    tests = list(reversed(subject.tests))
    if number:
        random.shuffle(tests)
    order = iter(tests)
    return subject.notebook(next(order) if cell in tests else cell for cell in subject.cells)


def _are_independent(subject: Subject) -> bool:
    """Whether each test finds every name without those before it, and only tests come last."""
    others = [cell for cell in subject.cells if cell not in subject.tests]
    if subject.cells[len(others) :] != subject.tests:
        return False
    return all(missing([*others, cell]) == set() for cell in subject.tests)


def _clocks(subject: Subject) -> Iterator[Finding]:
    """What no number of runs on one day can show."""
    for name, source in _texts(subject):
        try:
            tree = parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr=clock)) if clock in CLOCKS:
                    said = f"{name} asks for the time ({clock}); it may fail on another day."
                    yield Finding("G8", subject.place, said, False, {"cell": name})


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    cells: tuple[Cell, ...] = (subject.cell, *subject.tests)
    for cell in cells:
        yield cell.grade_id or cell.id, bare(HIDDEN.sub(r"\1", cell.source))
