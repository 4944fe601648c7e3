"""Families that are texts with places, and exercises whose answer is a class."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from coursewright.generator.bank import runs
from coursewright.generator.bank.promise import Promise
from coursewright.generator.bank.written import family, pick, table
from coursewright.generator.drafts import ExerciseDraft

BOXES = table("kind start", ("Box", "3"), ("Case", "5"))
BOX = """
    class $kind:
        def __init__(self):
            self.size = $start

        def shrink(self):
            {}
            self.size -= 1
"""
REFERENCE = BOX.format("if self.size == 0:\n                raise ValueError('empty')")
SECOND = BOX.format("if not self.size > 0:\n                raise ValueError")


def draft(shown: str) -> ExerciseDraft:
    """The exercise, with this as the visible call of its first promise."""
    made = family(
        lambda random: pick(random, BOXES),
        key="box",
        title="A box",
        idea="Write a class.",
        concepts=["methods"],
        difficulty="easy",
        statement="Write a class.",
        promises=[
            Promise("It shrinks", shown, ("-= 1", "-= 2"), "by one"),
            Promise(
                "It cannot be smaller than nothing",
                "box = $kind()\nbox.size = 0\nbox.shrink()",
                ("== 0", "== -9"),
                "it is empty",
            ),
        ],
        reference=REFERENCE,
        second=SECOND,
        hints=("Think.",),
    )
    return made.make(Random(0))


def test_a_row_must_have_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="argument"):
        table("one two", ("only",))


def test_one_row_of_every_table_is_picked_and_put_together() -> None:
    numbers = table("number", ("1",), ("2",))
    seen = [pick(Random(seed), BOXES, numbers) for seed in range(20)]
    assert all(set(row) == {"kind", "start", "number"} for row in seen)
    assert {(row["kind"], row["start"]) for row in seen} == {("Box", "3"), ("Case", "5")}
    assert {row["number"] for row in seen} == {"1", "2"}


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        ("$kind().size + 0", "It shrinks: `{}().size + 0` is `{}`."),
        (
            "box = $kind()\nbox.shrink()\nbox.size + 1",
            "It shrinks: after `box = {}()` and `box.shrink()`, `box.size + 1` is `{}`.",
        ),
        ("box = $kind()\nfor _ in 'a':\n    box.shrink()\nbox.size + 1", "It shrinks."),
    ],
)
def test_a_promise_tells_the_lines_before_its_call_while_they_are_few(
    shown: str, sentence: str
) -> None:
    made = draft(shown)
    kind = made.spec.signatures[0].removeprefix("class ")
    start = {row["kind"]: row["start"] for row in BOXES}[kind]
    assert made.spec.promises[0] == sentence.format(kind, start)
    assert made.spec.examples == []
    assert made.tests.inputs is None


def test_tests_with_lines_before_the_call_find_the_wrong_answers() -> None:
    made = draft("box = $kind()\nbox.shrink()\nbox.size")

    def broken(source: str) -> set[int]:
        return {test.promise for test in made.tests.tests if not passes(source, test.source)}

    assert broken(made.reference.source) == set()
    assert made.second is not None
    assert broken(made.second.source) == set()
    for violation in made.wrong.violations:
        assert broken(violation.source) == {violation.promise}


def passes(source: str, test: str) -> bool:
    names: dict[str, Any] = runs.define(source)
    try:
        exec(test, names)
    except (AssertionError, ValueError):
        return False
    return True
