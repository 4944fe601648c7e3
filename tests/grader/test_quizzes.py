"""What an answer to a quiz item is worth."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.grader import quizzes
from coursewright.records.course import Option, Question, Quiz
from coursewright.records.errors import Invalid


def single(*right: bool, points: float = 1) -> Question:
    options = tuple(Option(f"option {n}", one) for n, one in enumerate(right))
    return Question("one", "single", "Which?", options, points=points)


def multiple(*right: bool, points: float = 1) -> Question:
    options = tuple(Option(f"option {n}", one) for n, one in enumerate(right))
    return Question("some", "multiple", "Which?", options, points=points)


def numeric(answer: float, tolerance: float = 0) -> Question:
    return Question("many", "numeric", "How many?", answer=answer, tolerance=tolerance)


def printing(answer: str) -> Question:
    return Question("says", "code-output", "What does it print?", answer=answer, code="…")


def worth(item: Question, answer: Any) -> float:
    quiz = Quiz("quiz", "Quiz", (item,))
    return quizzes.mark(item, quizzes.checked(quiz, {item.key: answer})[item.key]).points


MULTIPLE = {
    "all right ones": ([0, 2], 1.0),
    "one of two": ([0], 0.5),
    "one of each": ([0, 1], 0.0),
    "the wrong one": ([1], 0.0),
    "everything": ([0, 1, 2], 0.0),
    "nothing": ([], 0.0),
    "not answered": (None, 0.0),
    "in another order": ([2, 0], 1.0),
}


@pytest.mark.parametrize("case", MULTIPLE)
def test_a_multiple_choice_gives_part_marks_and_takes_wrong_ones_off(case: str) -> None:
    answer, points = MULTIPLE[case]
    assert worth(multiple(True, False, True), answer) == points


def test_of_several_wrong_options_each_takes_its_share() -> None:
    item = multiple(True, True, False, False, False, points=6)
    assert worth(item, [0, 1, 2]) == 4
    assert worth(item, [0, 2]) == 1
    assert worth(item, [0, 2, 3, 4]) == 0


@given(right=st.lists(st.booleans(), min_size=1, max_size=6), data=st.data())
def test_no_choice_is_worth_less_than_nothing_or_more_than_the_item(
    right: list[bool], data: st.DataObject
) -> None:
    item = multiple(*right, points=3)
    chosen = data.draw(st.lists(st.integers(0, len(right) - 1), unique=True))
    marked = quizzes.mark(item, sorted(chosen))
    exact = {n for n, one in enumerate(right) if one} == set(chosen)
    assert 0 <= marked.points <= 3
    assert marked.right == (exact and bool(chosen))


@pytest.mark.parametrize(("answer", "points"), [(1, 2), (0, 0), (2, 0), (None, 0)])
def test_a_single_choice_is_right_or_not(answer: int | None, points: float) -> None:
    assert worth(single(False, True, False, points=2), answer) == points


def test_an_item_without_a_key_is_never_right() -> None:
    assert worth(single(False, False), 0) == 0
    assert worth(Question("x", "numeric", "?"), "0") == 0


SPELT = {
    "0.3": 0.3,
    "0,3": 0.3,
    " .3 ": 0.3,
    "3e-1": 0.3,
    "3E-01": 0.3,
    "+0.30": 0.3,
    "1,000": 1000,
    "1 000": 1000,
    "1\N{NO-BREAK SPACE}000": 1000,
    "1'000": 1000,
    "1_000": 1000,
    "1,000,000": 1_000_000,
    "1,234.5": 1234.5,
    "1.234,5": 1234.5,
    "1 234,5": 1234.5,
    "\N{MINUS SIGN}3": -3,
    "-3.": -3,
    "007": 7,
}


@pytest.mark.parametrize("text", SPELT)
def test_a_number_counts_however_it_is_spelt(text: str) -> None:
    assert worth(numeric(SPELT[text]), text) == 1
    assert worth(numeric(SPELT[text] + 1), text) == 0


NEAR = [
    (0.3, 0.01, "0.31", True),
    (0.3, 0.01, "0.29", True),
    (0.3, 0.01, "0.3101", False),
    (100_000_000, 0.01, "100000000.01", True),
    (100_000_000, 0, "100000001", False),
    (1_234_567_890, 0, "1234567891", False),
    (0.1 + 0.2, 0, "0.3", True),
    (1 / 3, 0, "0.3333333333", True),
    (1 / 3, 0, "0.333", False),
    (0, 0, "0.0", True),
    (0, 0, "1e-30", False),
    (3, 0, 3, True),
    (3, 0, 3.0, True),
    (2**100, 0, str(2**100), True),
]


@pytest.mark.parametrize("case", NEAR, ids=str)
def test_a_tolerance_holds_to_its_ends(case: tuple[float, float, Any, bool]) -> None:
    key, tolerance, answer, right = case
    assert worth(numeric(key, tolerance), answer) == float(right)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_what_python_prints_of_a_number_is_read_as_that_number(number: Decimal) -> None:
    assert number in quizzes.readings(str(number))
    assert number in quizzes.readings(f"  {number:f}".replace(".", ","))


PRINTED = {
    "True": True,
    "True\n": True,
    "True  \n\n": True,
    "True\r\n": True,
    " True": False,
    "true": False,
    "True\nTrue": False,
    "": False,
}


@pytest.mark.parametrize("text", PRINTED)
def test_printed_text_counts_without_trailing_blanks(text: str) -> None:
    assert worth(printing("True"), text) == float(PRINTED[text])


def test_lines_count_one_by_one() -> None:
    assert worth(printing("a\n  b\nc"), "a \n  b\t\nc\n") == 1
    assert worth(printing("a\n\nc"), "a\nc") == 0


NONE = {
    "a word for a place": (single(True, False), "0"),
    "yes for a place": (single(True, False), True),
    "a place too far": (single(True, False), 2),
    "a place below 0": (single(True, False), -1),
    "half a place": (single(True, False), 0.0),
    "a list for a place": (single(True, False), [0]),
    "a place for a list": (multiple(True, False), 0),
    "words in a list": (multiple(True, False), ["0"]),
    "a place twice": (multiple(True, False), [0, 0]),
    "a list in a list": (multiple(True, False), [[0]]),
    "a word for a number": (numeric(1), "one"),
    "a fraction": (numeric(1), "1/1"),
    "not a number": (numeric(1), float("nan")),
    "endless": (numeric(1), float("inf")),
    "yes for a number": (numeric(1), True),
    "two numbers": (numeric(1), "3 4"),
    "a number that is too long": (numeric(1), "1" * 401),
    "too large a number": (numeric(1), 10**500),
    "a list for a number": (numeric(1), [1]),
    "a number for text": (printing("1"), 1),
    "text with NUL": (printing("1"), "1\0"),
    "half a character": (printing("1"), "\ud800"),
    "too long a text": (printing("1"), "1" * 10_001),
    "an object": (printing("1"), {"text": "1"}),
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_answer_is_refused(case: str) -> None:
    item, answer = NONE[case]
    with pytest.raises(Invalid):
        worth(item, answer)


def test_a_question_that_the_quiz_does_not_have_is_refused() -> None:
    quiz = Quiz("quiz", "Quiz", (numeric(1),))
    with pytest.raises(Invalid, match="no question 'other'"):
        quizzes.checked(quiz, {"many": 1, "other": 1})


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_anything_else_is_an_answer_or_refused(answer: Any) -> None:
    for item in (single(True, False), multiple(True, False), numeric(1.5), printing("1")):
        with suppress(Invalid):
            assert 0 <= worth(item, answer) <= 1


def test_an_order_is_each_person_s_own_and_stays() -> None:
    assert quizzes.order("3f", 6) == quizzes.order("3f", 6)
    assert {tuple(quizzes.order(f"{n}", 3)) for n in range(100)} == {
        (0, 1, 2),
        (0, 2, 1),
        (1, 0, 2),
        (1, 2, 0),
        (2, 0, 1),
        (2, 1, 0),
    }


@given(seed=st.text(), chosen=st.lists(st.integers(0, 4), unique=True))
def test_an_answer_in_one_s_own_order_comes_back_as_it_was(seed: str, chosen: list[int]) -> None:
    quiz = Quiz("quiz", "Quiz", (multiple(*[True] * 5), single(*[True] * 5)))
    first = chosen[0] if chosen else None
    shown = quizzes.checked(quiz, {"some": chosen, "one": first})
    written = quizzes.as_written(seed, quiz, shown)
    for item in quiz.questions:
        assert quizzes.as_shown(seed, item, written[item.key]) == shown[item.key]


def short(*accepted: str) -> Question:
    return Question("word", "short-text", "Which word?", accepted=accepted)


def ordering(number: int, points: float = 1) -> Question:
    entries = tuple(Option(f"entry {n}") for n in range(number))
    return Question("steps", "ordering", "In which order?", entries, points=points)


SAID = {
    "for loop": True,
    "  For \t LOOP. ": True,
    "ｆｏｒ loop": True,
    "for-loop": False,
    "it's": True,
    "it’s": True,
    "its": False,
    "STRASSE": True,
    "a–b": True,
    "": False,
    ".": False,
}


@pytest.mark.parametrize("text", SAID)
def test_a_short_text_counts_in_each_of_its_forms(text: str) -> None:
    assert worth(short("for loop", "it's", "Straße", "a-b"), text) == float(SAID[text])


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40))
def test_the_plain_form_of_a_text_stays_as_it_is(text: str) -> None:
    once = quizzes.plain(text)
    assert worth(short("x", text), text) == float(text != "")
    assert once == once.strip()


def test_a_short_text_without_forms_is_never_right() -> None:
    assert worth(short(), "") == worth(short(), "x") == 0
    assert quizzes.solution(short()) is None
    assert quizzes.solution(short("one", "1")) == "one"


ORDERED = {
    "in order": ([0, 1, 2, 3], 1.0),
    "two neighbours changed": ([1, 0, 2, 3], 2 / 3),
    "the first at the end": ([1, 2, 3, 0], 0.0),
    "backwards": ([3, 2, 1, 0], 0.0),
    "not answered": (None, 0.0),
    "nothing": ([], 0.0),
}


@pytest.mark.parametrize("case", ORDERED)
def test_an_ordering_gives_part_marks_by_pairs(case: str) -> None:
    answer, points = ORDERED[case]
    assert worth(ordering(4), answer) == pytest.approx(points, abs=1e-6)


@given(st.permutations(range(5)))
def test_only_the_right_order_is_right(places: list[int]) -> None:
    marked = quizzes.mark(ordering(5, points=2), places)
    assert marked.right == (places == sorted(places))
    assert 0 <= marked.points <= 2


@pytest.mark.parametrize("answer", [[0], [0, 0, 1], [0, 1, 3], "012", 0, [0, 1, 2, 3]])
def test_an_order_that_is_none_is_refused(answer: Any) -> None:
    with pytest.raises(Invalid):
        worth(ordering(3), answer)


@given(seed=st.text(), places=st.permutations(range(4)))
def test_an_ordering_never_begins_in_its_right_order_and_comes_back_as_it_was(
    seed: str, places: list[int]
) -> None:
    item = ordering(4)
    quiz = Quiz("quiz", "Quiz", (item,))
    assert quizzes.option_order(seed, item) != [0, 1, 2, 3]
    written = quizzes.as_written(seed, quiz, {"steps": list(places)})
    assert quizzes.as_shown(seed, item, written["steps"]) == list(places)
    shown = quizzes.as_shown(seed, item, quizzes.solution(item))
    assert quizzes.as_written(seed, quiz, {"steps": shown})["steps"] == [0, 1, 2, 3]


RELATIVE = [(200.0, 0.05, "210", True), (200.0, 0.05, "211", False), (-200.0, 0.05, "-190", True)]


@pytest.mark.parametrize("case", RELATIVE, ids=str)
def test_a_tolerance_may_be_relative_to_the_key(case: tuple[float, float, str, bool]) -> None:
    key, relative, answer, right = case
    item = Question("many", "numeric", "How many?", answer=key, relative=relative)
    assert worth(item, answer) == float(right)


def test_what_a_student_sees_of_an_ordering_does_not_tell_its_order() -> None:
    item = Question("s", "ordering", "?", tuple(Option(text) for text in ("b", "a", "c")))
    assert [option.text for option in item.student_view().options] == ["a", "b", "c"]
    told = short("secret").student_view()
    assert told.accepted == ()


def test_a_question_without_the_newer_fields_is_written_as_it_always_was() -> None:
    assert not {"accepted", "relative"} & single(True).to_json().keys()
    for item in (short("a"), ordering(3), single(True), numeric(2)):
        assert Question.from_json(item.to_json()) == item
