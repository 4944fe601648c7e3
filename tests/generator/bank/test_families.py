"""Every family of exercises: its instances hold what they promise, from several seeds.

The bank's code is ours, so it runs in this process here. One exercise of some topics, and all of
them together in one notebook, go through the grader's sandbox at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from instances import (
    SEEDS,
    at_most,
    broken,
    every_family,
    every_seed,
    every_topic,
    lesson,
    made,
    subject,
)

from coursewright.generator.assemble import exercise_cells
from coursewright.generator.bank.catalogue import TOPICS
from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.bank.runs import define, outcome
from coursewright.generator.drafts import ExerciseDraft
from coursewright.generator.gates import duplicates, imports, leaks, parsing, reading, taught
from coursewright.generator.gates import exercise as gates
from coursewright.generator.gates.subject import Subject
from coursewright.generator.mutation import mutants
from coursewright.grader.grade import grade
from coursewright.grader.starters import starter
from coursewright.records.course import Course, Module
from coursewright.records.release import student_view

INPUTS = 300  # arguments on which a mutant that the tests let by is compared with the reference
LEAST = 0.95  # of the mutants that are not equal, found by the tests
WHOLE = ("decisions", "lists-and-loops", "dictionaries")  # topics with one exercise in every gate


def test_there_are_twelve_topics_with_sixty_families_of_exercises_and_of_quiz_items() -> None:
    assert len(TOPICS) >= 12
    assert sum(len(topic.families) for topic in TOPICS) >= 60
    assert sum(len(topic.quizzes) for topic in TOPICS) >= 60
    assert all(len(topic.families) >= 5 and len(topic.quizzes) >= 5 for topic in TOPICS)


@every_seed
@every_family
def test_reference_and_second_answer_pass_all_tests(
    topic: Topic, family: Family, seed: int
) -> None:
    draft = made(family, seed)
    assert draft.second is not None
    assert draft.second.source != draft.reference.source
    assert broken(draft.reference.source, draft) == set()
    assert broken(draft.second.source, draft) == set()


@every_seed
@every_family
def test_each_wrong_answer_breaks_its_own_promise_and_no_other(
    topic: Topic, family: Family, seed: int
) -> None:
    draft = made(family, seed)
    promises = range(1, len(draft.spec.promises) + 1)
    assert [one.promise for one in draft.wrong.violations] == list(promises)
    for violation in draft.wrong.violations:
        assert broken(violation.source, draft) == {violation.promise}


@every_seed
@every_family
def test_the_starter_passes_the_tests_of_no_promise(
    topic: Topic, family: Family, seed: int
) -> None:
    draft = made(family, seed)
    _, solution, *_ = exercise_cells(draft)
    assert broken(starter(solution), draft) == set(range(1, len(draft.spec.promises) + 1))


@every_seed
@every_family
def test_each_promise_is_tested_where_students_see_it_and_where_they_do_not(
    topic: Topic, family: Family, seed: int
) -> None:
    draft = made(family, seed)
    assert 2 <= len(draft.spec.promises) <= 4
    for number in range(1, len(draft.spec.promises) + 1):
        kinds = [test.visible for test in draft.tests.tests if test.promise == number]
        assert sorted(kinds) == [False, True]


@every_seed
@every_family
def test_examples_are_true(topic: Topic, family: Family, seed: int) -> None:
    draft = made(family, seed)
    names = define(draft.reference.source)
    for example in draft.spec.examples:
        assert outcome(example.call, names).same(outcome(example.result, {}))


@every_family
def test_a_seed_makes_the_same_instance_again_and_other_seeds_make_others(
    topic: Topic, family: Family
) -> None:
    first = [family.make(Random(seed)) for seed in range(6)]
    again = [family.make(Random(seed)) for seed in range(6)]
    assert [one.model_dump_json() for one in first] == [one.model_dump_json() for one in again]
    assert len({one.spec.statement for one in first}) > 1
    assert len({one.tests.model_dump_json() for one in first}) > 3


@every_family
def test_an_instance_is_what_its_family_says(topic: Topic, family: Family) -> None:
    for seed in SEEDS:
        draft = made(family, seed)
        assert draft.spec.key == family.key
        assert draft.difficulty == family.difficulty
        assert tuple(draft.spec.concepts) == family.concepts
        assert set(family.concepts) <= set(topic.concepts)
        assert len(draft.hints.hints) == 3


@every_family
def test_inputs_are_many_and_fit_the_first_signature(topic: Topic, family: Family) -> None:
    draft = made(family, 0)
    if draft.tests.inputs is None:
        assert draft.spec.signatures[0].startswith("class ")
        return
    drawn = list(define(draft.tests.inputs)["inputs"](Random(0)))
    assert len(drawn) >= 200
    assert all(isinstance(arguments, tuple) for arguments in drawn)
    names = define(draft.reference.source)
    assert {_called(draft, names, one).error for one in drawn} <= {"", "ValueError", "TypeError"}


def _called(draft: ExerciseDraft, names: dict[str, Any], arguments: tuple[Any, ...]) -> Any:
    name = draft.spec.signatures[0].removeprefix("def ").partition("(")[0]
    return outcome(f"{name}(*given)", {**names, "given": arguments})


@pytest.mark.parametrize(
    "gate", [parsing, imports, leaks, reading, taught], ids=lambda g: g.__name__
)
@every_family
def test_the_gates_that_run_nothing_let_it_by(topic: Topic, family: Family, gate: Any) -> None:
    result = gate.check(subject(topic, made(family, 1)))
    assert result.findings == ()


@every_family
def test_the_tests_find_small_mistakes(topic: Topic, family: Family) -> None:
    draft = made(family, 2)
    _, solution, *_ = exercise_cells(draft)
    found = mutants(solution.source)
    passed = [one.source for one in found if not broken(one.source, draft)]
    survivors = [source for source in passed if not _equal(source, draft)]
    counted = len(found) - len(passed) + len(survivors)
    assert counted >= 2
    assert 1 - len(survivors) / counted >= LEAST, survivors


def _equal(mutant: str, draft: ExerciseDraft) -> bool:
    """Whether it does as the reference does on many inputs; said of no class."""
    if draft.tests.inputs is None:
        return False
    right, other = define(draft.reference.source), define(mutant)
    drawn = list(define(draft.tests.inputs)["inputs"](Random(7)))[:INPUTS]
    again = list(define(draft.tests.inputs)["inputs"](Random(7)))[:INPUTS]
    with at_most(10):
        return all(
            _called(draft, right, one).same(_called(draft, other, two))
            for one, two in zip(drawn, again, strict=True)
        )


@every_topic
def test_the_grader_gives_all_points_to_references_and_none_to_starters(topic: Topic) -> None:
    drafts = [made(family, 1) for family in topic.families]
    whole = lesson(topic, *drafts)
    course = Course("bank", "Bank", (Module("only", "Only", (whole,)),))
    (released,) = student_view(course).lessons()
    answered = released.to_notebook()
    answers = {draft.spec.key: draft.second.source for draft in drafts if draft.second}
    for cell in answered["cells"]:
        key = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(key, cell["source"])
    best = grade(whole.to_notebook(), answered)
    assert best.score == best.max_score == sum(len(draft.spec.promises) for draft in drafts)
    assert grade(whole.to_notebook(), released.to_notebook()).score == 0


@pytest.mark.parametrize("key", WHOLE)
def test_an_exercise_passes_every_gate(key: str) -> None:
    (topic,) = [one for one in TOPICS if one.key == key]
    draft = topic.families[0].make(Random(8))
    results = gates.check(subject(topic, draft))
    assert [finding for result in results for finding in result.findings] == []
    (strength,) = [result for result in results if result.gate == "G6"]
    assert strength.figures["score"] >= LEAST


@every_seed
def test_no_two_families_come_to_the_same_exercise(seed: int) -> None:
    subjects = [subject(topic, made(one, seed)) for topic in TOPICS for one in topic.families]
    drafts = {one.key: made(one, seed) for topic in TOPICS for one in topic.families}

    def passing(other: Subject, answers: Sequence[str]) -> list[bool]:
        return [not broken(answer, drafts[other.exercise.key]) for answer in answers]

    assert duplicates.check(subjects, passing).findings == ()
