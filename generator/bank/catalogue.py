"""All topics of the bank, in the order in which they can be learnt, and how to find them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from coursewright.generator.bank.family import Family, Topic
from coursewright.generator.bank.topics import (
    classes,
    comprehensions,
    decisions,
    dictionaries,
    errors,
    functions,
    lists_and_loops,
    recursion,
    sets_and_tuples,
    sorting_and_searching,
    strings,
    values_and_arithmetic,
)
from coursewright.generator.trouble import Abstained

TOPICS: tuple[Topic, ...] = (
    values_and_arithmetic.TOPIC,
    decisions.TOPIC,
    strings.TOPIC,
    lists_and_loops.TOPIC,
    functions.TOPIC,
    dictionaries.TOPIC,
    sets_and_tuples.TOPIC,
    errors.TOPIC,
    comprehensions.TOPIC,
    sorting_and_searching.TOPIC,
    classes.TOPIC,
    recursion.TOPIC,
)

# Words that stand for the whole catalogue, and words that say nothing in particular.
PYTHON = frozenset(("python", "python3", "programming", "coding", "program", "programs", "code"))
PLAIN = """
    a about all also an and as at basic basics beginner beginners beginning by complete core course
    crash each elementary essentials every exercises first for foundation foundations from
    fundamental fundamentals getting handling how i in into intro introduction introductory is it
    its language learn learning more my of on one or our own practice problems scratch simple some
    start started starting steps that the their them then these this to use using via what when
    where which whole with work working write writing you your zero
"""
SMALL = PYTHON | frozenset(PLAIN.split())
WORD = re.compile(r"[^\W\d_]\w*")


def titles(topics: Iterable[Topic] = TOPICS) -> str:
    return ", ".join(topic.title.lower() for topic in topics)


def topic(key: str) -> Topic:
    """Raises Abstained with what there is."""
    for one in TOPICS:
        if one.key == key:
            return one
    raise Abstained(f"The bank has no lesson {key!r}. It has: {titles()}.", "not held")


def family(key: str) -> Family:
    """The family of this key; `total-from-2` is a second exercise of the family `total-from`.

    Raises Abstained.
    """
    plain = re.sub(r"-\d+\Z", "", key)
    for one in TOPICS:
        for found in one.families:
            if found.key in (key, plain):
                return found
    raise Abstained(f"The bank has no exercise {key!r}.", "not held")


def find(text: str) -> tuple[list[Topic], list[str]]:
    """The topics that a person's words name, in order, and the words that name none.

    Words such as "Python" and "basics" name none and are not among those left.
    """
    rest = text.lower().replace("-", " ")
    found: set[str] = set()
    for phrase, keys in _phrases():
        pattern = rf"\b{re.escape(phrase)}\b"
        if re.search(pattern, rest):
            found |= keys
            rest = re.sub(pattern, " ", rest)
    left = [word for word in WORD.findall(rest) if word not in SMALL]
    return [one for one in TOPICS if one.key in found], left


def is_general(text: str) -> bool:
    """Whether these words are about Python at large."""
    return not PYTHON.isdisjoint(WORD.findall(text.lower()))


@cache
def _phrases() -> list[tuple[str, set[str]]]:
    """Words with their topics' keys, the longest first: "for loops" comes before "for"."""
    keys: dict[str, set[str]] = {}
    for one in TOPICS:
        for phrase in (one.title.lower(), one.key, *one.words):
            keys.setdefault(phrase.replace("-", " "), set()).add(one.key)
    return sorted(keys.items(), key=lambda pair: (-len(pair[0]), pair[0]))


def with_needs(topics: Iterable[Topic]) -> list[Topic]:
    """These topics and all that they build on, in the catalogue's order."""
    wanted = {one.key for one in topics}
    for one in reversed(TOPICS):
        if one.key in wanted:
            wanted |= set(one.needs)
    return [one for one in TOPICS if one.key in wanted]
