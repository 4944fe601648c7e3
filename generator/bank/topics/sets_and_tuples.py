"""Sets and tuples: values that belong together, and collections that hold each thing once."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import sets_exercises, tuples_exercises
from coursewright.generator.bank.topics.sets_and_tuples_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Sets and tuples

        A list can grow, shrink and change. Often you want less than that. Three facts about one
        person belong together and stay together: that is a **tuple**. And sometimes you only
        want to know what is there, not how often and not in which order: that is a **set**.

        ## Tuples

        A tuple is written with commas, most often in round brackets.
    """),
    example(
        """
        person = ("$name", "$town", $age)
        print(person[0])
        print(len(person))
        """,
    ),
    text("""
        You read a tuple like a list, but you cannot change it.
        To give a tuple a new value at some place raises a `TypeError`.

        ## Taking a tuple apart

        On the left of `=` you may write as many names as the tuple has values.
        Each name gets one value, from left to right. This is called unpacking.
    """),
    example(
        """
        who, where, years = person
        print(where)

        left, right = 3, 8
        left, right = right, left
        print(left, right)
        """
    ),
    text("""
        The second part swaps two values. The right side is worked out first, and only then do
        the names get their values. Unpacking works in a `for` loop too. A dictionary can hold
        tuples, and a function can return one:
    """),
    example(
        '''
        sizes = {"small": (10, 15), "large": (20, 30)}
        sizes |= {"huge": (40, 60)}


        def area(name):
            """Return the width, the height and the area of a picture."""
            if name in sizes:
                width, height = sizes[name]
                return (width, height, width * height)
            return (0, 0, -1)


        print(area("large"))
        total = 0
        for width, height in [(1, 2), (3, 4)]:
            total += width * height
        print(total)
        print(min([4, 2, 9]), max([4, 2, 9]), sum([4, 2, 9]))
        '''
    ),
    text("""
        `min`, `max` and `sum` look at a whole list. Note that `min` and `max` cannot work with
        an empty one. Ask first: an empty list counts as false, so `if not numbers:` finds it.

        ## Sets

        A set is written in curly brackets. It holds each value only once.
        Use `set()` to make an empty set, or to make a set of the values of a list.
    """),
    example(
        """
        seen = set(["rain", "sun", "rain"])
        seen.add("snow")
        seen.add("sun")
        print(len(seen))
        print("fog" in seen)
        print(sorted(seen))
        """
    ),
    text("""
        A set has no order, so you cannot ask for its first value.
        `sorted` makes a list of it, in order. `sorted(seen, reverse=True)` goes the other way.

        What goes into a set must not be able to change: numbers, texts and tuples may,
        lists may not.

        ## Sets together
    """),
    example(
        """
        monday = {"Ada", "Bo", "Cem"}
        tuesday = {"Bo", "Dina"}
        print(sorted(monday & tuesday))
        print(sorted(monday | tuesday))
        print(sorted(monday - tuesday))
        print(sorted(monday ^ tuesday))
        print({"Bo"} <= monday)
        """
    ),
    text("""
        - `a & b` holds what is in both sets.
        - `a | b` holds what is in at least one of the two sets.
        - `a - b` holds what is in the first set but not in the second.
        - `a ^ b` holds what is in just one of the two sets.

        `a <= b` asks whether every value of the first set is in the second one too.

        ## Pairs in a set

        Tuples in a set answer questions about pairs. Texts can be compared with `<`: what comes
        first in the alphabet is smaller. Before you compare words of people, clean them.
    """),
    example(
        """
        games = set([("Ada", "Bo"), ("Bo", "Ada")])
        for white, black in sorted(games):
            if white < black and (black, white) in games:
                print(white, "and", black, "played twice")
        print(" Tea ".strip().lower().replace("e", "-"))
        """
    ),
)


def teach(random: Random) -> LessonDraft:
    name, town, age = random.choice(
        (("Ada", "London", 36), ("Grace", "Boston", 41), ("Emmy", "Erlangen", 28))
    )
    return lesson(*BLOCKS, name=name, town=town, age=age)


TOPIC = Topic(
    key="sets-and-tuples",
    title="Sets and tuples",
    summary="Values that belong together, and collections that hold each thing once.",
    objectives=(
        "build tuples, and take them apart by unpacking",
        "return several values from a function as a tuple",
        "remove repeats and count different values with a set",
        "compare collections with the operations of sets",
    ),
    concepts=("tuples", "unpacking", "sets", "subsets"),
    needs=("functions", "dictionaries"),
    words=("tuple", "tuples", "set", "sets", "unpacking", "intersection", "union"),
    minutes=50,
    lesson=teach,
    families=(*sets_exercises.FAMILIES, *tuples_exercises.FAMILIES),
    quizzes=QUIZZES,
)
