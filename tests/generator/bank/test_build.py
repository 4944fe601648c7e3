"""How families are built: places filled, tests made from the second answer, promises kept apart."""

from __future__ import annotations

from typing import Any

import pytest
from instances import broken

from coursewright.generator.bank.build import Promise, exercise, text
from coursewright.generator.bank.runs import Outcome, bound, failure, literal, plain, printed


def made(**other: Any) -> Any:
    parts: dict[str, Any] = {
        "key": "clip",
        "title": "At most $n",
        "statement": "Write a function\n    that keeps numbers small.",
        "promises": [
            Promise(
                says="A number up to $n stays",
                shown="clip($n)",
                wrong=("return number", "return number - 1"),
                because="it is not above $n",
            ),
            Promise(
                says="A larger one becomes $n",
                shown="clip($n + 1)",
                wrong=("number > $n", "number > $n + 1"),
                because="$n is the most",
            ),
        ],
        "reference": '''
            def clip(number):
                """Return the number, but at most $n."""
                if number > $n:
                    return $n
                return number
        ''',
        "second": "def clip(number):\n    return min(number, $n)",
        "inputs": "(random.randint(0, 2 * $n),)",
        "hints": ["Compare.", "With an if.", "Return $n."],
        "concepts": ["branching"],
        "difficulty": "easy",
        "values": {"n": 5},
    }
    return exercise(**{**parts, **other})


def test_places_are_filled_and_lines_joined() -> None:
    draft = made()
    assert draft.spec.title == "At most 5"
    assert draft.spec.statement == "Write a function that keeps numbers small."
    assert draft.spec.signatures == ["def clip(number)"]
    assert draft.hints.hints[2] == "Return 5."


def test_a_promise_names_its_call_with_the_second_answer() -> None:
    assert made().spec.promises == [
        "A number up to 5 stays: `clip(5)` is `5`.",
        "A larger one becomes 5: `clip(6)` is `5`.",
    ]
    assert made(second="def clip(number):\n    return 7").spec.promises[0].endswith("is `7`.")


def test_tests_expect_what_the_second_answer_gives() -> None:
    draft = made(second="def clip(number):\n    return 7")
    assert broken(draft.reference.source, draft) == {1, 2}
    assert draft.second is not None
    assert broken(draft.second.source, draft) == set()


def test_drawn_calls_go_to_the_promise_that_they_find_out() -> None:
    draft = made()
    for violation in draft.wrong.violations:
        assert broken(violation.source, draft) == {violation.promise}
    hidden = {test.promise: test.source for test in draft.tests.tests if not test.visible}
    assert "(clip(3), 3)," in hidden[1]
    assert set(hidden) == {1, 2}


def test_no_answer_that_is_always_the_same_passes_a_promise() -> None:
    draft = made()
    for value in (0, 1, 4, 6, 10):
        assert broken(f"def clip(number):\n    return {value}", draft) == {1, 2}
    assert broken("def clip(number):\n    return 5", draft) == {1}


def test_an_edit_that_does_not_fit_is_refused() -> None:
    promise = Promise(says="No", shown="clip(1)", wrong=("number < 3", ""), because="no")
    with pytest.raises(ValueError, match="stands 0 times"):
        made(promises=[promise])


def test_an_argument_that_must_stay_is_looked_at_after_the_call() -> None:
    promise = Promise(
        says="The list stays",
        shown="longer([1, 2])",
        wrong=("return numbers + [0]", "numbers.append(0)\n    return numbers"),
        because="make a new list",
        hidden=("longer([])",),
        keeps=True,
    )
    draft = made(
        promises=[promise],
        reference="def longer(numbers):\n    return numbers + [0]",
        second="def longer(numbers):\n    return [*numbers, 0]",
        inputs=None,
    )
    assert draft.spec.promises == ["The list stays."]
    assert draft.tests.tests[0].source.splitlines() == [
        "given = [1, 2]",
        'assert longer(given) == [1, 2, 0], "the result should be right too"',
        'assert given == [1, 2], "make a new list"',
    ]
    assert broken(draft.wrong.violations[0].source, draft) == {1}


def test_the_lines_of_a_paragraph_become_one_and_lists_stay() -> None:
    assert text("One\ntwo.\n\n- a\n- b").source == "One two.\n\n- a\n- b"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f(17 - 1)", "f(16)"),
        ("f([2 + 1, 'a'], k=3 * 2)", 'f([3, "a"], k=6)'),
        ("f(['a'], 2)", "f(['a'], 2)"),
        ("f(g(2))", "f(g(2))"),
        ("1 + 1", "1 + 1"),
    ],
)
def test_arguments_are_worked_out(call: str, expected: str) -> None:
    assert plain(call) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("it's", '"it\'s"'),
        (["a", ("b",)], '["a", ("b",)]'),
        ({"k": [True, None]}, '{"k": [True, None]}'),
        ({"b", "a"}, '{"a", "b"}'),
        (set(), "set()"),
        (2.5, "2.5"),
    ],
)
def test_values_are_written_as_source(value: object, expected: str) -> None:
    assert literal(value) == expected
    assert eval(expected) == value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Outcome(1), Outcome(1), True),
        (Outcome(1), Outcome(True), False),
        (Outcome(1), Outcome(1.0), False),
        (Outcome(0.1 + 0.2), Outcome(0.3), True),
        (Outcome(error="ValueError"), Outcome(error="ValueError"), True),
        (Outcome(None), Outcome(error="ValueError"), False),
    ],
)
def test_outcomes_are_compared_by_type_and_value(one: Outcome, other: Outcome, same: bool) -> None:
    assert one.same(other) is same


def test_what_a_program_prints_and_what_stops_it() -> None:
    assert printed("print(1)\nprint()") == "1\n"
    assert failure("print([][0])") == "IndexError"
    assert failure("x = 1") == ""


def test_the_first_argument_gets_a_name() -> None:
    assert bound("f({'a': 1}, [2])") == ("{'a': 1}", "f(given, [2])")
    with pytest.raises(ValueError, match="no call"):
        bound("f()")
