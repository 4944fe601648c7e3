"""Q1 to Q5: one key, plain words, true, and not twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.gates import quizzes
from coursewright.generator.maker import Solved
from coursewright.records.course import Option, Question

OPTIONS = (
    Option("the first one", False, "Counting starts at 0."),
    Option("the second one", True, "Places are counted from 0."),
    Option("the last one", False, "That is -1."),
)
SINGLE = Question("place", "single", "Which letter is `word[1]`?", OPTIONS)
MULTIPLE = replace(SINGLE, key="places", kind="multiple")
OUTPUT = Question("printing", "code-output", "What comes out?", answer="2", code="print(1 + 1)")
NUMERIC = Question("number", "numeric", "How much is `7 // 2`?", answer=3.0)
PRINTING = replace(
    SINGLE,
    prompt="What does this print?",
    code="print(7 / 2)",
    options=(Option("3", False, "a"), Option("`3.5`", True, "b"), Option("4", False, "c")),
)


def with_texts(*texts: str, item: Question = SINGLE) -> Question:
    """The second option is the key."""
    options = (Option(one, number == 1, "Why.") for number, one in enumerate(texts))
    return replace(item, options=tuple(options))


def marked(*right: bool, item: Question = SINGLE) -> Question:
    pairs = zip(item.options, right, strict=True)
    return replace(item, options=tuple(replace(one, correct=mark) for one, mark in pairs))


GOOD = {
    "single": SINGLE,
    "multiple": marked(True, True, False, item=MULTIPLE),
    "code-output": OUTPUT,
    "numeric": NUMERIC,
    "options that are what code prints": PRINTING,
    "code that fails, among options": replace(PRINTING, code="print(1 / 0)"),
    "a number and its float": with_texts("3", "3.0", "4"),
    "names in other letters": with_texts("`Value`", "`value`", "`VALUE`"),
    "printed lines": replace(OUTPUT, code="print(1)\nprint(2)", answer="1\n2"),
    "an emphasised negation": replace(SINGLE, prompt="Which one is **not** a number?"),
}
# The item, the gate, and the start of what it says; notes do not block.
BAD: dict[str, tuple[Question, str, str]] = {
    "two keys": (marked(True, True, False), "Q1", "2 of its options are marked as right"),
    "no key": (marked(False, False, False), "Q1", "0 of its options are marked as right"),
    "all of many": (marked(True, True, True, item=MULTIPLE), "Q1", "Of its options some must"),
    "two options": (with_texts("one", "two"), "Q1", "It has 2 options"),
    "seven options": (with_texts(*"abcdefg"), "Q1", "It has 7 options"),
    "one option twice": (with_texts("A list.", "two", "a  list"), "Q1", "2 options say the same"),
    "one code twice": (with_texts("x+1", "x - 1", "`x + 1`"), "Q1", "2 options say the same"),
    "one value twice": (with_texts("[1, 2]", "two", "[1,2]"), "Q1", "2 options say the same"),
    "options and an answer": (replace(OUTPUT, options=OPTIONS), "Q1", "It asks for an answer"),
    "output that is no text": (replace(OUTPUT, answer=2.0), "Q1 Q3", "Its key is no text"),
    "no number": (replace(NUMERIC, answer="three"), "Q1", "Its key is no number"),
    "not a number": (replace(NUMERIC, answer=float("nan")), "Q1", "Its key is no number"),
    "all of the above": (with_texts("a", "b", "All of the above"), "Q2", "The option 'All of"),
    "none of these": (with_texts("a", "b", "None of these."), "Q2", "The option 'None of"),
    "a long key": (
        with_texts("one", "the one that comes second of all", "two"),
        "Q2",
        "The right option is much longer",
    ),
    "another output": (replace(OUTPUT, answer="3"), "Q3", "Its code prints '2'; the key is '3'."),
    "code without an end": (
        replace(OUTPUT, code="while True:\n    print(1)"),
        "Q3",
        "Its code does not come to an end: output",
    ),
    "code that fails": (
        replace(OUTPUT, code="print(1 / 0)"),
        "Q3",
        "Its code does not come to an end: ZeroDivisionError",
    ),
    "silent code": (replace(OUTPUT, code="x = 1", answer=""), "Q3", "Its code prints nothing."),
    "no code": (replace(OUTPUT, code=""), "Q3", "It asks what code prints, and has none."),
    "code that cannot be read": (
        replace(SINGLE, code="print("),
        "Q3",
        "Its code cannot be read",
    ),
    "another option is printed": (
        marked(True, False, False, item=PRINTING),
        "Q3",
        "Its code prints '3.5', an option that is not its key.",
    ),
}
NOTES = {
    "an option without a reason": (
        replace(SINGLE, options=(replace(OPTIONS[0], why=""), *OPTIONS[1:])),
        "The option 'the first one' has no reason.",
    ),
    "a negation in small letters": (
        replace(SINGLE, prompt="Which letter is not there?"),
        "It asks for what is not so",
    ),
    "a word that gives the key away": (
        with_texts("a number", "the second letter", "a word"),
        "Only the right option shares 'letter' with the question.",
    ),
}


def blocked(item: Question) -> dict[str, list[str]]:
    return {
        result.gate: [one.message for one in result.findings if one.blocks]
        for result in quizzes.check("lesson/quiz", item)
        if not result.passed
    }


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_item_is_let_by(kind: str) -> None:
    assert blocked(GOOD[kind]) == {}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_item_is_refused_by_the_gate_for_it(kind: str) -> None:
    item, gates, start = BAD[kind]
    found = blocked(item)
    assert " ".join(found) == gates
    assert found[gates[:2]][0].startswith(start)


@pytest.mark.parametrize("kind", NOTES)
def test_what_could_be_better_is_noted(kind: str) -> None:
    item, start = NOTES[kind]
    notes = [one for result in quizzes.check("lesson/quiz", item) for one in result.findings]
    assert [(one.gate, one.blocks, one.place) for one in notes] == [
        ("Q2", False, f"lesson/quiz/{item.key}")
    ]
    assert notes[0].message.startswith(start)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("A list", "a  list.", True),
        ("`x+1`", "x + 1", True),
        ("'a'", '"a"', True),
        ("1.50", "1.5", True),
        ("1", "1.0", False),
        ("1", "True", False),
        ("'a'", "a", False),
        ("x + 1", "1 + x", False),
        ("{1, 2}", "{1,2}", True),
    ],
)
def test_options_are_the_same_by_what_they_say(one: str, other: str, alike: bool) -> None:
    assert (quizzes.same(one) == quizzes.same(other)) is alike


@given(st.text())
def test_every_option_says_something_and_backquotes_and_spaces_do_not(text: str) -> None:
    assert quizzes.same(text) == quizzes.same(f"  `{text}` ")


@pytest.mark.parametrize("text", ["-" * 18_000 + "1", "(" * 5000, "a" + ".a" * 9000])
def test_an_option_may_be_anything(text: str) -> None:
    assert quizzes.same(text)


RIGHT, WRONG = Solved((1,), ""), Solved((0,), "")


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ([RIGHT, RIGHT, RIGHT], True),
        ([RIGHT, WRONG, RIGHT], True),
        ([RIGHT, WRONG, WRONG], False),
        ([Solved((0, 1), "")] * 3, False),
        ([RIGHT, RIGHT, Solved((1,), "", (1, 2))], False),
        ([RIGHT, RIGHT, Solved((1,), "", (1, 7))], True),
        ([RIGHT], True),
        ([WRONG], False),
    ],
)
def test_blind_answers_must_agree_with_the_key(answers: list[Solved], passed: bool) -> None:
    result = quizzes.agreed("lesson/quiz", SINGLE, answers)
    assert result.passed is passed
    assert result.figures["answers"] == len(answers)


@pytest.mark.parametrize(
    ("item", "answer", "agrees"),
    [
        (OUTPUT, "2\n", True),
        (OUTPUT, "3", False),
        (NUMERIC, "3", True),
        (NUMERIC, "3.1", False),
        (NUMERIC, "three", False),
        (replace(NUMERIC, tolerance=0.5), "3.4", True),
        (marked(True, True, False, item=MULTIPLE), "", False),
    ],
)
def test_a_blind_answer_is_read_as_its_kind_asks(item: Question, answer: str, agrees: bool) -> None:
    result = quizzes.agreed("lesson/quiz", item, [Solved((), answer)])
    assert result.passed is agrees


def test_an_item_that_stands_twice_in_a_course_is_named() -> None:
    again = replace(SINGLE, key="again")
    result = quizzes.check_bank([("one/quiz", SINGLE), ("one/quiz", OUTPUT), ("two/quiz", again)])
    (finding,) = result.findings
    assert (finding.place, finding.message) == ("two/quiz/again", "It is the item place again.")


def test_code_that_differs_makes_another_item() -> None:
    items: list[tuple[str, Any]] = [
        ("one/quiz", replace(OUTPUT, key=f"n{n}", code=f"print({n})", answer=str(n)))
        for n in range(5)
    ]
    assert quizzes.check_bank(items).findings == ()


@pytest.mark.parametrize(
    ("places", "noted"),
    [([0, 1, 2] * 4, False), ([0] * 12, True), ([0] * 11, False), ([0, 0, 1, 0] * 5, True)],
)
def test_keys_that_stand_always_in_one_place_are_noted(places: list[int], noted: bool) -> None:
    items = [
        (
            "one/quiz",
            replace(
                marked(*(place == number for number in range(3))),
                key=f"n{at}",
                prompt=f"Question {at}?",
                code=f"print({at})",
            ),
        )
        for at, place in enumerate(places)
    ]
    result = quizzes.check_bank(items)
    assert bool(result.findings) is noted
    assert result.passed
