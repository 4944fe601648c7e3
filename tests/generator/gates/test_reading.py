"""G11: statements that read well are let by, and what they speak of is there."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from exercises import STATEMENT, TESTS, code, subject
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.gates import reading

HEAVY = (
    "Notwithstanding considerable meteorological variability, installations incorporating"
    " thermostatic regulation necessitate parameterised functionality guaranteeing that"
    " temperatures transgressing preconfigured thresholds become systematically normalised to the"
    " corresponding extremity demonstrates minimal numerical differentiation, irrespective of"
    " environmental circumstances."
)
REFUSED = {
    "too long": (f"{STATEMENT} " * 6, "The statement has"),
    "too hard": (HEAVY, "The statement reads at grade"),
    "of a function that is not there": (
        f"{STATEMENT} Use `nearest(value)` for it.",
        "The statement speaks of nearest(), which the exercise does not have.",
    ),
    "of a method that is not there": (
        f"{STATEMENT} Then call `value.settle()` once.",
        "The statement speaks of settle(), which the exercise does not have.",
    ),
}
LET_BY = {
    "of the function itself": f"{STATEMENT} So `keep_between(5, 1, 9)` is 5.",
    "of built-ins": f"{STATEMENT} You may use `min(low, high)` and `if (value):` for it.",
    "of what an example defines": f"{STATEMENT} The function `shown_before(2)` is of help.",
    "with code": f"{STATEMENT}\n\n```python\nwhatever_this(may) = be\n```",
    "with brackets in words": f"{STATEMENT} Both limit(s) may be equal.",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_statement_that_reads_badly_is_refused(kind: str) -> None:
    statement, said = REFUSED[kind]
    messages = [one.message for one in reading.check(subject(statement=statement)).findings]
    assert any(message.startswith(said) for message in messages)


@pytest.mark.parametrize("kind", LET_BY)
def test_a_statement_may_speak_of_what_is_there(kind: str) -> None:
    shown = code("a-helper", "def shown_before(n):\n    return n")
    result = reading.check(subject(shown, statement=LET_BY[kind]))
    assert result.findings == ()
    assert result.figures["words"] > 15


def test_a_statement_of_few_words_is_too_short() -> None:
    one = subject(statement="Do it.", promises=["It is kept."], tests={1: TESTS[1]})
    (finding,) = reading.check(one).findings
    assert finding.message.startswith("The statement has 8 words")


def test_more_is_asked_of_the_advanced() -> None:
    harder = (
        "Every afternoon, automatic thermostats regulate temperatures in several neighbouring"
        " apartments, considering individual preferences of inhabitants as well as seasonal"
        " variations in electricity consumption, which administrators continuously evaluate."
    )
    one = subject(statement=harder)
    levels = {level: reading.check(replace(one, level=level)).passed for level in reading.GRADES}
    assert levels == {"beginner": False, "intermediate": True, "advanced": True}


def test_the_level_of_other_languages_is_not_measured() -> None:
    one = replace(subject(statement=HEAVY), language="de")
    assert reading.check(one).passed
    assert reading.check(one).figures["grade"] is None


@pytest.mark.parametrize(
    ("easy", "hard"),
    [
        ("The cat sat. It ate.", "The cat sat and it ate."),
        ("He has a big house.", "He inhabits a considerable residence."),
        ("- one thing\n- two things", "one thing two things"),
        ("Do this:\n\nThen that.", "Do this then that."),
    ],
)
def test_short_sentences_and_short_words_are_easy(easy: str, hard: str) -> None:
    assert reading.grade(reading.prose(easy)) < reading.grade(reading.prose(hard))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Write `f(x)`.", "Write it."),
        ("One\n```python\nf(x)\n```\ntwo", "One two"),
        ("## A *big* [link](https://example.org/a)", "A big link"),
        ("1. first\n2. second", "first second"),
    ],
)
def test_code_and_markup_are_no_prose(markdown: str, words: str) -> None:
    assert reading.prose(markdown).split() == words.split()


@given(st.text())
def test_every_text_has_a_grade(text: str) -> None:
    assert math.isfinite(reading.grade(reading.prose(text)))
