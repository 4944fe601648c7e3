"""The catalogue: topics in order, found by the words of people, and nothing found for others."""

from __future__ import annotations

from random import Random

import pytest
from instances import every_topic

from coursewright.generator.bank import catalogue
from coursewright.generator.bank.catalogue import TOPICS, find, with_needs
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.runs import define
from coursewright.generator.trouble import Abstained


def test_topics_stand_behind_what_they_need() -> None:
    for place, topic in enumerate(TOPICS):
        assert set(topic.needs) <= {one.key for one in TOPICS[:place]}


def test_keys_of_exercises_stand_once_and_are_found() -> None:
    keys = [family.key for topic in TOPICS for family in topic.families]
    assert len(keys) == len(set(keys))
    for key in keys:
        assert catalogue.family(key).key == catalogue.family(f"{key}-2").key == key


@every_topic
def test_every_concept_of_a_topic_is_asked_about(topic: Topic) -> None:
    asked = {concept for one in (*topic.families, *topic.quizzes) for concept in one.concepts}
    assert asked == set(topic.concepts)


@every_topic
def test_a_lesson_reads_in_short_pieces_and_its_examples_run(topic: Topic) -> None:
    draft = topic.lesson(Random(4))
    kinds = [block.kind for block in draft.blocks]
    assert draft.blocks[0].source.startswith("# ")
    assert kinds.count("example") >= 4
    assert all(
        5 <= len(block.source.split()) <= 250 for block in draft.blocks if block.kind == "text"
    )
    define("\n".join(block.source for block in draft.blocks if block.kind == "example"))
    assert topic.lesson(Random(4)) == draft


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Dictionaries", ["dictionaries"]),
        ("for loops", ["lists-and-loops"]),
        ("Strings and lists", ["strings", "lists-and-loops"]),
        ("if and else in Python", ["decisions"]),
        ("Handling exceptions", ["errors"]),
        ("data structures", ["lists-and-loops", "dictionaries"]),
        ("Recursion, sorting", ["sorting-and-searching", "recursion"]),
        ("f-strings", ["values-and-arithmetic"]),
        ("List-comprehensions", ["comprehensions"]),
        ("Python basics", []),
    ],
)
def test_topics_are_found_by_their_words(words: str, keys: list[str]) -> None:
    found, _ = find(words)
    assert [topic.key for topic in found] == keys


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("Python basics", []),
        ("An introduction to lists", []),
        ("Rust", ["rust"]),
        ("Основы программирования", ["основы", "программирования"]),
        ("Python for web scraping", ["web", "scraping"]),
        ("Machine learning with pandas", ["machine", "pandas"]),
    ],
)
def test_words_that_name_nothing_are_left(words: str, unknown: list[str]) -> None:
    assert find(words)[1] == unknown


def test_what_a_topic_builds_on_comes_with_it() -> None:
    keys = [topic.key for topic in with_needs([catalogue.topic("functions")])]
    assert keys == ["values-and-arithmetic", "decisions", "lists-and-loops", "functions"]


@pytest.mark.parametrize("look", [catalogue.topic, catalogue.family])
def test_what_the_bank_does_not_hold_is_said(look: object) -> None:
    with pytest.raises(Abstained, match=r"The bank has no .* 'monads'"):
        look("monads")  # type: ignore[operator]
