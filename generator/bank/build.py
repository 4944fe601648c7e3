"""How the bank's families are written: lessons and exercises from short texts.

Texts have places such as ``$limit``, filled from `values`. The answers that tests expect are what
`second` gives, never what the reference gives, so that one mistake cannot hide in both.

Besides the calls that an author names, tests get calls drawn from `inputs`. A drawn call goes to
the one promise whose wrong answer it finds out; where it finds out several, it is left out. So a
wrong answer breaks its own promise and no other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from string import Template
from textwrap import dedent
from typing import Any

from coursewright.generator.bank import asserts, runs
from coursewright.generator.bank.promise import Promise
from coursewright.generator.drafts import (
    Block,
    Difficulty,
    Example,
    ExerciseDraft,
    Hints,
    LessonDraft,
    Reference,
    Spec,
    Tests,
    Violation,
    Wrong,
)
from coursewright.records.syntax import parse

__all__ = ["Promise", "example", "exercise", "fill", "lesson", "text"]

DRAWS = 300  # tuples of arguments in all
DRAWN = 120  # of these, looked at for tests
MOST = 8  # drawn calls in one promise's tests
FEW = 3  # … that find out no wrong answer
LONGEST = 160  # characters of a drawn call


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its places filled, its common indentation and outer blank lines gone."""
    return Template(dedent(text).strip()).substitute(values)


def text(source: str, **values: Any) -> Block:
    """Markdown; the lines of a paragraph become one. Without values, places stay as they are."""
    parts = _known(source, values).split("\n\n")
    return Block(kind="text", source="\n\n".join(map(_unwrapped, parts)))


def example(source: str, **values: Any) -> Block:
    return Block(kind="example", source=_known(source, values))


def lesson(*blocks: Block, **values: Any) -> LessonDraft:
    """The blocks, their places filled."""
    return LessonDraft(
        blocks=[Block(kind=one.kind, source=_known(one.source, values)) for one in blocks]
    )


def _known(source: str, values: Mapping[str, Any]) -> str:
    return fill(source, values) if values else dedent(source).strip()


def _unwrapped(part: str) -> str:
    return part if part.startswith(("- ", "1. ", "|", "#", "```")) else " ".join(part.split())


def exercise(
    *,
    key: str,
    title: str,
    statement: str,
    promises: Sequence[Promise],
    reference: str,
    second: str,
    inputs: str | None,
    hints: Sequence[str],
    concepts: Sequence[str],
    difficulty: Difficulty,
    imports: Sequence[str] = (),
    required: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
) -> ExerciseDraft:
    """The whole draft. Raises ValueError where an edit does not fit the reference.

    `inputs` is ``def inputs(random)``, or only the tuple of arguments that it is to yield; None
    where the answer is a class, which is tested by the named calls only.
    """
    known = values or {}
    answer, other = fill(reference, known), fill(second, known)
    oracle = runs.define(other)
    filled = [_filled(promise, known) for promise in promises]
    wrong = [_edited(answer, promise.wrong) for promise in filled]
    draws = _inputs(fill(inputs, known)) if inputs else None
    signatures = list(_signatures(answer))
    drawn = _drawn(signatures[0], draws, oracle, filled, wrong) if draws else {}
    spec = Spec(
        key=key,
        title=fill(title, known),
        statement=" ".join(fill(statement, known).split()),
        signatures=signatures,
        promises=[_sentence(promise, oracle) for promise in filled],
        examples=[_example(filled[0].shown, oracle)] if draws else [],
        concepts=list(concepts),
        imports=list(imports),
        required=list(required),
        forbidden=list(forbidden),
    )
    tests = [
        test
        for number, promise in enumerate(filled, 1)
        for test in asserts.tests(
            number, promise, [*promise.hidden, *drawn.get(number, [])], oracle
        )
    ]
    return ExerciseDraft(
        spec=spec,
        reference=Reference(source=answer),
        tests=Tests(tests=tests, inputs=draws),
        wrong=Wrong(
            violations=[Violation(promise=at, source=source) for at, source in enumerate(wrong, 1)]
        ),
        hints=Hints(hints=[fill(hint, known) for hint in hints]),
        difficulty=difficulty,
        second=Reference(source=other),
    )


