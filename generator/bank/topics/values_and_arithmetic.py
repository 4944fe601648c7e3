"""Values and arithmetic: numbers, names, text with numbers in it, and functions that return."""

from __future__ import annotations

from random import Random

from coursewright.generator.bank.build import example, lesson, text
from coursewright.generator.bank.family import Topic
from coursewright.generator.bank.topics import (
    values_and_arithmetic_exercises,
    whole_division_exercises,
)
from coursewright.generator.bank.topics.values_and_arithmetic_quiz import QUIZZES
from coursewright.generator.drafts import LessonDraft

BLOCKS = (
    text("""
        # Values and arithmetic

        A program works with **values**: numbers, texts, and more. In this lesson you let
        Python calculate, give values a name, and put them into sentences. At the end you write
        your own functions. Run each example yourself, and change it to see what happens.
    """),
    text("""
        ## Calculating

        The signs `+`, `-` and `*` do what you expect. `print` shows a value. Python multiplies
        and divides before it adds and subtracts, and round brackets come first of all.
    """),
    example("print(2 + 3 * 4)\nprint((2 + 3) * 4)\nprint(10 - 2 - 3)\nprint(-3 + 5)"),
    text("""
        ## Two ways to divide

        The sign `/` always gives a number with a point, even if nothing is left over. For
        counting things there is another pair of signs. The sign `//` says how often a number
        fits as a whole, and `%` says what is left over.
    """),
    example("print($rest / 4)\nprint($rest // 4)\nprint($rest % 4)\nprint(12 / 4)"),
    text("""
        Here 4 fits three or four times, and `%` shows the rest. The rest is always smaller
        than the number that you divide by. Two stars make a power: `10 ** 3` is 10 times 10
        times 10. A power is worked out before the signs for multiplying and dividing.
    """),
    example("print(10 ** 3)\nprint(2 ** 5)\nprint(48213 // 10 ** 3)"),
    text("""
        ## Names

        With one `=` a value gets a name. From then on the name stands for the value. A name
        can get a new value later, and then the old one is forgotten.
    """),
    example(
        "price = $price\ncount = $count\ntotal = price * count\nprint(total)\n"
        "price = 1\nprint(price)\nprint(total)"
    ),
    text("""
        Look at the last line: `total` did not change. It was worked out once, and nobody asked
        Python to do it again.
    """),
    text("""
        ## Text with numbers in it

        Text stands in quotation marks. With an `f` in front, it is an **f-string**: each pair
        of curly brackets is replaced by the value of what stands in it.
    """),
    example(
        'name = "$name"\nbooks = $count\nprint(f"{name} has {books} books")\n'
        'print(f"Next year it will be {books + 2}")'
    ),
    text("""
        ## Rounding

        Numbers with a point are often not quite exact. `round(number, 2)` rounds to two places
        behind the point, which is right for money.
    """),
    example("print(10 / 3)\nprint(round(10 / 3, 2))\nprint(round(2.71828, 1))"),
    text("""
        ## Your own functions

        A **function** is a recipe with a name. After `def` come its name and, in round
        brackets, what it is given. The indented lines below are its body. `return` hands back
        a value to whoever called the function. The first line in three quotation marks says
        what the function does.
    """),
    example(
        '''
        def area(width, height):
            """Return the area of a rectangle."""
            return width * height


        print(area(3, 4))
        print(area(10, 2) + 1)
        '''
    ),
    text("""
        A function may take several steps. The names in its body are its own, and nobody
        outside sees them.
    """),
    example(
        '''
        def ladder(floors):
            """Return a text about a ladder for so many floors."""
            metres = floors * 3 + 1
            return f"{metres} metres long"


        print(ladder(2))
        '''
    ),
    text("""
        ## How your answers are tested

        A test says what must be true, with `assert`. Two signs, `==`, ask whether two values
        are equal. If it is true, nothing happens. If not, the test stops and shows its text.
        `print` shows a value to people, but a test needs the value itself, so use `return`.
    """),
    example('assert area(3, 4) == 12, "3 times 4"\nprint("The test passed")'),
)


def values_lesson(random: Random) -> LessonDraft:
    price, count = random.randint(3, 9), random.randint(3, 9)
    name = random.choice(["Mia", "Ben", "Lea", "Tom", "Ada"])
    rest = random.randint(13, 19)
    return lesson(*BLOCKS, rest=rest, price=price, count=count, name=name)


TOPIC = Topic(
    key="values-and-arithmetic",
    title="Values and arithmetic",
    summary="Calculate with numbers, name values, put them into text, and write first functions.",
    objectives=(
        "calculate with Python, and keep to the order of its signs",
        "divide with and without a rest",
        "put numbers into a text with an f-string",
        "round a number to the places that are needed",
        "write a function that returns a value",
    ),
    concepts=("arithmetic", "whole-division", "f-strings", "rounding", "functions"),
    needs=(),
    words=(
        "values",
        "arithmetic",
        "numbers",
        "variables",
        "names",
        "calculations",
        "calculating",
        "f-strings",
        "rounding",
        "first steps",
    ),
    minutes=50,
    lesson=values_lesson,
    families=(*values_and_arithmetic_exercises.FAMILIES, *whole_division_exercises.FAMILIES),
    quizzes=QUIZZES,
)
