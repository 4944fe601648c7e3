"""From a request to the topics and the families of a course: the bank's side of an outline."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from coursewright.generator.bank.catalogue import TOPICS, find, is_general, titles, with_needs
from coursewright.generator.bank.family import Family, QuizFamily, Topic
from coursewright.generator.request import Level, Request
from coursewright.generator.trouble import Abstained

RANKS = ("easy", "medium", "hard")
FIRST = {"beginner": 0, "intermediate": 1, "advanced": 2}  # of RANKS, what a level begins with


class About(Protocol):
    @property
    def concepts(self) -> tuple[str, ...]: ...


Piece = TypeVar("Piece", bound=About)


def check(request: Request) -> None:
    """Raises Abstained for what the bank cannot do, whatever the topic."""
    if request.language.partition("-")[0] != "en":
        raise Abstained(
            f"The bank is written in English; the request asks for {request.language!r}. Ask for"
            " `language: en`, or use a model: --provider openai.",
            "not held",
        )
    if request.sources:
        raise Abstained(
            "The bank cannot work your own material into a course. Leave out `sources`, or use a"
            " model: --provider openai.",
            "not held",
        )


def topics(request: Request) -> list[Topic]:
    """As many as the request has lessons, each behind all that it builds on.

    The topic's words say which, with all that they build on; for Python at large, the objectives
    do. Room that is left is filled with what comes next. Raises Abstained where the bank does not
    hold what is asked for, or where it does not fit.
    """
    named = _named(request)
    room = request.modules * request.lessons
    known = _known(request)
    wanted = [one for one in with_needs(named) if one.key not in known]
    if len(wanted) > room:
        raise Abstained(
            f"{titles(named).capitalize()}: with all that this builds on, it takes {len(wanted)}"
            f" lessons ({titles(wanted)}), and the request has room for {room}. Set `modules`"
            f" times `lessons` to {len(wanted)} or more.",
            "does not fit",
        )
    for one in TOPICS:
        if len(wanted) < room and one not in wanted and one.key not in known:
            wanted = [each for each in TOPICS if each in wanted or each is one]
    if len(wanted) < room:
        raise Abstained(
            f"The request has {room} lessons, and the bank holds {len(wanted)} for it:"
            f" {titles(wanted)}. Ask for fewer `modules` or `lessons`.",
            "does not fit",
        )
    return wanted


def _named(request: Request) -> list[Topic]:
    """What the topic names, or else the objectives."""
    found, left = find(request.topic)
    if left or not (found or is_general(request.topic)):
        unknown = ", ".join(map(repr, left or [request.topic]))
        raise Abstained(
            f"The bank knows nothing of {unknown}. Its topics are: {titles()}. Whom the course is"
            " for belongs into `audience`. For other topics use a model: --provider openai.",
            "not held",
        )
    if found:
        return found
    goals = [find(goal)[0] for goal in request.objectives]
    return [one for one in TOPICS if any(one in goal for goal in goals)]


def _known(request: Request) -> set[str]:
    """Keys of topics that the learners bring along. Beginners are taught all that they need."""
    if request.level == "beginner":
        return set()
    named = [one for text in request.prerequisites for one in find(text)[0]]
    return {one.key for one in with_needs(named)}


def exercises(topic: Topic, count: int, level: Level, random: Random) -> list[Family]:
    """So many families, all concepts first; the easier ones stand first in the lesson."""
    if count > len(topic.families):
        raise Abstained(
            f"The bank has {len(topic.families)} kinds of exercises on {topic.title.lower()}, and"
            f" the request asks for {count} in each lesson. Set `exercises` to"
            f" {len(topic.families)} or less.",
            "does not fit",
        )
    ranks = [*RANKS[FIRST[level] :], *reversed(RANKS[: FIRST[level]])]
    mixed = random.sample(topic.families, len(topic.families))
    mixed.sort(key=lambda one: ranks.index(one.difficulty))
    chosen = covering(mixed, topic.concepts, count)
    return sorted(chosen, key=lambda one: (RANKS.index(one.difficulty), topic.families.index(one)))


def items(topic: Topic, count: int, random: Random) -> list[QuizFamily]:
    """So many families of quiz items, all concepts first, in the topic's order."""
    mixed = random.sample(topic.quizzes, len(topic.quizzes))
    return sorted(covering(mixed, topic.concepts, count), key=topic.quizzes.index)


def covering(pieces: Sequence[Piece], concepts: Sequence[str], count: int) -> list[Piece]:
    """The first of them, but so that as many concepts as possible are among theirs."""
    chosen: list[Piece] = []
    missing = set(concepts)
    left = list(pieces)
    while left and len(chosen) < count:
        best = max(left, key=lambda one: len(missing & set(one.concepts)))
        left.remove(best)
        chosen.append(best)
        missing -= set(best.concepts)
    return chosen
