"""Answers by rote: each is Python, and says what a student could have said without thinking."""

from __future__ import annotations

from typing import Any

import pytest

from coursewright.generator.cheats import cheats

REFERENCE = '''
def price(count, each=3):
    """Return what so many cost."""
    if count < 0:
        raise TypeError("no")
    return count * each
'''
VISIBLE = [
    "assert price(2) == 6, 'two'",
    "assert price(2, each=5) == 10",
    "try:\n    price(-1)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
]
SHOWN = [("price(1)", "3"), ("price(7, 1)", "7")]
# Kind, arguments, what the cheat gives back.
GIVEN = [
    ("nothing", (2,), None),
    ("what came in", (2,), 2),
    ("always 6", (99,), 6),
    ("always 10", (99,), 10),
    ("the visible examples by heart", (2,), 6),
    ("the visible examples by heart", (2, 5), 10),
    ("the visible examples by heart", (1,), 3),
    ("the visible examples by heart", (7, 1), 7),
]


def run(kind: str, reference: str = REFERENCE) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(cheats(reference, VISIBLE, SHOWN)[kind], names)
    return names


@pytest.mark.parametrize(("kind", "arguments", "result"), GIVEN)
def test_a_cheat_answers_from_what_can_be_seen(
    kind: str, arguments: tuple[int, ...], result: object
) -> None:
    assert run(kind)["price"](*arguments) == result


@pytest.mark.parametrize("kind", ["an error for everything", "the visible examples by heart"])
def test_the_error_is_the_one_that_the_tests_show(kind: str) -> None:
    with pytest.raises(TypeError):
        run(kind)["price"](-1)


def test_an_object_equals_everything() -> None:
    one = run("an object that equals everything")["price"](1)
    assert one == 3
    assert one == "three"
    assert one[0].strip() == {}


def test_methods_are_answered_by_rote_too() -> None:
    source = (
        "class Box:\n    def __init__(self, side):\n        self.side = side\n"
        "    def size(self, times):\n        return self.side * times\n"
    )
    box = run("what came in", source)["Box"](4)
    assert box.size(9) == 9
    assert run("always 6", source)["Box"](4).size(9) == 6


def test_nothing_of_the_reference_but_its_signature_is_used() -> None:
    for source in cheats(REFERENCE, VISIBLE, SHOWN).values():
        assert "count * each" not in source
        assert "Return what" not in source
