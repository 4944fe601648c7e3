"""Final grades: cases by hand, and what must hold whatever somebody has done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.grader.weighing import Piece, weigh
from coursewright.records.schemes import Category, Scheme

HOMEWORK, EXAM = Category("Homework", 40, 1), Category("Exam", 60)
SCHEME = Scheme(
    (HOMEWORK, EXAM),
    {("a", ""): "Homework", ("b", ""): "Homework", ("c", ""): "Exam", ("c", "quiz"): "Exam"},
)


def graded(points: float, most: float = 10, pending: float = 0) -> Piece:
    return Piece("graded", points, most, pending)


CASES = [
    ("nothing counts yet", {}, None, None),
    (
        "by points in one category",
        {("c", ""): graded(9), ("c", "quiz"): graded(1, 2)},
        83.33,
        83.33,
    ),
    ("the lowest is dropped", {("a", ""): graded(2), ("b", ""): graded(8)}, 80, 80),
    ("one alone is kept", {("a", ""): graded(2)}, 20, 20),
    ("of equal ones the larger goes", {("a", ""): graded(0, 5), ("b", ""): graded(0)}, 0, 0),
    ("weights", {("a", ""): graded(10), ("c", ""): graded(5)}, 70, 70),
    ("what is open", {("a", ""): graded(8), ("c", ""): Piece("open", 0, 10)}, 80, 32),
    ("what is missing", {("a", ""): graded(8), ("c", ""): Piece("missing", 0, 10)}, 32, 32),
    ("what is excused", {("a", ""): graded(8), ("c", ""): Piece("excused", 0, 10)}, 80, 80),
    ("what waits", {("a", ""): graded(8), ("c", ""): Piece("waiting", 0, 10)}, 80, 80),
    ("what is held", {("a", ""): graded(8), ("c", ""): Piece("held", 0, 10)}, 80, 80),
    ("extra credit", {("c", ""): graded(12)}, 120, 120),
    ("what is in no category", {("x", ""): graded(10), ("c", ""): graded(5)}, 50, 50),
    ("no points to be had", {("c", ""): graded(0, 0), ("a", ""): graded(3)}, 30, 30),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_grade_by_hand(case: tuple[str, dict[tuple[str, str], Piece], float, float]) -> None:
    _, pieces, percent, final = case
    grade = weigh(SCHEME, pieces)
    assert grade.percent == (None if percent is None else pytest.approx(percent, abs=0.01))
    assert grade.final == (None if final is None else pytest.approx(final, abs=0.01))


def test_without_categories_everything_counts_by_its_points() -> None:
    grade = weigh(Scheme(), {("a", ""): graded(1, 2), ("b", "quiz"): graded(6, 6)})
    assert grade.percent == 87.5
    assert [part.name for part in grade.parts] == ["All work"]


def test_practice_of_weight_0_counts_nothing() -> None:
    scheme = Scheme((Category("Practice", 0), EXAM), {("a", ""): "Practice", ("c", ""): "Exam"})
    grade = weigh(scheme, {("a", ""): graded(0), ("c", ""): graded(7)})
    assert grade.percent == 70
    assert weigh(scheme, {("a", ""): graded(5)}).percent is None


def test_what_was_dropped_is_told() -> None:
    grade = weigh(SCHEME, {("a", ""): graded(2), ("b", ""): graded(8)})
    assert grade.dropped == {("a", "")}


def test_work_is_settled_when_nothing_more_is_to_come_of_it() -> None:
    settled = [graded(1), Piece("excused", 0, 1)]
    open_still = [graded(1, pending=2), Piece("waiting", 0, 1), Piece("open", 0, 1)]
    assert all(one.settled for one in settled)
    assert not any(one.settled for one in open_still)


# On a busy machine the generation of one case may take a second.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = ("one", "two", "three")
STATES = ("open", "missing", "waiting", "held", "graded", "excused")
items = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(("", "quiz")))


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    state = draw(st.sampled_from(STATES))
    most = draw(st.integers(1, 100))
    points = draw(st.integers(0, most)) if state == "graded" else 0
    return Piece(state, points, most)  # type: ignore[arg-type]


schemes = st.builds(
    lambda weights, drops, where: Scheme(
        tuple(map(Category, NAMES, weights, drops)), {item: NAMES[n] for item, n in where.items()}
    ),
    st.tuples(*[st.integers(0, 100)] * 3),
    st.tuples(*[st.integers(0, 4)] * 3),
    st.dictionaries(items, st.integers(0, 2), max_size=12),
)
works = st.dictionaries(items, pieces(), max_size=12)


@patient
@given(schemes, works)
def test_a_grade_is_between_0_and_100_and_what_is_open_never_raises_it(scheme, work) -> None:  # type: ignore[no-untyped-def]
    grade = weigh(scheme, work)
    if grade.percent is not None:
        assert 0 <= grade.percent <= 100.000001
        assert grade.final is not None
        assert grade.final <= grade.percent + 1e-5
    for part in grade.parts:
        assert part.percent is None or part.final is not None


@patient
@given(schemes, works)
def test_dropping_more_never_lowers_a_category(scheme, work) -> None:  # type: ignore[no-untyped-def]
    more = replace(
        scheme,
        categories=tuple(
            replace(one, drop_lowest=one.drop_lowest + 1) for one in scheme.categories
        ),
    )
    for before, after in zip(weigh(scheme, work).parts, weigh(more, work).parts, strict=True):
        if before.percent is not None:
            assert after.percent is not None
            assert after.percent >= before.percent - 1e-5


@patient
@given(schemes, works, items)
def test_more_points_never_lower_a_grade_without_drops(scheme, work, item) -> None:  # type: ignore[no-untyped-def]
    plain = replace(
        scheme, categories=tuple(replace(one, drop_lowest=0) for one in scheme.categories)
    )
    before = weigh(plain, {**work, item: Piece("graded", 3, 10)})
    after = weigh(plain, {**work, item: Piece("graded", 4, 10)})
    assert (before.percent is None) == (after.percent is None)
    assert before.percent is None or after.percent >= before.percent - 1e-5


@patient
@given(schemes, works, items)
def test_an_excused_item_counts_like_one_that_is_not_there(scheme, work, item) -> None:  # type: ignore[no-untyped-def]
    without = {key: one for key, one in work.items() if key != item}
    excused = weigh(scheme, {**without, item: Piece("excused", 0, 10)})
    assert excused == weigh(scheme, without)


@patient
@given(schemes, works, st.integers(2, 9))
def test_weights_count_in_relation_to_each_other_only(scheme, work, factor) -> None:  # type: ignore[no-untyped-def]
    larger = replace(
        scheme,
        categories=tuple(replace(one, weight=one.weight * factor) for one in scheme.categories),
    )
    before, after = weigh(scheme, work).percent, weigh(larger, work).percent
    assert before == (None if after is None else pytest.approx(after, abs=1e-5))


@patient
@given(schemes, works)
def test_what_was_dropped_leaves_something_in_each_category(scheme, work) -> None:  # type: ignore[no-untyped-def]
    grade = weigh(scheme, work)
    assert all(work[item].state in ("graded", "missing") for item in grade.dropped)
