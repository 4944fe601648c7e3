"""Functions: default values, several results, helpers, and arguments that are left alone."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import default_values_exercises, results_exercises
from coursewright.generator.bank.topics.functions_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Functions

        Big programs are made of small functions that call each other. You have written
        functions since your first lesson. Now you make them more pleasant to use, and let them
        hand back more than one value.
    """),
    text("""
        ## Default values

        A parameter may have a **default value**. The value after `=` is used if the call does
        not give one. Parameters with a default value stand behind those without.
    """),
    example('''
        def greet(name, word="Hello", times=1):
            """Return a greeting."""
            return (word + " ") * times + name


        print(greet("$name"))
        print(greet("$name", "Bye"))
        print(greet("$name", times=2))
        print(greet(times=3, name="$name", word="Ho"))
        '''),
    text("""
        In a call you can name the values that you give. Values with a name may come in any
        order, but they stand behind those without. A name also tells readers what a value is
        for.
    """),
    text("""
        ## More than one result

        With a comma, a function returns several values at once, as a **tuple**. A tuple is
        like a list, but it cannot change, and it stands in round brackets. When you call such
        a function, you can give each value its own name.
    """),
    example(
        '''
        def to_hours(minutes):
            """Return hours and minutes."""
            return minutes // 60, minutes % 60


        print(to_hours(135))
        hours, rest = to_hours(135)
        print(rest)
        assert to_hours(60) == (1, 0), "one hour, and nothing left"
        '''
    ),
    text("""
        ## Nothing here

        There is a value for "nothing": `None`. If a function ends without `return`, its result
        is `None`, which means: nothing here. Sometimes you return it on purpose, because there
        is no good answer. A test asks for it with `is`.
    """),
    example(
        '''
        def first_word(words):
            """Return the first word, or None if there is none."""
            if not words:
                return None
            return words[0]


        print(first_word(["sun", "moon"]))
        print(first_word([]))
        assert first_word([]) is None, "there is no word"
        '''
    ),
    text("""
        The condition `not words` is true if the list is empty. So you can treat that case
        first and forget about it afterwards.
    """),
    text("""
        ## Ready-made helpers

        Some functions for lists are already there: `sum`, `min`, `max` and `sorted`. With
        `reverse=True`, the largest comes first. A slice works for lists as it does for
        strings, so `[:2]` takes the first two values.
    """),
    example(
        "ages = $numbers\nprint(sum(ages))\nprint(min(ages), max(ages))\nprint(sorted(ages))\n"
        "print(sorted(ages, reverse=True)[:2])\nprint(ages)"
    ),
    text("""
        ## Leave the arguments alone

        Look at the last line above: the list is still in its old order. `sorted` makes a new
        list and leaves the old one alone. There is also a method, `ages.sort()`, which changes
        the list itself. Whoever hands you a list rarely expects that.
    """),
    text("""
        ## Functions that use functions

        A function may call another one. Then each of them does one thing, and you can test
        each of them on its own. Names that are made inside a function are its own, and nobody
        outside sees them.
    """),
    example(
        '''
        def spread(values):
            """Return the distance between the ends of a list."""
            return max(values) - min(values)


        def is_calm(values):
            """Return whether the values lie close together."""
            return spread(values) / len(values) < 2


        print(spread([3, 9, 5]))
        print(is_calm([3, 9, 5]))
        print(is_calm([4, 5, 5]))
        '''
    ),
    text("""
        Two habits help with every function. Write down in its first line what it returns. And
        try it with an unusual value, such as an empty list, before you trust it.
    """),
)


def functions_lesson(random: Random) -> LessonDraft:
    name = random.choice(["Mia", "Ben", "Lea", "Tom"])
    numbers = random.sample(range(2, 60), 4)
    return lesson(*BLOCKS, name=name, numbers=numbers)


TOPIC = Topic(
    key="functions",
    title="Functions",
    summary="Give parameters default values, return several results, and let functions work"
    " together.",
    objectives=(
        "give a parameter a default value, and name it in a call",
        "return several values and unpack them",
        "build a function out of smaller ones",
        "leave the lists that a function is given as they were",
    ),
    concepts=("default-values", "several-results", "helper-functions", "leaving-arguments-alone"),
    needs=("values-and-arithmetic", "decisions", "lists-and-loops"),
    words=(
        "functions", "function", "parameters", "arguments", "default values", "defaults",
        "return values", "scope", "docstrings",
    ),
    minutes=55,
    lesson=functions_lesson,
    families=(*default_values_exercises.FAMILIES, *results_exercises.FAMILIES),
    quizzes=QUIZZES,
)  # fmt: skip
