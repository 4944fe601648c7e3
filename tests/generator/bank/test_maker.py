"""The bank as a maker: outlines from requests, the same pieces from the same seed, honest ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from coursewright.generator.assemble import question
from coursewright.generator.bank.catalogue import TOPICS
from coursewright.generator.bank.maker import Bank
from coursewright.generator.drafts import ExerciseDraft, Outline
from coursewright.generator.maker import Maker, Place
from coursewright.generator.outcomes import ROUNDS
from coursewright.generator.plans import problems
from coursewright.generator.request import Request
from coursewright.generator.trouble import Abstained

T = TypeVar("T")
BANK = Bank(seed=1)


def done(piece: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(piece)


def outlined(bank: Bank = BANK, **asked: Any) -> Outline:
    return done(bank.outline(Request(**{"topic": "Python basics", **asked})))


def places(**asked: Any) -> Iterator[Place]:
    request = Request(**{"topic": "Python basics", **asked})
    outline = done(BANK.outline(request))
    for lesson in outline.lessons():
        yield Place(request, outline, lesson)


async def drafted(bank: Bank, place: Place, number: int = 0) -> ExerciseDraft:
    """The exercise in the pieces in which the pipeline asks for it."""
    plan = place.lesson.exercises[number]
    spec = await bank.spec(place, plan)
    reference = await bank.reference(place, spec)
    return ExerciseDraft(
        spec=spec,
        reference=reference,
        tests=await bank.tests(place, spec),
        wrong=await bank.wrong(place, spec, reference),
        hints=await bank.hints(place, spec, reference),
        difficulty=plan.difficulty,
    )


def test_the_bank_is_a_maker() -> None:
    maker: Maker = BANK
    assert maker.name == "bank, seed 1"


def test_python_at_large_begins_at_the_beginning() -> None:
    outline = outlined(modules=6, exercises=5)
    assert [lesson.key for lesson in outline.lessons()] == [topic.key for topic in TOPICS[:6]]
    assert all(len(lesson.exercises) == 5 for lesson in outline.lessons())
    assert problems(outline) == []


def test_a_topic_comes_with_all_that_it_builds_on() -> None:
    outline = outlined(topic="Dictionaries", modules=3, lessons=2)
    keys = [lesson.key for lesson in outline.lessons()]
    assert keys[-1] == "dictionaries"
    assert [len(module.lessons) for module in outline.modules] == [2, 2, 2]
    assert problems(outline) == []


def test_objectives_choose_where_the_topic_says_only_python() -> None:
    goals = ["say what went wrong with an exception"]
    outline = outlined(modules=8, objectives=goals)
    assert "errors" in {lesson.key for lesson in outline.lessons()}
    assert outline.objectives == goals


def test_what_learners_bring_along_is_left_out_unless_they_are_beginners() -> None:
    asked = {"topic": "Recursion", "modules": 1, "level": "intermediate"}
    known = ["functions", "dictionaries", "errors", "comprehensions"]
    outline = outlined(**asked, prerequisites=known)
    assert [lesson.key for lesson in outline.lessons()] == ["recursion"]
    assert problems(outline) == []
    with pytest.raises(Abstained, match="room for 1"):
        outlined(**{**asked, "level": "beginner"}, prerequisites=known)


@pytest.mark.parametrize("exercises", [1, 3, 4, 6])
def test_exercises_and_items_cover_the_concepts_of_a_lesson(exercises: int) -> None:
    for lesson in outlined(modules=len(TOPICS), exercises=exercises).lessons():
        about = {concept for plan in lesson.exercises for concept in plan.concepts}
        most = {c for plan in TOPICS for f in plan.families for c in f.concepts}
        assert len(lesson.exercises) == exercises
        if exercises == 6:
            assert set(lesson.concepts) & most == about
        assert lesson.quiz is not None


def test_a_level_decides_which_exercises_come_first_in_line() -> None:
    def hard(level: str) -> int:
        plans = outlined(modules=6, exercises=3, level=level).lessons()
        return sum(plan.difficulty == "hard" for lesson in plans for plan in lesson.exercises)

    assert hard("beginner") < hard("advanced")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"topic": "Rust ownership"}, "knows nothing of 'rust', 'ownership'. Its topics are: val"),
        ({"topic": "Python for nurses"}, "belongs into `audience`"),
        ({"topic": "???"}, "knows nothing of '"),
        ({"topic": "Dictionaries", "modules": 2}, "room for 2"),
        ({"modules": 40}, "the bank holds 12"),
        ({"exercises": 12}, "Set `exercises` to 6 or less"),
        ({"language": "de"}, "written in English"),
        ({"sources": ["notes.md"]}, "your own material"),
    ],
)
def test_what_the_bank_cannot_do_is_said_with_what_it_can(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(Abstained) as caught:
        outlined(**asked)
    assert said in str(caught.value)


def test_one_seed_makes_one_course_and_another_another() -> None:
    assert outlined(Bank(3)) == outlined(Bank(3))
    place = next(places())
    first, again, other = (done(drafted(Bank(seed), place)) for seed in (3, 3, 4))
    assert first == again
    assert first.spec != other.spec
    texts = [done(Bank(seed).lesson(place)) for seed in (3, 3, 4)]
    assert texts[0] == texts[1] != texts[2]


def test_the_pieces_of_an_exercise_belong_together() -> None:
    for place in places(modules=12, exercises=2):
        draft = done(drafted(BANK, place, 1))
        assert draft.spec.key == place.lesson.exercises[1].key
        assert f"def {draft.spec.signatures[0].split()[1].partition('(')[0]}" in (
            draft.reference.source
        ) or draft.spec.signatures[0].startswith("class ")
        assert draft.tests.tests
        assert draft.wrong.violations
        assert draft.hints.hints


def test_the_second_answer_is_found_by_what_a_student_sees() -> None:
    place = next(places(exercises=6))
    for number in range(6):
        draft = done(drafted(BANK, place, number))
        seen = f"# A lesson\n\n### {draft.spec.title}\n\n{draft.spec.statement}\n"
        answer = done(BANK.solve(place, seen))
        assert answer.source != draft.reference.source
        assert draft.spec.signatures[0] in answer.source
    with pytest.raises(Abstained, match="None of the bank's exercises"):
        done(BANK.solve(place, "# Nothing here"))


def test_a_repair_is_another_instance_and_they_come_to_an_end() -> None:
    place = next(places())
    draft = done(drafted(BANK, place))
    seen = [draft.spec]
    for _ in range(ROUNDS):
        draft = done(BANK.repair(place, draft, ()))
        assert draft.spec not in seen
        assert draft.spec.key == seen[0].key
        assert done(BANK.reference(place, draft.spec)) == draft.reference
        seen.append(draft.spec)


def test_a_second_exercise_of_a_family_has_its_own_key_and_numbers() -> None:
    place = next(places(exercises=1))
    (plan,) = place.lesson.exercises
    twin = plan.model_copy(update={"key": f"{plan.key}-2"})
    first, second = done(BANK.spec(place, plan)), done(BANK.spec(place, twin))
    assert second.key == f"{first.key}-2"
    assert second.statement != first.statement or second.promises != first.promises


def test_what_a_person_asks_for_makes_another_instance() -> None:
    place = next(places())
    first = done(drafted(BANK, place))
    assert done(drafted(BANK, replace(place, note="another story"))).spec != first.spec


def test_answers_to_items_come_from_running_their_code() -> None:
    for place in places(modules=12):
        plan = place.lesson.quiz
        assert plan is not None
        draft = done(BANK.quiz(place, plan))
        assert len(draft.questions) == plan.questions
        assert len({item.key for item in draft.questions}) == plan.questions
        for item in draft.questions:
            shown = question(item).student_view()
            turned = replace(shown, options=shown.options[::-1])
            solved = done(BANK.answer(place, turned))
            right = [option.correct for option in reversed(item.options)]
            assert solved.chosen == tuple(at for at, correct in enumerate(right) if correct)
            assert solved.answer == (item.answer or "")


def test_a_changed_item_has_no_answer() -> None:
    place = next(places())
    assert place.lesson.quiz is not None
    item = done(BANK.quiz(place, place.lesson.quiz)).questions[0]
    changed = item.model_copy(update={"prompt": "What is the meaning of it all?"})
    with pytest.raises(Abstained, match="not as the bank wrote it"):
        done(BANK.answer(place, question(changed).student_view()))


def test_texts_and_items_are_mended_by_other_instances() -> None:
    place = next(places())
    assert place.lesson.quiz is not None
    item = done(BANK.quiz(place, place.lesson.quiz)).questions[0]
    assert done(BANK.repair_question(place, item, ())) != item
    text = done(BANK.lesson(place))
    assert done(BANK.repair_lesson(place, text, ())) != text
    foreign = text.model_copy(update={"blocks": text.blocks[:1]})
    with pytest.raises(Abstained, match="did not write"):
        done(BANK.repair_lesson(place, foreign, ()))


def test_a_lesson_that_the_bank_does_not_hold_is_said() -> None:
    place = next(places())
    other = replace(place, lesson=place.lesson.model_copy(update={"key": "monads"}))
    with pytest.raises(Abstained, match=r"no lesson 'monads'. It has: values"):
        done(BANK.lesson(other))
