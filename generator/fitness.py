"""Whether a draft fits what was asked: cheap looks whose findings go back to the model at once.

The gates prove; these only spare them, and the next paid steps, what cannot be right.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from coursewright.generator.drafts import (
    ExercisePlan,
    LessonDraft,
    Outline,
    QuestionDraft,
    QuizDraft,
    QuizPlan,
    Reference,
    Spec,
    Tests,
    Wrong,
)
from coursewright.generator.request import Request
from coursewright.generator.starter import mark_solution
from coursewright.generator.translation import differs_in_code
from coursewright.records.errors import Invalid
from coursewright.records.syntax import parse


def outline(draft: Outline, request: Request) -> Iterator[str]:
    lessons = list(draft.lessons())
    if len(draft.modules) != request.modules:
        yield f"modules: {request.modules} are asked for, these are {len(draft.modules)}"
    for module in draft.modules:
        if len(module.lessons) != request.lessons:
            yield f"{module.key}: {request.lessons} lessons are asked for"
    for lesson in lessons:
        if len(lesson.exercises) != request.exercises:
            yield f"{lesson.key}: {request.exercises} exercises are asked for"
    keys = [key for one in lessons for key in (one.key, *(each.key for each in one.exercises))]
    keys += [one.quiz.key for one in lessons if one.quiz]
    yield from (f"the key {key!r} stands more than once" for key in _twice(keys))
    before: set[str] = set()
    for lesson in lessons:
        for need in lesson.needs:
            if need not in before:
                yield f"{lesson.key}: needs {need!r}, which is no earlier lesson"
        before.add(lesson.key)


def lesson(draft: LessonDraft) -> Iterator[str]:
    for number, block in enumerate(draft.blocks):
        if block.kind == "example":
            yield from _python(f"blocks.{number}.source", block.source)
    if all(block.kind == "example" for block in draft.blocks):
        yield "blocks: there is no text"


def spec(draft: Spec) -> Iterator[str]:
    for number, signature in enumerate(draft.signatures):
        if _named(signature) is None:
            yield f"signatures.{number}: must be a line such as `def mean(values)`"
    for number, example in enumerate(draft.examples):
        yield from _python(f"examples.{number}.call", example.call)
        yield from _python(f"examples.{number}.result", example.result)
    yield from (f"promises: {one!r} stands more than once" for one in _twice(draft.promises))


def reference(draft: Reference, wanted: Spec) -> Iterator[str]:
    """What mark_solution takes, with every signature defined."""
    try:
        mark_solution(draft.source)
    except Invalid as error:
        yield f"source: {error}"
        return
    yield from _defined("source", draft.source, wanted)


def tests(draft: Tests, wanted: Spec) -> Iterator[str]:
    count = len(wanted.promises)
    for number, test in enumerate(draft.tests):
        yield from _python(f"tests.{number}.source", test.source)
        if test.promise > count:
            yield f"tests.{number}.promise: there are {count} promises"
    for promise in range(1, count + 1):
        kinds = {test.visible for test in draft.tests if test.promise == promise}
        if kinds != {True, False}:
            yield f"tests: promise {promise} needs visible and hidden tests"
    if draft.inputs is not None:
        yield from _python("inputs", draft.inputs)
        if "inputs" not in _definitions(draft.inputs):
            yield "inputs: must define `def inputs(random):`"


def wrong(draft: Wrong, wanted: Spec) -> Iterator[str]:
    count = len(wanted.promises)
    for number, one in enumerate(draft.violations):
        place = f"violations.{number}.source"
        yield from _python(place, one.source) or _defined(place, one.source, wanted)
        if one.promise > count:
            yield f"violations.{number}.promise: there are {count} promises"
    missing = set(range(1, count + 1)) - {one.promise for one in draft.violations}
    yield from (f"violations: none breaks promise {number}" for number in sorted(missing))


def quiz(draft: QuizDraft, plan: QuizPlan) -> Iterator[str]:
    if len(draft.questions) != plan.questions:
        yield f"questions: {plan.questions} are asked for, these are {len(draft.questions)}"
    keys = [question.key for question in draft.questions]
    yield from (f"the key {key!r} stands more than once" for key in _twice(keys))
    for number, one in enumerate(draft.questions):
        yield from (f"questions.{number}.{found}" for found in question(one))


def question(draft: QuestionDraft) -> Iterator[str]:
    right = sum(option.correct for option in draft.options)
    if draft.kind in ("single", "multiple"):
        if len(draft.options) < 3:
            yield "options: at least three are needed"
        if right != 1 if draft.kind == "single" else right < 2:
            yield f"options: {right} of them are right, which is not what {draft.kind!r} means"
        return
    if draft.options:
        yield f"options: {draft.kind!r} has none"
    if draft.answer is None:
        yield f"answer: {draft.kind!r} needs one"
    elif draft.kind == "numeric" and not _number(draft.answer):
        yield "answer: must be a number"
    if draft.kind == "code-output":
        yield from _python("code", draft.code)
        if not draft.code.strip():
            yield "code: there is none"


def translation(draft: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    if len(draft) != len(texts):
        yield f"texts: {len(texts)} are asked for, these are {len(draft)}"
        return
    for number, (text, other) in enumerate(zip(texts, draft, strict=True)):
        if not other.strip():
            yield f"texts.{number}: is empty"
        elif code := differs_in_code(text, other):
            yield f"texts.{number}: must have this code as it is: {code}"


def plan_of(draft: Spec, plan: ExercisePlan) -> Spec:
    """The spec under the plan's own key, title and concepts, which others build on."""
    return draft.model_copy(
        update={"key": plan.key, "title": plan.title, "concepts": list(plan.concepts)}
    )


def _python(place: str, source: str) -> list[str]:
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [f"{place}: is no Python: {error}"]
    return []


def _defined(place: str, source: str, wanted: Spec) -> Iterator[str]:
    there = _definitions(source)
    for signature in wanted.signatures:
        name = _named(signature)
        if name is not None and name not in there:
            yield f"{place}: does not define {name}"


def _definitions(source: str) -> set[str]:
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


def _named(signature: str) -> str | None:
    """The name that a signature defines."""
    names = _definitions(f"{signature.strip().rstrip(':')}:\n    pass")
    return names.pop() if len(names) == 1 else None


def _number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _twice(items: Iterable[str]) -> Sequence[str]:
    return [item for item, count in Counter(items).items() if count > 1]