def _filled(promise: Promise, values: Mapping[str, Any]) -> Promise:
    wrong = promise.wrong
    return Promise(
        says=fill(promise.says, values),
        shown=runs.plain(fill(promise.shown, values)),
        wrong=(
            fill(wrong, values)
            if isinstance(wrong, str)
            else (_place(wrong[0], values), _place(wrong[1], values))
        ),
        because=fill(promise.because, values),
        hidden=tuple(runs.plain(fill(call, values)) for call in promise.hidden),
        keeps=promise.keeps,
    )


def _place(code: str, values: Mapping[str, Any]) -> str:
    return Template(code).substitute(values)


def _edited(answer: str, wrong: tuple[str, str] | str) -> str:
    if isinstance(wrong, str):
        return wrong
    old, new = wrong
    if answer.count(old) != 1:
        raise ValueError(f"{old!r} stands {answer.count(old)} times in\n{answer}")
    return answer.replace(old, new)


def _inputs(source: str) -> str:
    if source.startswith("def "):
        return source
    return f"def inputs(random):\n    for _ in range({DRAWS}):\n        yield {source}"


def _signatures(source: str) -> Iterator[str]:
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield f"def {node.name}({ast.unparse(node.args)})"
        elif isinstance(node, ast.ClassDef):
            yield f"class {node.name}"


def _sentence(promise: Promise, oracle: Mapping[str, Any]) -> str:
    if promise.keeps:
        return f"{promise.says}."
    seen = runs.outcome(promise.shown, oracle)
    shown = f"raises `{seen.error}`" if seen.error else f"is `{runs.literal(seen.value)}`"
    before, call = runs.steps(promise.shown)
    if len(before) > 2:
        return f"{promise.says}."
    after = f"after {' and '.join(f'`{line}`' for line in before)}, " if before else ""
    return f"{promise.says}: {after}`{call}` {shown}."


def _example(call: str, oracle: Mapping[str, Any]) -> Example:
    return Example(call=call, result=runs.literal(runs.outcome(call, oracle).value))


def _drawn(
    signature: str,
    inputs: str,
    oracle: Mapping[str, Any],
    promises: Sequence[Promise],
    wrong: Sequence[str],
) -> dict[int, list[str]]:
    """Drawn calls by the number of the promise that they test."""
    name = signature.removeprefix("def ").partition("(")[0]
    broken = [runs.define(source) for source in wrong]
    seen = {call for promise in promises for call in (promise.shown, *promise.hidden)}
    shown = [runs.outcome(promise.shown, oracle) for promise in promises]
    found: dict[int, list[str]] = {number: [] for number in range(1, len(promises) + 1)}
    plain: dict[int, list[str]] = {number: [] for number in found}
    draws = runs.define(inputs)["inputs"](Random(name))  # noqa: S311 - repeatable on purpose
    for arguments, _ in zip(draws, range(DRAWN), strict=False):
        call = f"{name}({', '.join(map(runs.literal, arguments))})"
        right = runs.outcome(call, oracle)
        if call in seen or len(call) > LONGEST or right.error:
            continue
        seen.add(call)
        caught = [
            number
            for number, names in enumerate(broken, 1)
            if not right.same(runs.outcome(call, names))
        ]
        if not caught:
            # To each promise some that have another answer than the call that is shown: then no
            # answer passes its tests that is always the same.
            others = [number for number in plain if not right.same(shown[number - 1])]
            target = min((plain[number] for number in others or plain), key=len)
            if len(target) < FEW:
                target.append(call)
        elif len(caught) == 1 and len(found[caught[0]]) < MOST:
            found[caught[0]].append(call)
    return {number: [*found[number], *plain[number]] for number in found}
