"""The mutator: which small changes it makes, which it leaves alone, and how it draws from many."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.generator.mutation import MOST, mutants

# A body, and the lines that come in place of its only one that changes.
CHANGES = [
    ("comparison", "return a < b", {"return a <= b"}),
    ("comparison", "return a >= b", {"return a > b"}),
    ("comparison", "return a == b", {"return a != b"}),
    ("comparison", "return a in b", {"return a not in b"}),
    ("comparison", "return a is not b", {"return a is b"}),
    ("comparison", "return a < b <= c", {"return a <= b <= c", "return a < b < c"}),
    ("arithmetic", "return a + b", {"return a - b"}),
    ("arithmetic", "return a // b", {"return a / b"}),
    ("arithmetic", "return a % b", {"return a // b"}),
    ("arithmetic", "a *= b", {"a /= b"}),
    ("arithmetic", "return -a", {"return a"}),
    ("and/or", "return a and b", {"return a or b"}),
    ("drop a condition", "return a and b", {"return b", "return a"}),
    ("drop a condition", "return a or b or c", {"return b or c", "return a or c", "return a or b"}),
    ("drop a condition", "return [x for x in a if x]", {"return [x for x in a]"}),
    ("negate", "return not a", {"return a"}),
    ("negate", "return b if a else c", {"return b if not a else c"}),
    ("negate", "return b if a < 0 else c", {"return b if not a < 0 else c"}),
    ("constant", "return 7", {"return 8", "return 6"}),
    ("constant", "return 0.5", {"return 1.5", "return -0.5"}),
    ("constant", "return True", {"return False"}),
    ("constant", "return 'yes'", {"return ''"}),
    ("constant", "return ''", {"return 'x'"}),
    ("constant", "return [a]", {"return []"}),
    ("constant", "return f'{a}!'", {"return f'{a}'"}),
    ("return None", "return a", {"return None"}),
    ("min to max", "return min(a, b)", {"return max(a, b)"}),
    ("any to all", "return any(a)", {"return all(a)"}),
    ("sorted to list", "return sorted(a, key=b)", {"return list(a)"}),
    ("drop a keyword", "return f(a, key=b)", {"return f(a)"}),
    ("slice", "return a[b:c]", {"return a[:c]", "return a[b:]"}),
    ("slice", "return a[::b]", {"return a[:]"}),
    ("delete a statement", "a.append(b)", {"pass"}),
    ("delete a statement", "a[b] = c", {"pass"}),
    ("delete a statement", "raise a", {"pass"}),
    ("delete a statement", "a += b", {"pass"}),
]
# Lines of which this operator leaves everything as it is.
UNTOUCHED = [
    ("constant", '"""Say 3."""'),
    ("constant", "raise ValueError('no')"),
    ("constant", "raise ValueError(f'no {a}')"),
    ("constant", "print('the result is', a)"),
    ("constant", "logging.info('begun')"),
    ("constant", "x: Literal['a'] = b"),
    ("return None", "return None"),
    ("negate", "return b if a == c else c"),
    ("delete a statement", "import a"),
    ("delete a statement", "x = a"),
    ("delete a statement", "'a text beside'"),
]


def function(body: str) -> str:
    return f"def f(a, b, c):\n{indent(body, '    ')}"


def lines(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()[1:]]


@pytest.mark.parametrize(("operator", "line", "expected"), CHANGES)
def test_an_operator_makes_these_changes(operator: str, line: str, expected: set[str]) -> None:
    found = [one for one in mutants(function(line)) if one.operator == operator]
    # An f-string that lost its text may be written in more than one way.
    assert {"".join(lines(one.source)) for one in found} == expected
    assert {one.line for one in found} == {2}
    assert {one.within for one in found} == {"f"}


@pytest.mark.parametrize(("operator", "line"), UNTOUCHED)
def test_what_only_people_read_and_what_nothing_runs_without_stays(
    operator: str, line: str
) -> None:
    assert [one.source for one in mutants(function(line)) if one.operator == operator] == []


def test_numbers_in_the_text_of_an_error_are_not_wording() -> None:
    assert {one.source for one in mutants(function("raise E(3)"))} > {
        function("raise E(4)"),
        function("raise E(2)"),
    }


def test_only_what_the_student_writes_is_changed() -> None:
    cell = dedent("""
        def f(a, b=3):
            c = 1
            ### BEGIN SOLUTION
            return a + c
            ### END SOLUTION
    """)
    assert {one.operator for one in mutants(cell)} == {"arithmetic", "return None"}
    assert {one.line for one in mutants(cell)} == {4}


def test_the_difference_is_shown_as_lines() -> None:
    (mutant,) = (one for one in mutants(function("return a < b")) if "<=" in one.source)
    assert mutant.diff.splitlines()[1:] == [
        " def f(a, b, c):",
        "-    return a < b",
        "+    return a <= b",
    ]


def test_methods_and_second_functions_say_where_they_are() -> None:
    source = "class Box:\n    def take(self):\n        return 1\n\n\ndef g():\n    return 2"
    assert {(one.within, one.line) for one in mutants(source)} == {("Box", 3), ("g", 7)}


@pytest.mark.parametrize("text", ["def f(:", "", "x = '\0'", "(" * 500])
def test_what_is_no_python_has_no_mutants(text: str) -> None:
    assert mutants(text) == []


MANY = function("\n".join(f"if a < {n} and b > {n}:\n    return {n}" for n in range(8)))


def test_of_many_each_operator_gets_its_part() -> None:
    counts = Counter(one.operator for one in mutants(MANY, most=24))
    assert set(counts) == {one.operator for one in mutants(MANY)}
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len(mutants(MANY)) == MOST


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), most=st.integers(0, 60))
def test_a_seed_draws_the_same_mutants_every_time(seed: int, most: int) -> None:
    found = mutants(MANY, seed, most)
    assert found == mutants(MANY, seed, most)
    assert len(found) == most


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_mutant_can_be_run_and_is_another_program(seed: int) -> None:
    found = mutants(MANY, seed)
    programs = {ast.dump(ast.parse(one.source)) for one in found}
    assert len(programs) == len(found)
    assert ast.dump(ast.parse(MANY)) not in programs
    for one in found:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert compile(one.source, "mutant", "exec")
