"""The tests of one promise, as source: calls, and what the oracle's names answer to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursewright.generator.bank import runs
from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.runs import Outcome
from coursewright.generator.drafts import TestDraft


def tests(
    number: int, promise: Promise, calls: Sequence[str], oracle: Mapping[str, Any]
) -> Iterator[TestDraft]:
    """One visible test, and one hidden test where there are more calls."""
    shown = "\n".join(_shown(promise, oracle))
    yield TestDraft(promise=number, visible=True, source=shown)
    if promise.keeps:
        lines = [line for call in calls for line in _kept(call, oracle)]
    else:
        lines = list(_table(calls, oracle))
    if lines:
        yield TestDraft(promise=number, visible=False, source="\n".join(lines))


def _shown(promise: Promise, oracle: Mapping[str, Any]) -> Iterator[str]:
    if promise.keeps:
        yield from _kept(promise.shown, oracle, promise.because)
        return
    before, call = runs.steps(promise.shown)
    seen = runs.outcome(promise.shown, oracle)
    yield from before
    if seen.error:
        yield from _refused(call, seen, promise.because)
        return
    yield f"assert {call} {_equals(seen.value)}, {runs.literal(promise.because)}"


def _equals(value: Any) -> str:
    sign = "is" if value is None or isinstance(value, bool) else "=="
    return f"{sign} {runs.literal(value)}"


def _kept(call: str, oracle: Mapping[str, Any], because: str = "") -> Iterator[str]:
    given, rest = runs.bound(call)
    value = runs.outcome(call, oracle).value
    yield f"given = {given}"
    said = ', "the result should be right too"' if because else ""
    yield f"assert {rest} {_equals(value)}{said}"
    yield f"assert given == {given}" + (f", {runs.literal(because)}" if because else "")


def _refused(call: str, seen: Outcome, because: str) -> Iterator[str]:
    yield "try:"
    yield f"    {call}"
    yield f"except {seen.error}:"
    yield "    pass"
    yield "else:"
    yield f"    raise AssertionError({runs.literal(because)})"


def _table(calls: Sequence[str], oracle: Mapping[str, Any]) -> Iterator[str]:
    outcomes = {call: runs.outcome(call, oracle) for call in calls}
    for call, seen in outcomes.items():
        before, last = runs.steps(call)
        if before or seen.error:
            yield from before
        if seen.error:
            yield from _refused(last, seen, f"{seen.error} was expected")
        elif before:
            yield f"assert {last} {_equals(seen.value)}"
    for floats in (False, True):
        rows = {
            call: seen.value
            for call, seen in outcomes.items()
            if not seen.error and "\n" not in call and isinstance(seen.value, float) is floats
        }
        if rows:
            yield "for result, expected in ["
            yield from (f"    ({call}, {runs.literal(value)})," for call, value in rows.items())
            yield "]:"
            same = "abs(result - expected) < 1e-9" if floats else "result == expected"
            yield f"    assert type(result) is type(expected) and {same}"
