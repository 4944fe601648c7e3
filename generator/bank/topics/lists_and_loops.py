"""Lists and loops: many values, and doing something with each of them."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import lists_exercises, loops_exercises
from coursewright.generator.bank.topics.lists_and_loops_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Lists and loops

        One name for one value is not enough when there are many values. A **list** keeps them
        together, and a **loop** does something with each of them. With both you can handle a
        thousand values in as many lines as three.
    """),
    text("""
        ## Lists

        A list stands in square brackets, with commas between its values. `len` counts them. As
        with strings, places are counted from 0, and -1 is the last one. `in` asks whether a
        value is there.
    """),
    example(
        'menu = ["bread", "$thing", "fruit"]\nprint(len(menu))\nprint(menu[0])\n'
        'print(menu[-1])\nprint("$thing" in menu)\nprint([] == menu)'
    ),
    text("""
        Unlike a string, a list can change. You can put a new value at a place. `append` adds a
        value at the end and changes the list itself. The brackets `[]` are a list without
        values.
    """),
    example(
        'menu = []\nmenu.append("$thing")\nmenu.append("salad")\nprint(menu)\n'
        'menu[1] = "pie"\nprint(menu)'
    ),
    text("""
        ## Doing something with each value

        A `for` loop goes through a list. In each round, the name after `for` stands for the
        next value. The indented lines run once for each value, from the first to the last.
    """),
    example("for price in [$a, 12, $b]:\n    print(price * 2)"),
    text("""
        ## Adding up and counting

        To add up or to count, you need a name that remembers. Before the loop, the name gets a
        value to start with, which is 0 for a sum. The sign `+=` adds something to what a name
        stands for. If there is no value at all, the loop has no rounds, and the start remains.
    """),
    example('''
        def cheap_ones(prices):
            """Return how many prices are below 10."""
            cheap = 0
            for price in prices:
                if price < 10:
                    cheap += 1
            return cheap


        print(cheap_ones([$a, 12, $b]))
        print(cheap_ones([]))
        '''),
    text("""
        ## Making a new list

        Start with an empty list and append to it in the loop. The old list stays as it was.
        That is polite: who hands you a list does not expect it to come back different.
    """),
    example('''
        def doubled(prices):
            """Return a new list with each price doubled."""
            new = []
            for price in prices:
                new.append(price * 2)
            return new


        given = [$a, 12]
        print(doubled(given))
        print(given)
        assert given == [$a, 12], "the old list is still the same"
        '''),
    text("""
        ## Counting places

        Sometimes you need the place of a value, not only the value. A `range` counts for you.
        `range(2, 6)` counts from 2 up to 5: the first number is in, the last one is not. With
        one number only, it begins at 0, so `range(len(menu))` gives each place of a list.
    """),
    example(
        'menu = ["bread", "$thing"]\nfor at in range(len(menu)):\n'
        "    print(at, menu[at])\nfor n in range(2, 6):\n    print(n - 1)"
    ),
    text("""
        A `return` inside a loop ends the loop and the function. So you can stop as soon as you
        have found what you were looking for.
    """),
    example(
        '''
        def has_negative(numbers):
            """Return whether there is a number below zero."""
            for number in numbers:
                if number < 0:
                    return True
            return False


        print(has_negative([3, -1, 5]))
        print(has_negative([3, 5]))
        '''
    ),
    text("""
        ## Repeating until it is enough

        If you do not know how many rounds it takes, use `while`. A `while` loop asks its
        condition before each round, and stops when it is false. Something in the loop has to
        bring the end nearer, or else it goes on for ever.
    """),
    example(
        "height = 100\nbounces = 0\nwhile height > $a:\n    height = height // 2\n"
        "    bounces += 1\nprint(bounces)\nprint(height)"
    ),
)


def loops_lesson(random: Random) -> LessonDraft:
    thing = random.choice(["tea", "soup", "rice", "cake", "milk"])
    first, second = random.sample(range(3, 9), 2)
    return lesson(*BLOCKS, thing=thing, a=first, b=second)


TOPIC = Topic(
    key="lists-and-loops",
    title="Lists and loops",
    summary="Keep many values in a list, go through them with for, and repeat with while.",
    objectives=(
        "keep many values in a list",
        "do something with each value in a `for` loop",
        "add up, count and collect in a loop",
        "repeat with `while` until something is reached",
    ),
    concepts=("lists", "for-loops", "accumulating", "while-loops"),
    needs=("values-and-arithmetic", "decisions"),
    words=("lists", "list", "loops", "loop", "for loops", "while loops", "arrays",
           "repetition", "iteration", "range", "data structures", "collections"),
    minutes=60,
    lesson=loops_lesson,
    families=(*lists_exercises.FAMILIES, *loops_exercises.FAMILIES),
    quizzes=QUIZZES,
)  # fmt: skip
