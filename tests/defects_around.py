"""Good quiz items and lessons of the bank with one defect each, as in defects.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from defects import GOOD, Case, said_no
from instances import lesson as lesson_of

from coursewright.generator.assemble import question
from coursewright.generator.bank.catalogue import TOPICS
from coursewright.generator.gates import lessons, quizzes
from coursewright.generator.maker import Solved
from coursewright.records.course import Cell, Lesson, Option, Question

ChangeItem = Callable[[Question], Question]
ChangeLesson = Callable[[Lesson], Lesson]


def items(seed: int) -> list[Question]:
    """One of every family."""
    return [question(family.make(Random(seed))) for topic in TOPICS for family in topic.quizzes]


def _options(change: Callable[[tuple[Option, ...]], Sequence[Option]]) -> ChangeItem:
    return lambda item: replace(item, options=tuple(change(item.options)))


def _other(options: tuple[Option, ...]) -> int:
    """The place of an option that is not right."""
    return next(number for number, one in enumerate(options) if not one.correct)


def _second_key(options: tuple[Option, ...]) -> list[Option]:
    place = _other(options)
    return [replace(one, correct=one.correct or n == place) for n, one in enumerate(options)]


def _catching_all(options: tuple[Option, ...]) -> list[Option]:
    place = _other(options)
    return [
        replace(one, text="None of the above") if n == place else one
        for n, one in enumerate(options)
    ]


def _doubled(options: tuple[Option, ...]) -> list[Option]:
    place = _other(options)
    text = options[(place + 1) % len(options)].text
    return [replace(one, text=f" {text}") if n == place else one for n, one in enumerate(options)]


def _long_key(options: tuple[Option, ...]) -> list[Option]:
    most = max(len(one.text) for one in options)
    more = ", which is so in each and every case that there can be" + "!" * most
    return [replace(one, text=one.text + more) if one.correct else one for one in options]


# By kind: the kind of item, the gates that are there for it, and what is done to a good one.
ITEMS: dict[str, tuple[str, str, ChangeItem]] = {
    "a quiz item with two keys": ("single", "Q1", _options(_second_key)),
    "a quiz item without a key": (
        "single",
        "Q1",
        _options(lambda options: [replace(one, correct=False) for one in options]),
    ),
    "an option that stands twice": ("single", "Q1", _options(_doubled)),
    "none of the above": ("single", "Q2", _options(_catching_all)),
    "a key that its length gives away": ("single", "Q2", _options(_long_key)),
    "output with a wrong key": (
        "code-output",
        "Q3",
        lambda item: replace(item, answer=f"{item.answer}."),
    ),
    "output of code that does not end": (
        "code-output",
        "Q3",
        lambda item: replace(item, code=f"{item.code}\nwhile True:\n    print('more')"),
    ),
}
LESSONS: dict[str, tuple[str, ChangeLesson]] = {
    "a lesson whose example fails": ("L1", lambda one: _with(one, Cell("more", "code", "1 / 0"))),
    "a lesson that shows another output": (
        "L2",
        lambda one: _with(one, Cell("more", "code", "print(1)", outputs=(_printed("2\n"),))),
    ),
    "a lesson with a link to nowhere": (
        "L3",
        lambda one: _with(one, Cell("more", "markdown", "See [there](#no-such-heading).")),
    ),
    "a lesson with code that cannot be read": (
        "L3",
        lambda one: _with(one, Cell("more", "markdown", "```python\nfor x in:\n```")),
    ),
}
BLIND = ("a quiz item that others answer otherwise", "a quiz item with another right option")
TWICE = "a quiz item that stands twice"
KINDS = (*ITEMS, *BLIND, TWICE, *LESSONS)


def good(seed: int) -> list[Case]:
    """Every quiz item and every lesson of the bank; none is to be refused."""
    cases = [_item(GOOD, item, "") for item in items(seed)]
    return cases + [_lesson(GOOD, lesson_of(topic), "") for topic in TOPICS]


def defective(each: int, seed: int) -> list[Case]:
    """So many of every kind."""
    random = Random(seed)
    cases = []
    for kind, (of, gates, change) in ITEMS.items():
        fitting = [item for item in items(seed) if item.kind == of]
        cases += [_item(kind, change(item), gates) for item in random.sample(fitting, each)]
    singles = [item for item in items(seed) if item.kind == "single"]
    for item in random.sample(singles, each):
        right = next(number for number, one in enumerate(item.options) if one.correct)
        other = _other(item.options)
        disagreeing = [Solved((other,)), Solved((right,)), Solved((other,))]
        doubting = [Solved((right,), "", (other,)), *[Solved((right,))] * 2]
        for kind, answers in zip(BLIND, (disagreeing, doubting), strict=True):
            cases.append(_answered(kind, item, answers))
        cases.append(_repeated(item))
    for kind, (gates, alter) in LESSONS.items():
        for topic in random.sample(TOPICS, each):
            cases.append(_lesson(kind, alter(lesson_of(topic)), gates))
    return cases


def _item(kind: str, item: Question, gates: str) -> Case:
    return Case(kind, item.key, frozenset(gates.split()), lambda: said_no(quizzes.check("", item)))


def _answered(kind: str, item: Question, answers: Sequence[Solved]) -> Case:
    gates = frozenset(["Q4"])
    return Case(kind, item.key, gates, lambda: said_no([quizzes.agreed("", item, answers)]))


def _repeated(item: Question) -> Case:
    turned = replace(item, key="again", options=tuple(reversed(item.options)))
    pair = [("one", item), ("two", turned)]
    return Case(TWICE, item.key, frozenset(["Q5"]), lambda: said_no([quizzes.check_bank(pair)]))


def _lesson(kind: str, one: Lesson, gates: str) -> Case:
    return Case(kind, one.key, frozenset(gates.split()), lambda: said_no(lessons.read(one)[1]))


def _with(one: Lesson, cell: Cell) -> Lesson:
    return replace(one, cells=(*one.cells, cell))


def _printed(text: str) -> dict[str, str]:
    return {"output_type": "stream", "name": "stdout", "text": text}
