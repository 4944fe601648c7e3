"""Sorting and searching: bring values into an order, and find one quickly."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import searching_exercises, sorting_exercises
from coursewright.generator.bank.topics.sorting_and_searching_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Sorting and searching

        What is in order is easy to read, and easy to search. Python sorts for you. Your part is
        to say what the order should be.

        ## Two ways to sort

        `sorted` makes a new list, and the old one stays as it is.
        `.sort()` changes the list itself, and it returns `None`.
    """),
    example(
        """
        times = [$a, $b, $c, $d]
        print(sorted(times))
        print(times)
        times.sort(reverse=True)
        print(times)
        print(sorted(times)[:2])
        """,
    ),
    text("""
        With `reverse=True` the largest value comes first. A slice such as `[:2]` takes the
        first values of a sorted list. If there are fewer, it takes what there is.

        Most of the time `sorted` is the better choice: who calls your function does not expect
        that their list changes.

        ## Your own order

        `sorted` can ask a function what to compare. This function is called the key.
        It gets one value of the list and returns what is to be compared.
    """),
    example(
        '''
        def last_letter(word):
            """Return the last letter of a word."""
            return word[-1]


        words = ["pear", "fig", "plum", "apple"]
        print(sorted(words, key=len))
        print(sorted(words, key=last_letter))
        print(sorted(words, key=lambda word: word[-1]))
        '''
    ),
    text("""
        Values with equal keys stay in the order that they had before.
        The last line does the same as the one above it. `lambda` makes a small function without
        a name: first its argument, then a colon, then what it returns.

        ## Two rules at once

        Tuples are compared from left to right. The second part counts only if the first parts
        are equal. So a key that is a tuple holds two rules. A minus sign turns the order of
        numbers.
    """),
    example(
        """
        games = [("Bo", 12), ("Ada", 30), ("Al", 12)]
        for name, points in sorted(games, key=lambda game: (-game[1], game[0])):
            print(name, points)
        print(min(games, key=lambda game: game[1]))
        print([name for name, points in games if abs(points - 20) <= 8])
        """
    ),
    text("""
        `min` and `max` take a key too. Of several equal ones they return the first.
        `abs` is a number without its minus sign, so `abs(a - b)` is the distance of two
        numbers.

        ## Searching one by one

        To find a value in a list without an order, you look at one after the other.
        When you have found it, stop.
    """),
    example(
        '''
        def first_long(words, size):
            """Return the place of the first word with so many letters, or None."""
            for place in range(len(words)):
                if len(words[place]) == size:
                    return place
            return None


        print(first_long(["fig", "plum", "pear"], 4))
        if not first_long([], 4):
            print("nothing found")
        print([place for place in reversed(range(3))])
        '''
    ),
    text("""
        The `return` after the loop is reached only if nothing was found.

        ## Searching by halves

        In a sorted list you can do much better. Look at the middle. If it is too small, what
        you look for must be behind it, and half of the list can be dropped. Each look halves
        what is left. For a thousand values, ten looks are enough. This is called binary search.
    """),
    example(
        '''
        def looks(largest, secret):
            """Return how often one must guess a number from 0 on to find it by halves."""
            first, last = 0, largest
            count = 1
            guess = (first + last) // 2
            while guess != secret:
                if guess < secret:
                    first = guess + 1
                else:
                    last = guess - 1
                guess = (first + last) // 2
                count += 1
            return count


        print(looks(100, 50))
        print(looks(100, 0))
        print(looks(1000, 999))
        '''
    ),
    text("""
        Each turn of the loop makes the part between `first` and `last` smaller. Think about
        that when you write such a loop: if nothing gets smaller, it never ends.
    """),
)


def teach(random: Random) -> LessonDraft:
    a, b, c, d = random.sample(range(11, 90), 4)
    return lesson(*BLOCKS, a=a, b=b, c=c, d=d)


TOPIC = Topic(
    key="sorting-and-searching",
    title="Sorting and searching",
    summary="Bring values into the order that you want, and find one among many quickly.",
    objectives=(
        "sort a list without changing it",
        "sort by your own rule with a key",
        "search a list from either end",
        "search a sorted list by halves",
    ),
    concepts=("sorting", "sort-keys", "linear-search", "binary-search"),
    needs=("lists-and-loops", "functions", "sets-and-tuples", "comprehensions"),
    words=("sorting", "sort", "searching", "search", "binary search", "algorithms", "order"),
    minutes=60,
    lesson=teach,
    families=(*sorting_exercises.FAMILIES, *searching_exercises.FAMILIES),
    quizzes=QUIZZES,
)
