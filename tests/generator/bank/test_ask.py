"""How quiz items are built: code that is run decides what is right."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from coursewright.generator.bank.ask import Choice, choose, count, prints

ABOUT: dict[str, Any] = {"key": "k", "explanation": "e", "concepts": ["c"], "evidence": "s"}


def chosen(*holds: str, several: bool = False, seed: int = 0) -> list[bool]:
    choices = [Choice(f"option {number}", "why", one) for number, one in enumerate(holds)]
    item = choose(Random(seed), prompt="?", choices=choices, several=several, **ABOUT)
    found = {option.text: option.correct for option in item.options}
    return [found[choice.text] for choice in choices]


def test_an_option_is_right_where_its_expression_is_true() -> None:
    assert chosen("1 == 2", "printed('print(3)') == '3'", "failure('1 / 0') == ''") == [
        False,
        True,
        False,
    ]
    assert chosen("1 == 1", "failure('1 / 0') == 'ZeroDivisionError'", "3 < 2", several=True) == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("holds", "several"),
    [
        (("1 == 2", "2 == 3"), False),
        (("1 == 1", "2 == 2"), False),
        (("1 == 1", "2 == 2"), True),
        (("1 == 2", "2 == 3"), True),
    ],
)
def test_too_many_or_too_few_right_options_are_refused(
    holds: tuple[str, ...], several: bool
) -> None:
    with pytest.raises(ValueError, match="options are right"):
        chosen(*holds, several=several)


def test_an_expression_that_decides_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="gives"):
        chosen("1 / 0", "1 == 1")


def test_the_order_of_options_is_drawn() -> None:
    choices = [Choice(f"option {number}", "why", str(number == 1)) for number in range(4)]
    orders = {
        tuple(o.text for o in choose(Random(s), prompt="?", choices=choices, **ABOUT).options)
        for s in range(9)
    }
    assert len(orders) > 3


def test_a_printed_answer_stands_without_its_last_line_break() -> None:
    item = prints(code="for n in range($n):\n    print(n)", values={"n": 2}, **ABOUT)
    assert (item.kind, item.answer) == ("code-output", "0\n1")
    assert item.code == "for n in range(2):\n    print(n)"


def test_a_number_is_worked_out() -> None:
    item = count(prompt="How many?", decides="print(3 * $n)", values={"n": 4}, **ABOUT)
    assert (item.kind, item.answer, item.options) == ("numeric", "12", [])
