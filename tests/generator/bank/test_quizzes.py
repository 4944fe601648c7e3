"""Every family of quiz items: its keys are true, and the gates of quizzes let it by."""

from __future__ import annotations

import re
from random import Random

from instances import SEEDS, every_quiz, every_topic

from coursewright.generator.assemble import question
from coursewright.generator.bank.catalogue import TOPICS, with_needs
from coursewright.generator.bank.family import QuizFamily, Topic
from coursewright.generator.bank.runs import printed
from coursewright.generator.gates import quizzes, taught
from coursewright.generator.gates.constructs import constructs


@every_quiz
def test_the_gates_of_quizzes_let_it_by(topic: Topic, family: QuizFamily) -> None:
    results = quizzes.check(topic.key, question(family.make(Random(1))))
    assert [one for result in results for one in result.findings if one.blocks] == []


@every_quiz
def test_a_code_output_key_is_what_the_code_prints(topic: Topic, family: QuizFamily) -> None:
    for seed in SEEDS:
        item = family.make(Random(seed))
        if item.kind == "code-output":
            assert item.answer == printed(item.code) != ""
        elif item.kind == "numeric":
            assert float(item.answer or "nothing") == float(item.answer or 0)


@every_quiz
def test_an_item_is_what_its_family_says(topic: Topic, family: QuizFamily) -> None:
    for seed in SEEDS:
        item = family.make(Random(seed))
        assert item.key == family.key
        assert tuple(item.concepts) == family.concepts
        assert set(family.concepts) <= set(topic.concepts)
        assert item.explanation


@every_quiz
def test_a_sentence_of_the_lesson_decides_an_item(topic: Topic, family: QuizFamily) -> None:
    item = family.make(Random(0))
    texts = [block.source for block in topic.lesson(Random(0)).blocks if block.kind == "text"]
    assert any(item.evidence in text for text in texts), item.evidence


@every_quiz
def test_a_seed_makes_the_same_item_again_and_other_seeds_make_others(
    topic: Topic, family: QuizFamily
) -> None:
    items = [family.make(Random(seed)) for seed in range(8)]
    assert items == [family.make(Random(seed)) for seed in range(8)]
    asked = {(item.prompt, item.code, *sorted(o.text for o in item.options)) for item in items}
    assert len(asked) > 2


@every_quiz
def test_an_item_shows_nothing_that_no_lesson_has_taught(topic: Topic, family: QuizFamily) -> None:
    code = family.make(Random(0)).code
    known = taught.BASE["beginner"]
    for one in with_needs([topic]):
        for block in one.lesson(Random(0)).blocks:
            known |= constructs(block.source) if block.kind == "example" else frozenset()
    own = {f".{name}" for name in re.findall(r"\b(?:self|def) ?\.?(\w+)", code)}
    assert constructs(code) - known - own == frozenset()


@every_topic
def test_the_right_option_has_no_place_of_its_own(topic: Topic) -> None:
    for family in topic.quizzes:
        if family.make(Random(0)).kind == "single":
            items = [family.make(Random(seed)) for seed in range(16)]
            places = {[one.correct for one in item.options].index(True) for item in items}
            assert len(places) > 1


def test_keys_of_items_stand_once_in_the_bank() -> None:
    keys = [family.key for topic in TOPICS for family in topic.quizzes]
    assert len(keys) == len(set(keys))
