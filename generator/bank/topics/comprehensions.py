"""Comprehensions: a new list, set or dictionary in one line."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import list_comprehensions_exercises, reducing_exercises
from coursewright.generator.bank.topics.comprehensions_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Comprehensions

        Very often a loop does one small thing: it goes through a list and builds a new one.
        Python has a short form for this. It reads almost like a sentence.
    """),
    example(
        """
        numbers = [$a, $b, $c, $d]
        doubled = []
        for number in numbers:
            doubled.append(number * 2)
        print(doubled)
        print([number * 2 for number in numbers])
        """,
    ),
    text("""
        The last line is a **list comprehension**. What is put into the new list stands first.
        Then comes the `for` part, as in a loop. The old list is not changed.

        ## Leave some out

        A condition at the end decides which values are used at all.
    """),
    example(
        """
        print([number for number in numbers if number >= 10])
        print([number - 1 for number in numbers if number % 2 == 0])
        words = ["tea", "", " milk "]
        print([f"<{word.strip()}>" for word in words if word.strip()])
        """
    ),
    text("""
        An empty text counts as false, so the last line leaves it out.

        ## Dictionaries and sets

        With curly brackets you get a dictionary or a set. A key and a value with a colon
        between them make a dictionary; a value alone makes a set.
    """),
    example(
        """
        towns = ["oslo", "rome", "lima", "rome"]
        print({town: len(town) for town in towns})
        print({town: town.upper() for town in towns if town != "lima"})
        print(sorted({town[0] for town in towns}))
        print("oslo".count("o"), "rome"[::-1])
        """
    ),
    text("""
        The key "rome" comes twice, and a dictionary keeps each key once. `text.count("o")`
        counts a letter, and `text[::-1]` is a text backwards.

        ## Two loops

        A comprehension may have two `for` parts. The first one is the outer loop.
        For each of its values the second one runs from start to end.
    """),
    example(
        """
        print([letter + digit for letter in "ab" for digit in "123"])
        rows = [[1, 2], [], [3]]
        print([value for row in rows for value in row])
        print([(x, y) for x in range(3) for y in range(3) if x != y])
        """
    ),
    text("""
        ## From many to one

        `sum`, `min`, `max`, `len` and others make one value of many. You may give them a
        comprehension without square brackets, which is called a generator expression. Two more
        functions answer yes or no:

        - `all` is true if every value is true, and `any` if at least one is.
        - For an empty list `all` gives `True` and `any` gives `False`.
    """),
    example(
        """
        ages = [18, 35, 17]
        print(all(age >= 18 for age in ages))
        print(any(age <= 17 for age in ages), any(age < 17 for age in ages))
        print(all(age > 99 for age in []) is True)
        boxes = [("red", 2), ("blue", 5)]
        print(sum(count for colour, count in boxes if colour != "red"))
        """
    ),
    text("""
        As in a loop, you can take tuples apart in the `for` part.

        ## With a number

        `enumerate` gives each value together with its number. The first number is 0, or the
        one that you give as a second argument.
    """),
    example(
        """
        for place, name in enumerate(["Ada", "Bo"]):
            print(place, name)
        print([f"{place}: {name}" for place, name in enumerate(["Cem", "Dina"], 7)])
        """
    ),
    text("""
        A comprehension is good for one simple thing. If you need several steps, write a loop:
        you and others will read it more easily.
    """),
)


def teach(random: Random) -> LessonDraft:
    a, b, c, d = random.sample(range(3, 30), 4)
    return lesson(*BLOCKS, a=a, b=b, c=c, d=d)


TOPIC = Topic(
    key="comprehensions",
    title="Comprehensions",
    summary="Build a new list, set or dictionary in one line, and make one answer of many values.",
    objectives=(
        "build a list from another one with a comprehension",
        "leave values out with a condition",
        "build dictionaries and sets in one line",
        "make one answer of many values with `sum`, `any` and `all`",
    ),
    concepts=(
        "list-comprehensions",
        "dictionary-comprehensions",
        "nested-loops",
        "generator-expressions",
        "any-and-all",
        "enumerate",
    ),
    needs=("lists-and-loops", "dictionaries", "functions", "sets-and-tuples"),
    words=(
        "comprehension",
        "comprehensions",
        "list comprehension",
        "list comprehensions",
        "generator expression",
    ),
    minutes=50,
    lesson=teach,
    families=(*list_comprehensions_exercises.FAMILIES, *reducing_exercises.FAMILIES),
    quizzes=QUIZZES,
)
