"""G10: students get neither the solution nor hidden tests."""

from __future__ import annotations

from typing import Any

import pytest
from exercises import REFERENCE, STATEMENT, TESTS, code, draft, of_cells, subject
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.assemble import exercise_cells
from coursewright.generator.gates import leaks
from coursewright.generator.gates.subject import Subject

BODY = REFERENCE.partition('"""\n')[2].rstrip()
SHORT = "def keep_between(value, low, high):\n    return max(low, value)\n"
LINE = TESTS[2][1]
LEAKS: dict[str, tuple[Subject, str]] = {
    "the answer in the statement": (
        subject(statement=f"{STATEMENT}\n\n```python\n{BODY}\n```"),
        "A student reads 16 tokens of the reference in a row",
    ),
    "the answer in another layout": (
        subject(
            statement=f"{STATEMENT}\n\n```\nif value<low: # then\n  return low\nif value>high:\n"
            "  return high\n```"
        ),
        "A student reads 14 tokens of the reference in a row",
    ),
    "the answer in an example": (
        subject(code("an-example", REFERENCE.replace("keep_between", "held"))),
        "A student reads 16 tokens of the reference in a row",
    ),
    "all of a short answer": (
        subject(reference=SHORT, statement=f"{STATEMENT} It is `return max( low, value)`."),
        "The statement shows all that a student is to write.",
    ),
    "a hidden test in the statement": (
        subject(statement=f"{STATEMENT}\n\n{LINE}"),
        "A line of the hidden test keep-between-2 can be read",
    ),
    "a hidden test in a visible one": (
        subject(tests={**TESTS, 1: (f"{TESTS[1][0]}\n{LINE}", TESTS[1][1])}),
        "A line of the hidden test keep-between-2 can be read",
    ),
    "a marker in the text": (
        subject(statement=f"{STATEMENT}\n\n### BEGIN HIDDEN TESTS\n\nThere are none."),
        "lesson 'limits', cell 2: No end hidden tests statement found",
    ),
    "metadata of others": (
        subject(code("an-example", "print(1)", solution_of="keep-between")),
        "Cell 2 of the student's notebook has metadata solution_of.",
    ),
    "a notebook that cannot be released": (
        of_cells(code("twice", "1"), code("twice", "2"), *exercise_cells(draft())),
        "lesson 'limits', cells 1, 2 share the cell id 'twice'",
    ),
}
KEPT: dict[str, dict[str, Any]] = {
    "nothing of it": {},
    "a part of a short answer": {
        "reference": SHORT,
        "statement": f"{STATEMENT} Use `max(low, value)`.",
    },
    "a few tokens": {"statement": f"{STATEMENT} Begin with `if value < low: return low`."},
    "words": {"statement": f"{STATEMENT} Return low if the value is below low, or else high."},
}


@pytest.mark.parametrize("kind", LEAKS)
def test_what_a_student_may_not_read_is_found(kind: str) -> None:
    one, said = LEAKS[kind]
    result = leaks.check(one)
    assert not result.passed
    assert any(finding.message.startswith(said) for finding in result.findings)


@pytest.mark.parametrize("kind", KEPT)
def test_what_gives_nothing_away_is_let_by(kind: str) -> None:
    result = leaks.check(subject(**KEPT[kind]))
    assert result.findings == ()
    assert 0 <= result.figures["shared_tokens"] <= leaks.LONGEST


def test_a_student_may_read_the_signature_and_what_stands_above_the_markers() -> None:
    signature = REFERENCE.partition("    if")[0]
    assert leaks.check(subject(statement=f"{STATEMENT}\n\n```python\n{signature}```")).passed


def test_what_proves_an_exercise_does_not_reach_the_student() -> None:
    one = subject()
    released = str(leaks.release(one.lesson).to_notebook())
    assert one.proof.wrong
    for secret in (*one.proof.wrong.values(), one.proof.second, one.proof.inputs):
        assert secret
        assert secret not in released
        assert repr(secret)[1:-1] not in released


@given(st.text())
def test_every_text_has_tokens_or_none(text: str) -> None:
    # Every kind of line's end has become a plain one by then.
    assert all(token in leaks.bare(text) for token in leaks.tokens(text))


@given(st.sampled_from(["x = [1, 2]", "if a:\n    b()", "def f(a):\n    return a + 1"]))
def test_layout_and_comments_are_no_tokens(source: str) -> None:
    aired = source.replace(" =", "  =").replace("\n", "  # a comment\n\n")
    assert leaks.tokens(aired) == leaks.tokens(source)
