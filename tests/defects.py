"""Good exercises of the bank with one defect each, and the gates that are there for it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from instances import made, subject

from coursewright.generator.bank.catalogue import TOPICS
from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.drafts import Example, ExerciseDraft, Reference, TestDraft, Violation
from coursewright.generator.gates import duplicates, exercise
from coursewright.generator.gates.crossing import passing
from coursewright.generator.gates.gate import GateResult
from coursewright.generator.gates.subject import Subject
from coursewright.generator.starter import BEGIN, END
from coursewright.records.course import Cell

Change = Callable[[ExerciseDraft], ExerciseDraft]
GOOD = "good"
LATE = 5  # the place of the first topic whose exercises need more than arithmetic and text
HEAVY = (
    "Notwithstanding considerable organisational complications, participants implementing the"
    " aforementioned functionality necessarily demonstrate computational understanding,"
    " parameterising intermediate representations independently of administrative circumstances."
)
WORDS = sorted(
    [
        "ash",
        "bay",
        "cat",
        "dew",
        "elm",
        "fig",
        "gum",
        "hay",
        "ice",
        "jam",
        "kit",
        "log",
        "mud",
        "nut",
        "oak",
        "pea",
        "rye",
        "sea",
        "tea",
        "urn",
    ]
)


@dataclass(frozen=True)
class Case:
    """`gates` are those of which one has to say no; `blocked` says which did."""

    kind: str
    what: str
    gates: frozenset[str]
    blocked: Callable[[], set[str]]


def said_no(results: Sequence[GateResult]) -> set[str]:
    return {result.gate for result in results if not result.passed}


def families() -> list[tuple[Topic, Family]]:
    """Those that ask for one function and have inputs: every defect can be put into them."""
    return [
        (topic, family)
        for topic in TOPICS
        for family in topic.families
        if made(family, 0).tests.inputs and len(made(family, 0).spec.signatures) == 1
    ]


def good(count: int, seed: int) -> list[Case]:
    """Exercises of as many different families as they are; none is to be refused."""
    every = [(topic, family) for topic in TOPICS for family in topic.families]
    chosen = Random(seed).sample(every, count)
    return [_case(GOOD, subject(topic, made(family, seed))) for topic, family in chosen]


def defective(each: int, seed: int) -> list[Case]:
    """So many exercises of every kind of defect, each of another family."""
    random = Random(seed)
    cases = []
    for kind, (gates, change) in CHANGES.items():
        for topic, family in random.sample(families(), each):
            cases.append(_case(kind, subject(topic, change(made(family, seed))), gates))
    late = [pair for pair in families() if TOPICS.index(pair[0]) >= LATE]
    for kind, (gates, inject) in PLACES.items():
        for topic, family in random.sample(late, each):
            cases.append(_case(kind, inject(topic, family, seed), gates))
    for topic, family in random.sample(families(), each):
        cases.append(_twice(topic, family, seed))
    return cases


def _case(kind: str, one: Subject, gates: str = "") -> Case:
    return Case(kind, one.place, frozenset(gates.split()), lambda: said_no(exercise.check(one)))


def _twice(topic: Topic, family: Family, seed: int) -> Case:
    """The same exercise with other names, told in other words, in another lesson."""
    draft = made(family, seed)
    spec = draft.spec.model_copy(update={"key": "again", "statement": HEAVY, "promises": ["It."]})
    source = draft.reference.source.replace("result", "found").replace("total", "whole")
    again = draft.model_copy(update={"spec": spec, "reference": Reference(source=source)})
    pair = [subject(topic, draft), subject(topic, again)]
    return Case(
        TWICE,
        f"{topic.key}/{family.key}",
        frozenset(["G12"]),
        lambda: said_no([duplicates.check(pair, passing)]),
    )


def reference(change: Callable[[str], str]) -> Change:
    def changed(draft: ExerciseDraft) -> ExerciseDraft:
        source = change(draft.reference.source)
        return draft.model_copy(update={"reference": Reference(source=source)})

    return changed


def beginning(statement: str) -> Change:
    """The reference with this as the first statement of its first function."""

    def changed(source: str) -> str:
        tree = ast.parse(source)
        function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
        place = 1 if ast.get_docstring(function) is not None else 0
        function.body[place:place] = ast.parse(statement).body
        return ast.unparse(tree)

    return reference(changed)


def tests(change: Callable[[TestDraft, ExerciseDraft], str | None]) -> Change:
    """Each test with another source; None leaves it out."""

    def changed(draft: ExerciseDraft) -> ExerciseDraft:
        sources = [(test, change(test, draft)) for test in draft.tests.tests]
        kept = [test.model_copy(update={"source": source}) for test, source in sources if source]
        return draft.model_copy(update={"tests": draft.tests.model_copy(update={"tests": kept})})

    return changed


def of_first(source: Callable[[TestDraft, ExerciseDraft], str | None]) -> Change:
    """Both tests of the first promise, changed."""
    return tests(lambda test, draft: source(test, draft) if test.promise == 1 else test.source)


def hidden_of(number: int, more: str) -> Change:
    """The hidden test of this promise, with more of it."""

    def source(test: TestDraft, draft: ExerciseDraft) -> str:
        mine = test.promise == number and not test.visible
        return f"{test.source}\n{more}" if mine else test.source

    return tests(source)


def says(more: Callable[[ExerciseDraft], str]) -> Change:
    def changed(draft: ExerciseDraft) -> ExerciseDraft:
        statement = f"{draft.spec.statement}\n\n{more(draft)}"
        return draft.model_copy(
            update={"spec": draft.spec.model_copy(update={"statement": statement})}
        )

    return changed


def spec(**parts: object) -> Change:
    return lambda draft: draft.model_copy(update={"spec": draft.spec.model_copy(update=parts)})


def wrong(draft: ExerciseDraft, number: int) -> str:
    return next(one.source for one in draft.wrong.violations if one.promise == number)


def name_of(draft: ExerciseDraft) -> str:
    return draft.spec.signatures[0].removeprefix("def ").partition("(")[0]


class _Types(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        truth = isinstance(node.comparators[0], ast.Constant)
        if isinstance(node.ops[0], ast.Eq) or (isinstance(node.ops[0], ast.Is) and truth):
            left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
            return ast.parse(f"type({left}) is type({right})", mode="eval").body
        return node


def _types_only(test: TestDraft, _: ExerciseDraft) -> str:
    return ast.unparse(_Types().visit(ast.parse(test.source)))


def _only_callable(_: TestDraft, draft: ExerciseDraft) -> str:
    return f"assert callable({name_of(draft)})"


def _only_visible(test: TestDraft, _: ExerciseDraft) -> str | None:
    return test.source if test.visible else None


def _same_as_second(test: TestDraft, draft: ExerciseDraft) -> str:
    return next(
        one.source for one in draft.tests.tests if one.promise == 2 and one.visible == test.visible
    )


def _with_second(test: TestDraft, draft: ExerciseDraft) -> str:
    return f"{test.source}\n{_same_as_second(test, draft)}"


def _untrue(draft: ExerciseDraft) -> ExerciseDraft:
    shown = [Example(call=one.call, result="'not this'") for one in draft.spec.examples]
    return spec(examples=shown)(draft)


def _idle_violation(draft: ExerciseDraft) -> ExerciseDraft:
    violations = [
        Violation(promise=1, source=draft.reference.source) if one.promise == 1 else one
        for one in draft.wrong.violations
    ]
    return draft.model_copy(
        update={"wrong": draft.wrong.model_copy(update={"violations": violations})}
    )


def _other_second(draft: ExerciseDraft) -> ExerciseDraft:
    return draft.model_copy(update={"second": Reference(source=wrong(draft, 2))})


def _fenced(draft: ExerciseDraft) -> str:
    return f"```python\n{draft.reference.source}\n```"


def _hidden_test(draft: ExerciseDraft) -> str:
    hidden = next(test.source for test in draft.tests.tests if not test.visible)
    return f"```python\n{hidden}\n```"


@cache
def first_word() -> str:
    """Of the set of these words, where hashes have the seed 0."""
    code = f"print(next(iter(set({WORDS!r}))))"
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=True
    ).stdout.strip()


def _by_order(draft: ExerciseDraft) -> ExerciseDraft:
    line = f"assert next(iter(set({WORDS!r}))) != {first_word()!r}"
    return hidden_of(1, line)(draft)


def _one_after_the_other(draft: ExerciseDraft) -> ExerciseDraft:
    """The first test passes only before the second one has run."""
    first = hidden_of(1, "import os\nassert not os.path.exists('/tmp/begun')")
    return hidden_of(2, "import os\nos.makedirs('/tmp/begun', exist_ok=True)")(first(draft))


# By kind: the gates that are there for it, and what is done to a good exercise.
CHANGES: dict[str, tuple[str, Change]] = {
    "a test that cannot be read": ("G1", hidden_of(1, "assert")),
    "an assert that is always true": ("G1", of_first(lambda *_: "assert (False, 'never')")),
    "an import that is not allowed": ("G2", reference(lambda source: f"import os\n\n\n{source}")),
    "a call that reaches out": ("G2", beginning("eval('0')")),
    "a construct that is asked for and not there": ("G2", spec(required=["AsyncFor"])),
    "a wrong reference": ("G3", lambda draft: reference(lambda _: wrong(draft, 1))(draft)),
    "tests that contradict the statement": (
        "G3",
        lambda draft: hidden_of(
            1, f"assert {draft.spec.examples[0].call} != {draft.spec.examples[0].result}"
        )(draft),
    ),
    "an example that is not true": ("G3", _untrue),
    "a reference that loops": ("G3", beginning("while True:\n    pass")),
    "a reference that eats memory": ("G3", beginning("[0] * 10**10")),
    "tests that always pass": (
        "G4",
        of_first(_only_callable),
    ),
    "tests of the shown values alone": (
        "G5",
        tests(_only_visible),
    ),
    "tests that look at types alone": ("G6", tests(_types_only)),
    "a promise that nothing tests": ("G7", of_first(_same_as_second)),
    "a promise without a test": ("G7", of_first(lambda *_: None)),
    "a test of two promises": ("G7", of_first(_with_second)),
    "a violation that breaks nothing": ("G7", _idle_violation),
    "a test that depends on hashes": ("G8 G3", _by_order),
    "tests that depend on their order": ("G8", _one_after_the_other),
    "the answer in the statement": ("G10", says(_fenced)),
    "a hidden test in the statement": ("G10", says(_hidden_test)),
    "a name that is not there": ("G11", says(lambda _: "Call `frobnicate(it)` first.")),
    "prose that is hard to read": ("G11", says(lambda _: f"{HEAVY} {HEAVY}")),
    "a statement that an independent answer fails": ("solver", _other_second),
}


def _starter_with_the_answer(topic: Topic, family: Family, seed: int) -> Subject:
    """The markers stand below what they should stand around."""
    one = subject(topic, made(family, seed))
    lines = []
    for line in one.cell.source.splitlines():
        indent = line.removesuffix(line.lstrip())
        if line.strip() == END:
            lines += [indent + BEGIN, f"{indent}pass", indent + END]
        elif line.strip() != BEGIN:
            lines.append(line)
    return _with_cells(one, {one.cell.id: replace(one.cell, source="\n".join(lines))})


def _broken_above(topic: Topic, family: Family, seed: int) -> Subject:
    one = subject(topic, made(family, seed))
    lesson = replace(one.lesson, cells=(Cell("broken", "code", "1 / 0"), *one.lesson.cells))
    return replace(one, lesson=lesson)


def _too_early(topic: Topic, family: Family, seed: int) -> Subject:
    """In the first lesson, which teaches arithmetic; the bank's order is that of learning."""
    assert TOPICS.index(topic) >= LATE
    return replace(subject(TOPICS[0], made(family, seed)), before=())


def _with_cells(one: Subject, changed: dict[str, Cell]) -> Subject:
    cells = tuple(changed.get(cell.id, cell) for cell in one.lesson.cells)
    lesson = replace(one.lesson, cells=cells)
    (found,) = lesson.exercises()
    return replace(one, lesson=lesson, exercise=found)


PLACES: dict[str, tuple[str, Callable[[Topic, Family, int], Subject]]] = {
    "a starter that has the answer": ("G4", _starter_with_the_answer),
    "an example above that fails": ("G9", _broken_above),
    "a construct that is taught later": ("taught", _too_early),
}
TWICE = "an exercise that stands twice"
KINDS = (*CHANGES, *PLACES, TWICE)
